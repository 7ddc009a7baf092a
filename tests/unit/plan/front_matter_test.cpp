#include "plan/exchange/front_matter.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <ctime>

#include "base/error.hpp"

namespace gitplan::exchange {
namespace {

using Words = std::vector<std::string>;

FrontMatter matter(const std::string& yaml) {
  return parse_front_matter("---\n" + yaml + "\n---\nbody\n", "x");
}

TEST_CASE("front matter is read as YAML has it") {
  CHECK(matter("a: b # c").text("a") == "b");
  CHECK(matter("a: b#c").text("a") == "b#c");
  CHECK(matter("a: 'it''s'").text("a") == "it's");
  CHECK(matter("a: \"x\\n\\u00e9\\U0001F600\"").text("a") == "x\né😀");
  CHECK(matter("a: >-\n  one\n  two\n\n  three").text("a") == "one two\nthree");
  CHECK(matter("a: |\n  one\n   two\n").text("a") == "one\n two\n");
  CHECK(matter("a: one\n  two").text("a") == "one two");
  CHECK(matter("a: \"one\n  two\"").text("a") == "one two");
  CHECK(matter("a: [x, 'y, z', \"w\"]").list("a") == std::vector<std::string>{"x", "y, z", "w"});
  CHECK(matter("a:\n- x\n- 'y: z'\nb: c").list("a") == std::vector<std::string>{"x", "y: z"});
  CHECK(matter("a:\n  - >-\n    long\n    item\n  - z").list("a") ==
        std::vector<std::string>{"long item", "z"});
  CHECK(matter("a: [x,\n  y]").list("a") == std::vector<std::string>{"x", "y"});
  CHECK(matter("a: []").list("a").empty());
  CHECK(matter("a: ~\nb: null\nc:").list("b").empty());
  CHECK_FALSE(matter("a: ~").text("a"));
  CHECK(matter("a: x").body == "body\n");
}

TEST_CASE("comments stand anywhere in front matter") {
  const Words ab = {"a", "b"};
  CHECK(matter("l: [a, # first\n  b]").list("l") == ab);
  CHECK(matter("l: [ # none yet\n  # nor here\n  a\n  , b # last\n  ] # done\nm: x").list("l") ==
        ab);
  CHECK(matter("l: # what follows\n  # first\n  - a # one\n\n  # second\n  - b\n# end").list("l") ==
        ab);
  CHECK(matter("a: >- # folded\n  one\n  # two\n").text("a") == "one # two");
  CHECK(matter("a: 'x' # y").text("a") == "x");
  CHECK(matter("a: \"x # y\"").text("a") == "x # y");
  CHECK(matter("a: b\t# c").text("a") == "b");
  CHECK(matter("# c\n\na: b").text("a") == "b");
}

TEST_CASE("lists are read however they are laid out") {
  const Words ab = {"a", "b"};
  for (const char* list :
       {"[a, b]", "[a,b]", "[ a , b , ]", "[\n  a,\n  b\n  ]", "['a', \"b\"]", "[[a], [b]]",
        "[a, ~, null, b]", "\n- a\n- b", "\n  - a\n  - b", "\n  - 'a'\n  -   \"b\"",
        "\n  -\n    a\n  - b", "\n  - [a, b]", "\n- |-\n  a\n- >-\n  b", "!!seq [a, !!str b]",
        "\n\n\n  - a\n\n  - b\n"}) {
    CAPTURE(list);
    const FrontMatter got = matter(std::string("l: ") + list + "\nz: end");
    CHECK(got.list("l") == ab);
    CHECK(got.text("z") == "end");
  }
  CHECK(matter("l:\n  - |\n  - z").list("l") == Words{"z"});
  CHECK(matter("l: [a b, c\n  d]").list("l") == Words{"a b", "c d"});
  CHECK(matter("l: [{a: [1, '}']}, x]").list("l") == Words{"{a: [1, '}']}", "x"});
  CHECK(matter("l:\n  - url: x\n    title: y\n  - z").list("l") == Words{"url: x title: y", "z"});
  CHECK(matter("l: &ref_0 []\nm: *ref_0\nn: &x [a]\no: *x").list("o") == Words{"a"});
}

TEST_CASE("maps inside front matter are passed over") {
  for (const char* map : {"\n  deep: map\n  - no: list\n\n  # c\n  more: x", "{a: b}",
                          "{a: [b,\n  c], 'd': \"}\"}", "\n  a:\n    b: c"}) {
    CAPTURE(map);
    const FrontMatter got = matter(std::string("m: ") + map + "\nz: end");
    CHECK(got.find("m")->is_map);
    CHECK(got.text("z") == "end");
  }
}

TEST_CASE("scalars are read as YAML has them") {
  CHECK(matter("a: one\n\n  two\n  three").text("a") == "one\ntwo three");
  CHECK(matter("a:\n  one\n  two").text("a") == "one two");
  CHECK(matter("a:\n  \"one: two\"").text("a") == "one: two");
  CHECK(matter("a: \"one\n\n  two \\\n  three\"").text("a") == "one\ntwo three");
  CHECK(matter("a: 'one  \n   two'").text("a") == "one two");
  CHECK(matter("a: \"\\x41\\e\\ud83d\\ude00\\_\\ \"").text("a") == "A\x1b😀\u00a0 ");
  CHECK(matter("a: |+\n  x\n\n\nb: y").text("a") == "x\n\n\n");
  CHECK(matter("a: |2-\n    x\n  y").text("a") == "  x\ny");
  CHECK(matter("a: |-\n  ---\n  x").text("a") == "---\nx");
  CHECK(matter("a: >\n  one\n    two\n  three\n  four\n").text("a") == "one\n  two\nthree four\n");
  CHECK(matter("a : b\nc:\td\ne:f: g\n'h: i': j").text("h: i") == "j");
  CHECK(matter("a : b\nc:\td\ne:f: g").text("e:f") == "g");
  CHECK(matter("id: 1.10\nb: !!str 5").text("id") == "1.10");
  CHECK(matter("a: x #").text("a") == "x");
}

TEST_CASE("no front matter is read for ever, or grows without bounds") {
  const std::string pieces = "[]{}#,:-'\"|>&*!\\\n a\t";
  unsigned state = 1;
  for (int i = 0; i < 20000; ++i) {
    std::string yaml;
    for (int n = 0; n < 12; ++n) {
      state = state * 1103515245U + 12345U;
      yaml += pieces[(state >> 16U) % pieces.size()];
    }
    try {
      matter("a: " + yaml);
      matter("a:\n  - " + yaml);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::fatal);
    }
  }
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 12; ++i) {
    const std::string one = "*a" + std::to_string(i - 1);
    bomb += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + one;
    for (int n = 1; n < 8; ++n) bomb += ", " + one;
    bomb += "]\n";
  }
  CHECK_THROWS_WITH(matter(bomb), Catch::EndsWith("its aliases say more than 64 KiB"));
  CHECK_THROWS_WITH(matter("a: " + std::string(100000, '[')),
                    Catch::EndsWith("nested deeper than 64 levels"));
  std::string lines = "a: [";
  for (int i = 0; i < 100000; ++i) lines += "x, # c\n ";
  CHECK(matter(lines + "]").list("a").size() == 100000);
}

