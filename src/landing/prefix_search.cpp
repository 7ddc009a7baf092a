#include "landing/prefix_search.hpp"

#include <algorithm>
#include <cmath>

namespace gitplan::landing {
namespace {

/// Between two prefixes whose verdict is known, or comes: (from, to).
struct Gap {
  int from = 0;
  int to = 0;
  int probes = 0;

  /// The most tasks that stay together, should the bad one be here.
  [[nodiscard]] int piece() const { return (to - from + probes) / (probes + 1); }
};

std::vector<Gap> gaps_between(const std::vector<int>& marks) {
  std::vector<Gap> gaps;
  for (std::size_t i = 1; i < marks.size(); ++i) gaps.push_back({marks[i - 1], marks[i], 0});
  return gaps;
}

/// The largest piece is cut first; a piece of one task needs no cut.
void hand_out(std::vector<Gap>& gaps, int probes) {
  for (; probes > 0 && !gaps.empty(); --probes) {
    const auto largest = std::ranges::max_element(gaps, {}, &Gap::piece);
    if (largest->piece() < 2) return;
    ++largest->probes;
  }
}

/// In pieces of which the first ones are the longer.
void cut(const Gap& gap, std::vector<int>& probes) {
  const int pieces = gap.probes + 1;
  const int length = gap.to - gap.from;
  for (int k = 1; k < pieces; ++k) {
    const int place = gap.from + (length * k + pieces - 1) / pieces;
    if (place < gap.to && (probes.empty() || probes.back() < place)) probes.push_back(place);
  }
}

/// No verdict may decide on more tasks than the bound: those too far on move down.
std::vector<int> bounded(const std::vector<int>& probes, const Search& search, int batch) {
  if (batch <= 0) return probes;
  std::vector<int> near;
  int before = search.green;
  for (const int wanted : probes) {
    const auto mark = std::ranges::lower_bound(search.marked, wanted);
    if (mark != search.marked.begin()) before = std::max(before, *std::prev(mark));
    const int probe = std::min(wanted, before + batch);
    if (probe <= before || std::ranges::binary_search(search.marked, probe)) continue;
    near.push_back(probe);
    before = probe;
  }
  return near;
}

int last_mark(const Search& search) {
  return search.marked.empty() ? search.green : search.marked.back();
}

}  // namespace

int likely_length(int waiting, const SearchPolicy& policy) {
  if (policy.red_share <= 0) return std::max(waiting, 1);
  if (policy.red_share >= 1) return 1;
  const double length = -std::log(policy.jobs + 1.0) / std::log1p(-policy.red_share);
  return static_cast<int>(std::clamp(std::round(length), 1.0, std::max<double>(waiting, 1)));
}

int farthest_probe(const Search& search, const SearchPolicy& policy, int free) {
  if (search.red) return *search.red;
  if (search.waiting <= search.green) return search.green;
  const int likely = search.green + likely_length(search.waiting - search.green, policy);
  if (policy.batch <= 0) return likely;
  return std::min(likely, last_mark(search) + policy.batch * free);
}

std::vector<int> next_probes(const Search& search, const SearchPolicy& policy, int free) {
  if (free <= 0 || search.waiting <= search.green) return {};
  const int end = farthest_probe(search, policy, free);
  const bool is_longer = end > last_mark(search);
  const bool probes_end = is_longer && !search.red;
  std::vector<int> marks = {search.green};
  marks.insert(marks.end(), search.marked.begin(), search.marked.end());
  if (is_longer) marks.push_back(end);
  std::vector<Gap> gaps = gaps_between(marks);
  hand_out(gaps, probes_end ? free - 1 : free);
  std::vector<int> probes;
  for (const Gap& gap : gaps) cut(gap, probes);
  if (probes_end) probes.push_back(end);
  return bounded(probes, search, policy.batch);
}

}  // namespace gitplan::landing
