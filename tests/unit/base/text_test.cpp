#include "base/text.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "base/utf8.hpp"

namespace text = gitplan::text;

using Words = std::vector<std::string>;
using Views = std::vector<std::string_view>;

TEST_CASE("trim takes white space from both ends only") {
  CHECK(text::trim("  a b\t\r\n") == "a b");
  CHECK(text::trim("") == "");
  CHECK(text::trim(" \n\v\f ") == "");
  CHECK(text::trim("a") == "a");
}

TEST_CASE("capabilities that differ only in white space fold to the same text") {
  CHECK(text::fold_space("  User \t\n model   class ") == "User model class");
  CHECK(text::fold_space("User model class") == "User model class");
  CHECK(text::fold_space("   ") == "");
  CHECK(text::fold_space("user") != text::fold_space("User"));
}

TEST_CASE("split keeps empty pieces, and join is its inverse") {
  CHECK(text::split("", ',') == Views{""});
  CHECK(text::split("a,,b,", ',') == Views{"a", "", "b", ""});
  CHECK(text::split("abc", ',') == Views{"abc"});
  std::mt19937 random(1);
  for (int round = 0; round < 200; ++round) {
    std::string line;
    for (auto left = random() % 20; left > 0; --left) line += "ab,"[random() % 3];
    Words pieces;
    for (auto piece : text::split(line, ',')) pieces.emplace_back(piece);
    CHECK(text::join(pieces, ",") == line);
  }
}

TEST_CASE("well-formed UTF-8 is told from what only looks like it") {
  CHECK(text::is_utf8("plain, ä, €, 中, 😀"));
  CHECK(text::is_utf8(""));
  CHECK_FALSE(text::is_utf8("\xff"));
  CHECK_FALSE(text::is_utf8("cut short \xe2\x82"));
  CHECK_FALSE(text::is_utf8("\xc0\xaf"));          // overlong '/'
  CHECK_FALSE(text::is_utf8("\xe0\x80\xaf"));      // overlong '/'
  CHECK_FALSE(text::is_utf8("\xed\xa0\x80"));      // surrogate
  CHECK_FALSE(text::is_utf8("\xf4\x90\x80\x80"));  // above U+10FFFF
  CHECK_FALSE(text::is_utf8("\x80"));
}

TEST_CASE("a character that is appended is the one that is decoded") {
  for (const char32_t c : {U'a', U'\u007F', U'\u0080', U'\u07FF', U'\u0800', U'\uFFFD',
                           U'\U00010000', U'\U0010FFFF'}) {
    std::string one = "x";
    text::append(one, c);
    const text::Character character = text::decode(one, 1);
    CHECK(character.valid);
    CHECK(character.code_point == c);
    CHECK(character.bytes == one.size() - 1);
  }
}

TEST_CASE("control characters are found, C1 ones too") {
  CHECK(text::has_control("a\nb"));
  CHECK(text::has_control(std::string_view("\0", 1)));
  CHECK(text::has_control("\x7f"));
  CHECK(text::has_control("\xc2\x85"));
  CHECK_FALSE(text::has_control("User model: ä 中 😀"));
}

TEST_CASE("printable shows what a terminal would obey") {
  CHECK(text::printable("plain ä 中 😀") == "plain ä 中 😀");
  CHECK(text::printable("a\x1b[31mb") == "a\\x1b[31mb");
  CHECK(text::printable("a\nb\tc\r") == "a\\nb\\tc\\r");
  CHECK(text::printable("a\nb\tc\r", text::Lines::keep) == "a\nb\tc\\r");
  CHECK(text::printable("\x7f\xc2\x9b") == "\\x7f\\u009b");
  CHECK(text::printable("abc\u202ecba\u2066") == "abc\\u202ecba\\u2066");
  CHECK(text::printable("hidden\U000E0041") == "hidden\\U000e0041");
  CHECK(text::printable("\xff\xc3") == "\\xff\\xc3");
  CHECK(text::printable(std::string_view("\0", 1)) == "\\x00");
}

TEST_CASE("whatever the bytes, printable text is UTF-8 without control characters") {
  std::mt19937 random(2);
  for (int round = 0; round < 500; ++round) {
    std::string bytes;
    for (auto left = random() % 30; left > 0; --left) bytes += static_cast<char>(random() % 256);
    const std::string shown = text::printable(bytes);
    CHECK(text::is_utf8(shown));
    CHECK_FALSE(text::has_control(shown));
  }
}

TEST_CASE("width counts columns, not bytes") {
  CHECK(text::width("") == 0);
  CHECK(text::width("abc") == 3);
  CHECK(text::width("äöü") == 3);
  CHECK(text::width("e\u0301") == 1);
  CHECK(text::width("中文") == 4);
  CHECK(text::width("한") == 2);
  CHECK(text::width("😀") == 2);
  CHECK(text::width("…") == 1);
  CHECK(text::width("\xff") == 1);
}

