#include "cli/arguments.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"

namespace gitplan::cli {
namespace {

int do_nothing(Invocation&) { return 0; }

const std::vector<Verb>& verbs() {
  static const std::vector<Verb> all{
      {"make",
       "make it",
       "[<word>...]",
       0,
       3,
       {{'m', "message", Takes::value, "<text>", ""},
        {'j', "", Takes::value, "<N>", ""},
        {0, "needs", Takes::list, "<cap>", ""},
        {0, "after", Takes::id_list, "<id>", ""},
        {'f', "force", Takes::nothing, "", ""}},
       do_nothing},
      {"run", "run it", "", 0, 0, {}, do_nothing, true},
      {"log", "list it", "", 0, 0, {{'n', "max-count", Takes::number, "<N>", ""}}, do_nothing},
      {"worker add", "add one", "<N>", 1, 1, {}, do_nothing},
  };
  return all;
}

const Program& program() {
  static const Program one{"git-test", "for tests", verbs()};
  return one;
}

Arguments parse(const std::vector<std::string>& words) {
  return parse_arguments(program(), verbs()[0], words);
}

TEST_CASE("a value stands after '=', after a space, or right after the letter") {
  CHECK(parse({"--message=a b"}).value("message") == "a b");
  CHECK(parse({"--message", "a"}).value("message") == "a");
  CHECK(parse({"-m", "a"}).value("message") == "a");
  CHECK(parse({"-j3"}).value("j") == "3");
  CHECK(parse({"-fj", "3"}).value("j") == "3");
  CHECK(parse({"-fj3"}).has("force"));
}

TEST_CASE("a number after a dash is that of the option that takes one") {
  const auto most = [](const std::vector<std::string>& words) {
    return parse_arguments(program(), verbs()[2], words).value("max-count");
  };
  CHECK(most({"-12"}) == "12");
  CHECK(most({"-n", "3", "-1"}) == "1");
  CHECK(most({"-n3"}) == "3");
  CHECK_THROWS_AS(most({"-1x"}), Error);
  CHECK_THROWS_AS(parse({"-1"}), Error);
}

TEST_CASE("an empty value is a value, and swallows nothing") {
  const auto arguments = parse({"--message=", "001"});
  CHECK(arguments.value("message") == "");
  CHECK(arguments.words == std::vector<std::string>{"001"});
}

TEST_CASE("a value may start with a dash") {
  CHECK(parse({"-m", "-x"}).value("message") == "-x");
  CHECK(parse({"--message", "--force"}).value("message") == "--force");
  CHECK_FALSE(parse({"--message", "--force"}).has("force"));
}

TEST_CASE("an option with an optional value takes it only after '='") {
  const auto arguments = parse({"--color", "001"});
  CHECK(arguments.value("color") == "");
  CHECK(arguments.words == std::vector<std::string>{"001"});
  CHECK(parse({"--color=never"}).value("color") == "never");
}

TEST_CASE("lists repeat; only ids are split at commas") {
  const auto arguments = parse({"--needs=a, b", "--needs", "c", "--after=1,2", "--after=3"});
  CHECK(arguments.list("needs") == std::vector<std::string>{"a, b", "c"});
  CHECK(arguments.list("after") == std::vector<std::string>{"1", "2", "3"});
}

TEST_CASE("after -- all are words, and a lone dash is one") {
  const auto arguments = parse({"-", "--", "--force", "-m"});
  CHECK(arguments.words == std::vector<std::string>{"-", "--force", "-m"});
  CHECK_FALSE(arguments.has("force"));
}

TEST_CASE("a verb that takes a command keeps it apart") {
  const auto arguments =
      parse_arguments(program(), verbs()[1], {"--quiet", "--", "cmd", "--json", "{task}"});
  CHECK(arguments.command == std::vector<std::string>{"cmd", "--json", "{task}"});
  CHECK_FALSE(arguments.has("json"));
}

TEST_CASE("wrong usage is an error that says so") {
  CHECK_THROWS_WITH(parse({"--mesage=x"}), Catch::Contains("did you mean '--message'"));
  CHECK_THROWS_WITH(parse({"-x"}), Catch::Contains("unknown option '-x'"));
  CHECK_THROWS_WITH(parse({"--message"}), Catch::Contains("needs a value"));
  CHECK_THROWS_WITH(parse({"--force=yes"}), Catch::Contains("takes no value"));
  CHECK_THROWS_WITH(parse({"a", "b", "c", "d"}), Catch::Contains("'d' is one word too many"));
}

TEST_CASE("common options may stand before the verb") {
  const Chosen chosen = choose_verb(program(), {"--json", "--plan", "make", "make", "x"});
  REQUIRE(chosen.verb != nullptr);
  CHECK(chosen.verb->name == "make");
  CHECK(chosen.rest == std::vector<std::string>{"--json", "--plan", "make", "x"});
}

TEST_CASE("a verb of two words is found, and a wrong one named") {
  CHECK(choose_verb(program(), {"worker", "add", "1"}).verb->name == "worker add");
  CHECK_THROWS_WITH(choose_verb(program(), {"worker", "ad"}),
                    Catch::Contains("did you mean 'worker add'"));
  CHECK_THROWS_WITH(choose_verb(program(), {"mkae"}), Catch::Contains("did you mean 'make'"));
  CHECK_THROWS_AS(choose_verb(program(), {}), Error);
}

}  // namespace
}  // namespace gitplan::cli
