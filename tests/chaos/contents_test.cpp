#include "chaos/contents.hpp"

#include <catch2/catch.hpp>

namespace chaos {
namespace {

Marks marks_in(std::string_view text) {
  Marks found;
  find_marks(text, found);
  return found;
}

TEST_CASE("marks are found wherever they stand in a text") {
  CHECK(marks_in("") == Marks{});
  CHECK(marks_in(mark_text(1)) == Marks{1});
  CHECK(marks_in("<<<<<<< HEAD\n" + mark_text(2) + "\n=======\n" + mark_text(31) + mark_text(4)) ==
        Marks{2, 4, 31});
  CHECK(marks_in("[mark [mark 5] [mark 6 [mark x] [mark ") == Marks{5});
}

TEST_CASE("lost is what was there and is no more") {
  CHECK(lost({1, 2, 3}, {2, 3, 4}) == Marks{1});
  CHECK(lost({}, {1}).empty());
}

}  // namespace
}  // namespace chaos