TEST_CASE("cut keeps what fits and says that it cut") {
  CHECK(text::cut("abcdef", 6) == "abcdef");
  CHECK(text::cut("abcdef", 5) == "abcd…");
  CHECK(text::cut("abcdef", 1) == "…");
  CHECK(text::cut("abcdef", 0) == "");
  CHECK(text::cut("abcdef", -3) == "");
  CHECK(text::cut("中文字", 4) == "中…");
  CHECK(text::cut("中文字", 5) == "中文…");
  CHECK(text::cut("", 0) == "");
}

TEST_CASE("a cut text takes no more columns than it may") {
  const Words pieces = {"a", "ä", "中", "😀", "e\u0301", " "};
  std::mt19937 random(3);
  for (int round = 0; round < 500; ++round) {
    std::string line;
    for (auto left = random() % 12; left > 0; --left) line += pieces[random() % pieces.size()];
    const int columns = static_cast<int>(random() % 15);
    const std::string cut = text::cut(line, columns);
    CHECK(text::width(cut) <= columns);
    CHECK(text::is_utf8(cut));
    CHECK((cut == line) == (text::width(line) <= columns));
  }
}

TEST_CASE("edit distance counts insertions, deletions, replacements and swaps") {
  CHECK(text::edit_distance("", "") == 0);
  CHECK(text::edit_distance("", "abc") == 3);
  CHECK(text::edit_distance("status", "status") == 0);
  CHECK(text::edit_distance("statsu", "status") == 1);
  CHECK(text::edit_distance("kitten", "sitting") == 3);
  CHECK(text::edit_distance("für", "fur") == 1);
  CHECK(text::edit_distance("\xe4", "ä") == 1);
}

TEST_CASE("edit distance is symmetric, and 0 only for equal words") {
  std::mt19937 random(4);
  const auto word = [&random] {
    std::string made;
    for (auto left = random() % 6; left > 0; --left) made += "abc"[random() % 3];
    return made;
  };
  for (int round = 0; round < 1000; ++round) {
    const std::string a = word();
    const std::string b = word();
    const int edits = text::edit_distance(a, b);
    CHECK(edits == text::edit_distance(b, a));
    CHECK((edits == 0) == (a == b));
    CHECK(edits <= static_cast<int>(std::max(a.size(), b.size())));
  }
}

TEST_CASE("a typing error is suggested its word, nonsense is not") {
  const Words verbs = {"create", "list", "show", "start", "status", "finish"};
  CHECK(text::did_you_mean("statsu", verbs) == "status");
  CHECK(text::did_you_mean("lsit", verbs) == "list");
  CHECK(text::did_you_mean("CREATE", verbs) == "create");
  CHECK(text::did_you_mean("frobnicate", verbs) == std::nullopt);
  CHECK(text::did_you_mean("", verbs) == std::nullopt);
  CHECK(text::did_you_mean("x", verbs) == std::nullopt);
  CHECK(text::did_you_mean("stat", {}) == std::nullopt);
  CHECK(text::did_you_mean(std::string(100'000, 'x'), verbs) == std::nullopt);
}

TEST_CASE("among equally near words, the same case wins, then the first") {
  CHECK(text::did_you_mean("lisp", Words{"LIST", "list"}) == "list");
  CHECK(text::did_you_mean("lisp", Words{"lisa", "list"}) == "lisa");
}

TEST_CASE("counts are said in the singular for one thing only") {
  CHECK(text::count(0, "task", "tasks") == "0 tasks");
  CHECK(text::count(1, "task", "tasks") == "1 task");
  CHECK(text::count(2, "task", "tasks") == "2 tasks");
}

TEST_CASE("a shell reads a quoted word as the word") {
  CHECK(text::shell_quote("task/001-user-model") == "task/001-user-model");
  CHECK(text::shell_quote("") == "''");
  CHECK(text::shell_quote("two words") == "'two words'");
  CHECK(text::shell_quote("it's") == "'it'\\''s'");
  CHECK(text::shell_quote("$(x)") == "'$(x)'");
  CHECK(text::shell_quote("~") == "'~'");
  CHECK(text::shell_quote("\x1b[31mred\n") == "$'\\033[31mred\\012'");
  CHECK(text::shell_quote("it's\\\a") == "$'it\\047s\\134\\007'");
  CHECK(text::shell_quote("\xe2\x80\xae") == "$'\\342\\200\\256'");
  CHECK(text::shell_quote("\xff") == "$'\\377'");
  CHECK(text::shell_quote("gr\xc3\xbcn") == "'gr\xc3\xbcn'");
  CHECK(text::shell_quote("a\\'b") == "'a'\\\\\\''b'");
  CHECK(text::shell_quote("=ls") == "'=ls'");
  CHECK(text::shell_quote("%self") == "'%self'");
}
