#include "commands/plan/edit_text.hpp"

#include <catch2/catch.hpp>

namespace gitplan::commands {
namespace {

const git::Oid base = *git::Oid::parse("0123456789012345678901234567890123456789");

TEST_CASE("what the editor leaves alone comes back as it was") {
  for (const std::string text : {"a = 1\n", "", "# ours\n\n[[tasks]]\r\n",
                                 "s = '''\n# ------------------------ >8 ---\n'''\n"}) {
    const std::vector<std::string> errors = {"line 3: wrong", "line 9: too"};
    CHECK(take_text(present_text(text, {}, "heading", base)).text == text);
    CHECK(take_text(present_text(text, errors, "heading", base)).text == text);
    CHECK(take_text(present_text(text, errors, "heading", base)).base == base);
  }
}

TEST_CASE("a text that holds our own line of scissors keeps it") {
  const std::string once = present_text("a = 1\n", {}, "heading", base);
  CHECK(take_text(present_text(once, {}, "again", base)).text == once);
}

TEST_CASE("what is written below our own lines belongs to the text") {
  const std::string shown = present_text("a = 1\n", {}, "heading", base);
  CHECK(take_text(shown + "# more\nb = 2").text == "a = 1\n# more\nb = 2");
  CHECK(take_text(shown + "b = 2\n").base == base);
  std::string among = shown;
  among.insert(among.find("# heading"), "b = 2\n");
  CHECK(take_text(among).text == "a = 1\nb = 2\n");
  CHECK(take_text(shown.substr(0, shown.find("# base")) + "b = 2\n").text == "a = 1\nb = 2\n");
}

TEST_CASE("a text from elsewhere is taken whole") {
  const auto edited = take_text("#! mine\na = 1\n");
  CHECK(edited.text == "#! mine\na = 1\n");
  CHECK_FALSE(edited.base);
}

TEST_CASE("the text begins as many lines below as lines_above says") {
  for (std::size_t n = 0; n < 4; ++n) {
    const std::vector<std::string> errors(n, "wrong");
    const std::string content = present_text("first\n", errors, "heading", base);
    const auto at = content.find("first");
    CHECK(static_cast<std::size_t>(std::count(
              content.begin(), content.begin() + static_cast<std::ptrdiff_t>(at), '\n')) ==
          lines_above(n));
  }
}

TEST_CASE("conflict markers are found by line") {
  CHECK(conflict_marker("a\n<<<<<<< your text\nb\n=======\nc\n>>>>>>> v4\n") == 2);
  CHECK(conflict_marker("a\nb\n>>>>>>> v4\n") == 3);
  CHECK_FALSE(conflict_marker("a = '<<<<<<< x'\n"));
}

}  // namespace
}  // namespace gitplan::commands
