#include "chaos/damage.hpp"

#include <catch2/catch.hpp>
#include <set>

namespace chaos {
namespace {

TEST_CASE("each damage leaves another content") {
  const std::string content = "abc";
  const auto damages = all_damages("file", content.size());
  CHECK(damages.size() == 9);
  std::set<std::string> left;
  for (const Damage& each : damages) left.insert(damaged(content, each));
  CHECK(left.size() == damages.size());
  CHECK_FALSE(left.contains(content));
}

TEST_CASE("damages are told by offset and file") {
  CHECK(damaged("abc", {"f", Damage::Kind::cut, 1}) == "a");
  CHECK(damaged("abc", {"f", Damage::Kind::lengthened, 1}) == "abbc");
  CHECK(in_words({"f", Damage::Kind::cut, 1}) == "byte 1 of f cut off");
}

}  // namespace
}  // namespace chaos
