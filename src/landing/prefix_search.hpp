// Which prefixes of the queue to verify next: those that cut what is unknown evenly.
//
// Tasks wait in a line, 1 to n; prefix i is the merges of the first i on top of flow, prefix 0 flow
// itself. What is looked for is the first bad task. Where the rules come from:
// - Many at once, halves when red: group testing (Dorfman 1943), and merge queues that batch and
//   bisect (bors, Marge-bot's batches, GitLab's and Mergify's).
// - How many at once: nested group testing with a geometric prior (Sobel and Groll 1959; Golomb
// 1966,
//   Gallager and Van Voorhis 1975 on the run length that is all green half the time).
// - Several at once, the longer ones on the guess that the shorter ones are green: speculation, as
// in
//   Zuul's dependent pipelines; (j+1)-ary search where one is known to be red.
// - No more in one step than a bound: the window of Zuul, the batch size of bors.
#pragma once

#include <optional>
#include <vector>

namespace gitplan::landing {

/// What is known of the prefixes.
struct Search {
  int green = 0;            ///< the longest one that may land; those before it are settled
  std::optional<int> red;   ///< the shortest one behind it that is known to be red
  int waiting = 0;          ///< tasks in line: the longest prefix
  std::vector<int> marked;  ///< ascending, between the two: being verified, or green already
};

struct SearchPolicy {
  int jobs = 1;          ///< verifications at once
  int batch = 0;         ///< how many tasks may land by one verification; 0: no bound
  double red_share = 0;  ///< of tasks lately, 0 to 1
};

/// How many tasks in line from here are worth a verification: the longest prefixes that turn red as
/// often as they cut the unknown evenly among `jobs`; with one job such that all are green half the
/// time. At least 1; `waiting` where none was red.
int likely_length(int waiting, const SearchPolicy& policy);

/// The longest prefix worth a verification now, by `likely_length` and the bound on a batch.
int farthest_probe(const Search& search, const SearchPolicy& policy, int free);

/// Which prefixes to verify beside those that are marked, ascending: at most `free`, the jobs that
/// have nothing to do. With none marked, all jobs free and one known to be red, the first bad task
/// of n is pinned in at most ceil(log(n) / log(jobs + 1)) rounds of them.
std::vector<int> next_probes(const Search& search, const SearchPolicy& policy, int free);

}  // namespace gitplan::landing
