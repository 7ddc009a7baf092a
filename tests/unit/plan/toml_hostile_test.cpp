// Texts that are made to hurt: refused in time, without a crash.
#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/json.hpp"
#include "plan/toml.hpp"
#include "plan/toml_layout.hpp"
#include "unit/growth.hpp"
#include "unit/plan/plan_files.hpp"
#include "unit/plan/random_plan.hpp"

using namespace gitplan;

namespace {

std::string repeated(std::string_view piece, std::size_t times) {
  std::string text;
  text.reserve(piece.size() * times);
  for (std::size_t i = 0; i < times; ++i) text += piece;
  return text;
}

void must_refuse(const std::string& text) {
  CAPTURE(text.substr(0, 80), text.size());
  CHECK_THROWS_AS(toml_io::parse_plan(text, "x"), Error);
  CHECK_THROWS_AS(toml_io::parse_task_file(text, "x"), Error);
  CHECK_THROWS_AS(toml_io::set_top_level(text, "version", "1"), Error);
}

}  // namespace

TEST_CASE("deep nesting is refused in every form, before toml++ sees it") {
  constexpr std::size_t levels = 120000;
  const std::string dots = repeated("a.", levels);
  const std::string quoted = repeated("\"\".", levels);
  must_refuse(dots + "a = 1");
  must_refuse("[" + dots + "a]");
  must_refuse("[[" + dots + "a]]");
  must_refuse("[" + quoted + "a]");
  must_refuse(repeated("a . ", levels) + "a = 1");
  must_refuse("x = { " + dots + "a = 1 }");
  must_refuse("x = [ { " + dots + "a = 1 } ]");
  must_refuse("x = " + repeated("[", levels));
  must_refuse("x = " + repeated("[", levels) + repeated("]", levels));
  must_refuse("x = " + repeated("{a=", levels));
  must_refuse("x = " + repeated("[{a.a.a.a=", levels));
  must_refuse("x = " + repeated("[\n{a.a.a.a=", levels));
  must_refuse("[[tasks]]\nx = '''\n''' # \"\n" + dots + "a = 1");
}

TEST_CASE("a mistake before a bomb does not let it pass") {
  const std::string bomb = repeated("a.", 150000) + "a = 1\n";
  for (const char* mistake :
       {"x = ", "x y\n", "= 1\n", "\"\"\"\n", "x = \"\n", "[x\n", "x = [\n", "x = 'a' 'b'\n",
        "x = {\n", "\r", "x = '''", "a = 1 ] \n", "\x01\n"}) {
    must_refuse(mistake + bomb);
  }
}

TEST_CASE("64 levels are fine, 65 are not") {
  const auto text = [](std::size_t levels) { return repeated("a.", levels - 1) + "a = 1"; };
  CHECK_NOTHROW(toml_io::parse_plan(text(64), "x"));
  CHECK_THROWS_WITH(toml_io::parse_plan(text(65), "x"),
                    "x: line 1, column 130: nested deeper than 64 levels");
  CHECK_NOTHROW(toml_io::parse_plan("a = " + repeated("[", 63) + repeated("]", 63), "x"));
  CHECK_THROWS_AS(toml_io::parse_plan("a = " + repeated("[", 64) + repeated("]", 64), "x"), Error);
  CHECK_THROWS_AS(toml_io::parse_plan("[" + repeated("a.", 39) + "a]\n" + text(25), "x"), Error);
  CHECK_NOTHROW(
      toml_io::parse_plan("a = '" + repeated("a.", 5000) + "' # " + repeated("b.", 5000), "x"));
}

TEST_CASE("more than 64 MiB are refused") {
  const std::string big = "# " + std::string(65U << 20U, 'x');
  CHECK_THROWS_WITH(toml_io::parse_plan(big, "x"), "x: larger than 64 MiB");
  CHECK_THROWS_WITH(json_io::parse_plan(big, "x"), "x: larger than 64 MiB");
}

TEST_CASE("duplicate keys and tables are refused") {
  for (const char* text :
       {"a = 1\na = 2", "a = 1\n\"a\" = 2", "a.b = 1\na = 2", "[a]\n[a]", "a = {b = 1, b = 2}",
        "tasks = []\n[[tasks]]", "[tasks]\n[[tasks]]", "a = 1\n\"\\u0061\" = 2"}) {
    must_refuse(text);
  }
}

TEST_CASE("the cost of refusing grows with the text, not with its square") {
  const auto refuse = [](std::size_t count) {
    must_refuse(repeated("[", count));
    must_refuse("x = " + repeated("\"\" ", count));
    must_refuse("x = '''" + repeated("''", count) + "\\");
    must_refuse(repeated("#\n", count) + "=");
    must_refuse("tasks = [" + repeated("{},", count / 3));
  };
  CHECK(gitplan::testing::growth(30000, refuse) < gitplan::testing::no_square);
}