TEST_CASE("front matter that is none is refused with its line") {
  const auto problem = [](const std::string& yaml) {
    try {
      matter(yaml);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  CHECK(problem("a: [ #") == "x: line 2: a quote or a bracket is not closed");
  CHECK(problem("b: c\na: [x,\n y\nz: 1") == "x: line 3: a quote or a bracket is not closed");
  CHECK(problem("a: [x] y") == "x: line 2: something stands behind the value");
  CHECK(problem("a: ['x' y]") == "x: line 2: no ',' between two entries of a list");
  CHECK(problem("a: *b") == "x: line 2: an alias of what is not there");
  CHECK(problem("a: b\n<<<<<<< HEAD\nc: d\n=======\n") ==
        "x: line 3: a conflict of git's that is not settled");
  for (const std::string bad :
       {"a: 'open", "a: [x", "nonsense", "a: b\na: c", "a: \"\\q\"", "a: 'x' y", " indented: x"}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(matter(bad), Error);
  }
  CHECK_THROWS_AS(parse_front_matter("", "x"), Error);
  CHECK_THROWS_AS(parse_front_matter("# x\n", "x"), Error);
}

/// Of this process, in seconds, at best.
double time_to_read(int keys) {
  std::string yaml;
  for (int key = 0; key < keys; ++key) yaml += "k" + std::to_string(key) + ": 1\n";
  double best = 1e9;
  for (int turn = 0; turn < 3; ++turn) {
    const std::clock_t begin = std::clock();
    CHECK(matter(yaml).keys.size() == static_cast<std::size_t>(keys));
    best = std::min(best, static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
  }
  return best;
}

TEST_CASE("many keys take as long as they are many") {
  CHECK(time_to_read(40'000) < 12 * time_to_read(5'000) + 0.02);
}

}  // namespace
}  // namespace gitplan::exchange
