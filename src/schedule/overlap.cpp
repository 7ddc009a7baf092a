#include "schedule/overlap.hpp"

#include <algorithm>

#include "schedule/file_index.hpp"

namespace gitplan::schedule {

bool paths_overlap(std::string_view a, std::string_view b) {
  const std::vector<PathPattern> patterns_a = readings(a);
  const std::vector<PathPattern> patterns_b = readings(b);
  return std::any_of(patterns_a.begin(), patterns_a.end(), [&](const PathPattern& pattern_a) {
    return std::any_of(patterns_b.begin(), patterns_b.end(), [&](const PathPattern& pattern_b) {
      return intersect(pattern_a, pattern_b);
    });
  });
}

std::vector<std::string> overlapping(std::span<const std::string> a,
                                     std::span<const std::string> b) {
  GlobWork work{GlobWork::little};
  FileIndex index(work, Uncompared::overlapping);
  index.add(0, b);
  std::vector<std::string> found;
  for (const std::string& entry : a) {
    if (index.first_overlap(std::span(&entry, 1))) found.push_back(entry);
  }
  return found;
}

std::vector<Overlap> find_overlaps(const Plan& plan, std::span<const TaskIndex> tasks,
                                   std::size_t limit, GlobWork& work) {
  FileIndex index(work, Uncompared::apart);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> pairs;  // places in `tasks`
  for (std::uint32_t second = 0; second < tasks.size() && pairs.size() < limit; ++second) {
    const std::vector<std::string>& files = plan.tasks[tasks[second]].files;
    for (const std::uint32_t first : index.overlaps(files, limit - pairs.size())) {
      pairs.emplace_back(first, second);
    }
    index.add(second, files);
  }
  std::sort(pairs.begin(), pairs.end());
  std::vector<Overlap> found;
  found.reserve(pairs.size());
  for (const auto& [first, second] : pairs) {
    const Task& a = plan.tasks[tasks[first]];
    const Task& b = plan.tasks[tasks[second]];
    found.push_back({tasks[first], tasks[second], overlapping(a.files, b.files)});
  }
  return found;
}

}  // namespace gitplan::schedule
