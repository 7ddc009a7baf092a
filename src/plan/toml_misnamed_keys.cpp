#include "plan/toml_misnamed_keys.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <span>
#include <vector>

#include "base/text.hpp"
#include "plan/fields.hpp"

namespace gitplan {
namespace {

struct Word {
  std::string_view said;  ///< folded
  std::string_view meant;
};

constexpr auto words_of_tasks = std::to_array<Word>({
    {"acceptance", "test_strategy"},
    {"acceptancecriteria", "test_strategy"},
    {"after", "depends_on"},
    {"agents", "agent"},
    {"assignedto", "agent"},
    {"blockedby", "depends_on"},
    {"body", "details"},
    {"capabilities", "provides"},
    {"context", "details"},
    {"creates", "provides"},
    {"dependencies", "depends_on"},
    {"dependency", "depends_on"},
    {"depends", "depends_on"},
    {"deps", "depends_on"},
    {"duration", "estimated_time"},
    {"effort", "estimated_time"},
    {"estimate", "estimated_time"},
    {"estimated", "estimated_time"},
    {"estimatedduration", "estimated_time"},
    {"estimatedminutes", "estimated_time"},
    {"estimatetime", "estimated_time"},
    {"file", "files"},
    {"filepaths", "files"},
    {"identifier", "id"},
    {"importance", "priority"},
    {"inputs", "preconditions"},
    {"instructions", "details"},
    {"minutes", "estimated_time"},
    {"model", "agent"},
    {"name", "description"},
    {"needs", "preconditions"},
    {"number", "id"},
    {"output", "provides"},
    {"outputs", "provides"},
    {"parent", "part_of"},
    {"parentid", "part_of"},
    {"paths", "files"},
    {"prereqs", "preconditions"},
    {"prerequisites", "preconditions"},
    {"prio", "priority"},
    {"produces", "provides"},
    {"requirements", "preconditions"},
    {"requires", "preconditions"},
    {"state", "status"},
    {"summary", "description"},
    {"task", "description"},
    {"taskid", "id"},
    {"testing", "test_strategy"},
    {"testplan", "test_strategy"},
    {"tests", "test_strategy"},
    {"time", "estimated_time"},
    {"timeestimate", "estimated_time"},
    {"title", "description"},
    {"touches", "files"},
    {"urgency", "priority"},
    {"validation", "test_strategy"},
    {"verification", "test_strategy"},
    {"waitsfor", "depends_on"},
});

constexpr auto words_of_plans = std::to_array<Word>({
    {"baseprovides", "provides"},
    {"capabilities", "provides"},
    {"description", "user_request"},
    {"estimate", "estimated_total_time"},
    {"estimatedtime", "estimated_total_time"},
    {"flow", "flow_branch"},
    {"goal", "user_request"},
    {"graph", "dependency_graph"},
    {"patterns", "design_patterns"},
    {"request", "user_request"},
    {"session", "session_id"},
    {"sessiongoal", "user_request"},
    {"stack", "technology_stack"},
    {"technologies", "technology_stack"},
    {"techstack", "technology_stack"},
    {"title", "user_request"},
    {"totaltime", "estimated_total_time"},
});

/// What other tools' tasks came with, and go out with again.
constexpr std::array<std::string_view, 7> kept_by_imports = {
    "assignee", "design", "external_ref", "issue_type", "labels", "milestone", "notes"};

/// Letters and digits alone, in lower case: "dependsOn" and "depends-on" are "dependson".
std::string fold(std::string_view key) {
  std::string folded;
  for (const char c : key) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80U || std::isalnum(byte) != 0) folded += static_cast<char>(std::tolower(byte));
  }
  return folded;
}

/// Our keys by what they fold to.
std::map<std::string, std::string, std::less<>> keys_of(KeyOf of) {
  std::map<std::string, std::string, std::less<>> keys;
  const auto add = [&](std::string_view key) { keys.emplace(fold(key), key); };
  if (of == KeyOf::task) {
    for (const auto& field : toml_io::fields<Task>()) add(field.key);
  } else {
    for (const auto& field : toml_io::fields<Plan>()) add(field.key);
    for (const std::string_view key : {"format", "tasks", "updates", "approvals"}) add(key);
  }
  return keys;
}

}  // namespace

std::optional<std::string> meant_key(std::string_view key, KeyOf of) {
  if (of == KeyOf::task && std::ranges::find(kept_by_imports, key) != kept_by_imports.end())
    return std::nullopt;
  const std::string folded = fold(key);
  const auto keys = keys_of(of);
  if (const auto same = keys.find(folded); same != keys.end()) return same->second;
  const std::span<const Word> words = of == KeyOf::task ? std::span<const Word>(words_of_tasks)
                                                        : std::span<const Word>(words_of_plans);
  const auto word = std::ranges::find(words, folded, &Word::said);
  if (word != words.end()) return std::string(word->meant);
  constexpr std::size_t shortest = 4;  // every short word is near another one
  std::vector<std::string> candidates;
  for (const auto& [candidate, ours] : keys) {
    if (candidate.size() >= shortest) candidates.push_back(candidate);
  }
  const auto near = text::did_you_mean(folded, candidates);
  return near ? std::optional(keys.at(*near)) : std::nullopt;
}

}  // namespace gitplan
