#include "supervisor/line_reader.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "supervisor/process_runner.hpp"

namespace gitplan::supervisor {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::vector<std::string>& pieces) {
  Lines lines;
  LineReader reader([&](std::string_view line) { lines.emplace_back(line); });
  for (const std::string& piece : pieces) reader.add(piece);
  reader.end();
  return lines;
}

TEST_CASE("lines come out whole, however they come in") {
  const std::string text = "one\n\ntwo and more\nlast";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    CAPTURE(cut);
    CHECK(lines_of({text.substr(0, cut), text.substr(cut)}) ==
          Lines{"one", "", "two and more", "last"});
  }
  CHECK(lines_of({"a\n"}) == Lines{"a"});
  CHECK(lines_of({""}).empty());
}

TEST_CASE("a line is handed on when its newline arrives, not before") {
  int lines = 0;
  LineReader reader([&](std::string_view) { ++lines; });
  reader.add("half");
  CHECK(lines == 0);
  reader.add(" and half\nnext");
  CHECK(lines == 1);
}

TEST_CASE("of lines that are too long nothing is heard, and what follows is not hurt") {
  const std::string longest(longest_line, 'x');
  CHECK(lines_of({longest + "\nb\n"}) == Lines{longest, "b"});
  CHECK(lines_of({longest + "x\nb\n"}) == Lines{"b"});
  CHECK(lines_of({longest, longest, "x", "\nb"}) == Lines{"b"});
  CHECK(lines_of({longest, longest}).empty());
}

}  // namespace
}  // namespace gitplan::supervisor
