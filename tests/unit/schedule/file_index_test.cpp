#include "schedule/file_index.hpp"

#include <catch2/catch.hpp>

#include "schedule/overlap.hpp"
#include "unit/schedule/entries.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

TEST_CASE("the index finds what comparing all pairs finds") {
  const Names components = {"a",   "b", "a.c", "b.c", "[id]", "*",
                            "*.c", "?", "**",  ".",   "..",   "[a]*"};
  Random random(23);
  std::size_t found = 0;
  for (int round = 0; round < 1500; ++round) {
    std::vector<Names> owned(random.below(8));
    GlobWork work;
    FileIndex index(work, Uncompared::overlapping);
    for (std::uint32_t owner = 0; owner < owned.size(); ++owner) {
      for (std::size_t left = random.below(3); left > 0; --left) {
        owned[owner].push_back(random_entry(random, components, 4));
      }
      index.add(owner, owned[owner]);
    }
    const Names wanted = {random_entry(random, components, 4), random_entry(random, components, 4)};
    std::vector<std::uint32_t> expected;
    for (std::uint32_t owner = 0; owner < owned.size(); ++owner) {
      bool meets = false;
      for (const std::string& a : wanted) {
        for (const std::string& b : owned[owner]) meets = meets || paths_overlap(a, b);
      }
      if (meets) expected.push_back(owner);
    }
    const auto first = index.first_overlap(wanted);
    INFO(wanted[0] << " and " << wanted[1]);
    REQUIRE(index.overlaps(wanted, 100) == expected);
    REQUIRE(first.has_value() == !expected.empty());
    if (first) REQUIRE(*first == expected.front());
    REQUIRE(index.overlaps(wanted, 1).size() == std::min<std::size_t>(expected.size(), 1));
    found += expected.size();
  }
  CHECK(found > 1000);
}
