#include "landing/prefix_search.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <random>

using namespace gitplan::landing;

namespace {

using Probes = std::vector<int>;

/// Rounds in which `jobs` verifications run side by side, until the first bad one of `waiting`, all
/// of which together are known to be red, is pinned.
int rounds_to_pin(int first_bad, int waiting, int jobs) {
  Search search{0, waiting, waiting, {}};
  int rounds = 0;
  for (; *search.red - search.green > 1; ++rounds) {
    for (const int probe : next_probes(search, {jobs, 0, 0}, jobs)) {
      if (probe < first_bad) {
        search.green = std::max(search.green, probe);
      } else {
        search.red = std::min(*search.red, probe);
      }
    }
  }
  REQUIRE(*search.red == first_bad);
  return rounds;
}

/// The least k with base^k >= n.
int log_rounded_up(int n, int base) {
  int rounds = 0;
  for (int reach = 1; reach < n; reach *= base) ++rounds;
  return rounds;
}

}  // namespace

TEST_CASE("the first bad task of a red prefix is pinned in a logarithm of rounds") {
  for (const int jobs : {1, 2, 3, 4, 7}) {
    for (int waiting = 1; waiting <= 80; ++waiting) {
      for (int bad = 1; bad <= waiting; ++bad)
        REQUIRE(rounds_to_pin(bad, waiting, jobs) <= log_rounded_up(waiting, jobs + 1));
    }
  }
}

TEST_CASE("a batch is as long as would be green half the time; all, where none was red") {
  CHECK(likely_length(100, {1, 0, 0}) == 100);
  CHECK(likely_length(100, {1, 0, 0.01}) == 69);
  CHECK(likely_length(100, {1, 0, 0.1}) == 7);
  CHECK(likely_length(100, {1, 0, 0.25}) == 2);
  CHECK(likely_length(100, {1, 0, 0.5}) == 1);
  CHECK(likely_length(100, {1, 0, 0.99}) == 1);
  CHECK(likely_length(3, {1, 0, 0.1}) == 3);
}

TEST_CASE("several jobs cut what waits evenly, the longest prefix among them") {
  CHECK(next_probes({0, {}, 8, {}}, {4, 0, 0}, 4) == Probes{2, 4, 6, 8});
  CHECK(next_probes({0, {}, 2, {}}, {4, 0, 0}, 4) == Probes{1, 2});
  CHECK(next_probes({0, {}, 100, {}}, {3, 0, 0.25}, 3) == Probes{2, 4, 5});
}

TEST_CASE("one job verifies what waits, then halves") {
  CHECK(next_probes({0, {}, 8, {}}, {1, 0, 0}, 1) == Probes{8});
  CHECK(next_probes({0, 8, 8, {}}, {1, 0, 0}, 1) == Probes{4});
  CHECK(next_probes({4, 8, 20, {}}, {1, 0, 0}, 1) == Probes{6});
  CHECK(next_probes({6, 7, 20, {}}, {1, 0, 0}, 1).empty());
}

TEST_CASE("a job that becomes free takes those that came since, or cuts the largest gap") {
  CHECK(next_probes({0, {}, 9, {3}}, {2, 0, 0}, 1) == Probes{9});
  CHECK(next_probes({0, {}, 9, {3, 9}}, {3, 0, 0}, 1) == Probes{6});
  CHECK(next_probes({0, {}, 9, {9}}, {1, 0, 0}, 0).empty());
}

TEST_CASE("no verification decides on more tasks than the bound") {
  CHECK(next_probes({0, {}, 8, {}}, {4, 1, 0}, 4) == Probes{1, 2, 3, 4});
  CHECK(next_probes({0, {}, 8, {}}, {1, 3, 0}, 1) == Probes{3});
  CHECK(next_probes({0, {}, 8, {1, 2}}, {4, 1, 0}, 2) == Probes{3, 4});
  CHECK(next_probes({0, 8, 8, {}}, {1, 3, 0}, 1) == Probes{3});
}

TEST_CASE("probes are new, ascending, between green and red, and no more than are free") {
  std::mt19937 random(11);
  const auto below = [&](int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); };
  for (int round = 0; round < 20000; ++round) {
    Search search{below(4), {}, 0, {}};
    search.waiting = search.green + below(30);
    if (search.waiting > search.green && below(2) == 0)
      search.red = search.green + 1 + below(search.waiting - search.green);
    const int end = search.red.value_or(search.waiting + 1);
    for (int place = search.green + 1; place < end; ++place) {
      if (below(6) == 0) search.marked.push_back(place);
    }
    const SearchPolicy policy{1 + below(4), below(4), below(3) / 4.0};
    const int free = below(policy.jobs + 1);
    const Probes probes = next_probes(search, policy, free);
    REQUIRE(static_cast<int>(probes.size()) <= free);
    int before = search.green;
    for (const int probe : probes) {
      REQUIRE(probe > before);
      REQUIRE(probe < end);
      REQUIRE_FALSE(std::ranges::binary_search(search.marked, probe));
      before = probe;
    }
    const bool is_stuck = probes.empty() && search.marked.empty() && free > 0 &&
                          search.waiting > search.green && end - search.green > 1;
    REQUIRE_FALSE(is_stuck);
  }
}