TEST_CASE("the scanner finds quoted, dotted and odd keys where they stand") {
  const std::string text =
      "\xef\xbb\xbf \"a\\u0062\" . 'c' = 1 # x\r\n[ \"t\\\"\" ]\r\n'' = '''\n'''''\n[[x.y]]";
  toml_io::Layout layout;
  REQUIRE_FALSE(toml_io::scan(text, &layout));
  REQUIRE(layout.tables.size() == 3);
  REQUIRE(layout.pairs.size() == 2);
  CHECK(layout.start == 3);
  CHECK(layout.eol == "\r\n");
  CHECK(layout.pairs[0].name.first == "ab");
  CHECK(layout.pairs[0].name.parts == 2);
  CHECK(text.substr(layout.pairs[0].value.begin, 1) == "1");
  CHECK(layout.tables[1].name.is("t\""));
  CHECK(layout.pairs[1].name.is(""));
  CHECK(text.substr(layout.pairs[1].value.begin,
                    layout.pairs[1].value.end - layout.pairs[1].value.begin) == "'''\n'''''");
  CHECK(layout.tables[2].is_element);
  CHECK(layout.tables[2].name.parts == 2);
  CHECK(layout.tables[2].header.end == text.size());
}

TEST_CASE("damaged files are refused or read, never worse, and edits of what is read hold") {
  const std::array<std::string, 4> samples = {
      test::read_data("plan-seed.toml"), test::read_data("plan-inline.toml"),
      test::read_data("plan-crlf.toml"), test::read_data("plan-foreign.toml")};
  const std::string alphabet = std::string("\"'[]{}=.,#\\\n\r\t 01az-_:\x7f\x80\xff\xc3") + '\0';
  std::mt19937 random(64);
  const auto below = [&](std::size_t n) { return random() % n; };
  int readable = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text = samples.at(below(samples.size()));
    for (std::size_t n = 1 + below(3); n > 0; --n) {
      const std::size_t at = below(text.size());
      switch (below(4)) {
        case 0:
          text[at] = alphabet[below(alphabet.size())];
          break;
        case 1:
          text.insert(at, 1, alphabet[below(alphabet.size())]);
          break;
        case 2:
          text.erase(at, 1 + below(20));
          break;
        default:
          text.insert(at, text.substr(below(text.size()), below(40)));
      }
    }
    CAPTURE(i, text);
    std::optional<Plan> plan;
    try {
      plan = toml_io::parse_plan(text, "x").plan;
    } catch (const Error& error) {
      REQUIRE_FALSE(error.messages().empty());
      REQUIRE_FALSE(text::has_control(error.what()));
    }
    if (!plan) continue;
    ++readable;
    Plan after = *plan;
    after.version += 1;
    for (Task& task : after.tasks) task.status = Status::cancelled;
    try {
      const std::string result = toml_io::edit_plan(text, *plan, after);
      REQUIRE(toml_io::parse_plan(result, "x").plan == after);
    } catch (const Error& error) {  // a key that now is a table
      REQUIRE(error.kind() == ErrorKind::fatal);
    }
  }
  CHECK(readable > 2500);
}

TEST_CASE("short texts of every shape are read or refused") {
  const std::string alphabet = "ab.=\"'[]{},#\n \\1_+:";
  std::mt19937 random(42);
  int accepted = 0;
  for (int i = 0; i < 100000; ++i) {
    std::string text;
    for (std::size_t n = 1 + random() % 14; n > 0; --n)
      text += alphabet[random() % alphabet.size()];
    CAPTURE(text);
    try {
      toml_io::parse_plan(text, "x");
      ++accepted;
    } catch (const Error& error) {
      REQUIRE(error.kind() == ErrorKind::fatal);
    }
  }
  CHECK(accepted > 500);
}

TEST_CASE("the guard lets all of TOML pass") {
  for (const char* text : {"a = +1_000",
                           "a = 0xDEAD_beef",
                           "a = 0o755",
                           "a = 0b11",
                           "a = -0.0",
                           "a = 6.626e-34",
                           "a = 5e+22",
                           "a = -inf",
                           "a = +nan",
                           "a = true",
                           "a = 1979-05-27T07:32:00.999999-07:00",
                           "a = 1979-05-27 07:32:00Z",
                           "a = 1979-05-27t07:32:00z",
                           "a = 1979-05-27",
                           "a = 07:32:00.5",
                           "3.14159 = \"pi\"",
                           "\"\" = 1",
                           "'quoted \"value\"' = 1",
                           "\"ʎǝʞ\" = 1",
                           "a . \"b\" . 'c' = 1",
                           "-_1 = 1",
                           "a = []",
                           "a = [[1, 2], [\"a\", 'b'],]",
                           "a = [ # c\n\n1 # d\n, # e\n2\n]",
                           "a = {}",
                           "a = { b = { c.d = 1 }, e = [ {} ] }",
                           "a = { b = [\n1,\n] }",
                           "a = \"\"\"\"\"\"",
                           "a = ''''''",
                           "a = \"\"\"\n\"\" \"\"\"\"\"",
                           "a = ''''a'''''",
                           "a = \"\"\"x \\\n   y\"\"\"",
                           "a = \"\\\"\\\\\\u00e9\\U0001F600\"",
                           "a = 'C:\\'",
                           "[a]#c",
                           "[ a . 'b' ]\t# c",
                           "[[a]]\n[a.b]\n[[a]]",
                           "\t\n \r\n#\n",
                           "#",
                           "a = 1 # \u00e9",
                           "a\t=\t1\t",
                           "[a]\n[a.b]\n[x]",
                           "a.b = 1\na.c = 2"}) {
    CAPTURE(text);
    CHECK_NOTHROW(toml_io::parse_plan(text, "x"));
  }
}
