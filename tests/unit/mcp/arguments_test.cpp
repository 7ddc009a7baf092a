#include "mcp/arguments.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace gitplan::mcp {
namespace {

using Texts = std::vector<std::string>;

const Tool& tool() {
  static const Tool tool{"try",
                         "Try",
                         "For tests",
                         {},
                         {{"word", Type::text, Needed::no, "A text", R"("a")", {}},
                          {"words", Type::texts, Needed::no, "Texts", R"(["a"])", {}},
                          {"id", Type::id, Needed::no, "An id", R"("001")", {}},
                          {"ids", Type::ids, Needed::no, "Ids", R"(["001"])", {}},
                          {"flag", Type::flag, Needed::no, "A flag", "true", {}},
                          {"count", Type::count, Needed::no, "A count", "3", {}},
                          {"tasks", Type::tasks, Needed::no, "Tasks", "[]", {}},
                          {"draft", Type::draft, Needed::no, "A draft", "{}", {}}},
                         nullptr};
  return tool;
}

Arguments arguments(const std::string& json) { return {tool(), Input::parse(json)}; }

std::string problem_of(const std::string& json) {
  try {
    arguments(json);
  } catch (const BadParameters& bad) {
    return bad.message;
  }
  return "";
}

TEST_CASE("arguments come as their schema says") {
  const Arguments given = arguments(
      R"({"word": "w", "words": ["a", "b"], "id": "001", "ids": ["1", "2"], "flag": true, "count": 3})");
  CHECK(given.text("word") == "w");
  CHECK(given.list("words") == Texts{"a", "b"});
  CHECK(given.text("id") == "001");
  CHECK(given.list("ids") == Texts{"1", "2"});
  CHECK(given.flag("flag"));
  CHECK(given.count("count") == 3U);
}

TEST_CASE("what is left out, or null, is not given") {
  const Arguments given = arguments(R"({"word": null, "words": null})");
  CHECK_FALSE(given.has("word"));
  CHECK_FALSE(given.text("word"));
  CHECK(given.list("words").empty());
  CHECK_FALSE(given.optional_list("words"));
  CHECK_FALSE(given.flag("flag"));
  CHECK_FALSE(given.count("count"));
}

TEST_CASE("an empty text is not given where none is needed") {
  const Arguments given =
      arguments(R"({"word": "", "words": "", "id": "", "count": "", "tasks": "", "draft": ""})");
  for (const auto* name : {"word", "words", "id", "count", "tasks", "draft"}) {
    CAPTURE(name);
    CHECK_FALSE(given.has(name));
  }
  CHECK(arguments(R"({"words": ["", "a"]})").list("words") == Texts{"", "a"});
}

TEST_CASE("an empty list is given") {
  CHECK(arguments(R"({"words": []})").optional_list("words") == Texts{});
}

TEST_CASE("what is meant is taken for what is said") {
  CHECK(arguments(R"({"id": 1})").text("id") == "1");
  CHECK(arguments(R"({"id": 1.0})").text("id") == "1");
  CHECK(arguments(R"({"count": 2e1})").count("count") == 20U);
  CHECK(arguments(R"({"ids": [1, "002, 3"]})").list("ids") == Texts{"1", "002", "3"});
  CHECK(arguments(R"({"ids": "001,002"})").list("ids") == Texts{"001", "002"});
  CHECK(arguments(R"({"ids": 7})").list("ids") == Texts{"7"});
  CHECK(arguments(R"({"ids": ""})").list("ids").empty());
  CHECK(arguments(R"({"words": "User model, v2"})").list("words") == Texts{"User model, v2"});
  CHECK(arguments(R"({"words": "[\"a\", \"b\"]"})").list("words") == Texts{"a", "b"});
  CHECK(arguments(R"({"words": "[not json"})").list("words") == Texts{"[not json"});
  CHECK(arguments(R"({"word": ["a", "b"]})").text("word") == "a\nb");
  CHECK(arguments(R"({"flag": "false"})").flag("flag") == false);
  CHECK(arguments(R"({"count": "12"})").count("count") == 12U);
  CHECK(arguments(R"({"tasks": "[{\"id\": \"1\"}]"})").json("tasks") == R"([{"id":"1"}])");
  CHECK(arguments(R"({"draft": "{\"tasks\": []}"})").json("draft") == R"({"tasks":[]})");
}

TEST_CASE("what breaks its schema is refused by name, with an example") {
  CHECK(problem_of(R"({"word": 5})") ==
        R"(try: 'word' is number: a text is wanted, for example: "a")");
  CHECK(problem_of(R"({"ids": ["001", 2, {}]})") ==
        R"(try: 'ids' has object as item 3: a list of texts or whole numbers is wanted, )"
        R"(for example: ["001"])");
  CHECK(problem_of(R"({"draft": [1]})").starts_with("try: 'draft' is array: an object with "));
  for (const auto* bad :
       {R"({"word": {}})", R"({"words": 5})", R"({"words": ["a", 5]})", R"({"words": "[1]"})",
        R"({"id": 1.5})", R"({"id": ["1"]})", R"({"ids": [true]})", R"({"flag": 1})",
        R"({"flag": "yes"})", R"({"count": 0})", R"({"count": -1})", R"({"count": "many"})",
        R"({"count": 99999999999999999999})", R"({"tasks": "none"})", R"({"tasks": [1]})",
        R"({"draft": []})", R"({"draft": "x"})"}) {
    CAPTURE(bad);
    CHECK(problem_of(bad) != "");
  }
}

TEST_CASE("a text of JSON that nests too deep is no list") {
  const Input deep{{"tasks", std::string(100'000, '[')}};
  CHECK_THROWS_AS(Arguments(tool(), deep), BadParameters);
}

TEST_CASE("parameters that a tool does not have are refused") {
  CHECK(problem_of(R"({"wrod": "x", "count": 1})") ==
        "try: no parameter 'wrod'; did you mean 'word'?");
  CHECK(problem_of(R"({"branch": null})") ==
        "try: no parameter 'branch'; there are word, words, id, ids, flag, count, tasks, draft");
  CHECK(problem_of(R"({"Word": "x"})") != "");
  CHECK(problem_of(R"({"tasks": [{"anything": 1}], "draft": {"more": 2}})") == "");
}

}  // namespace
}  // namespace gitplan::mcp
