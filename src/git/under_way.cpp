#include "git/under_way.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace gitplan::git {
namespace {

/// Between two commits of a series that stopped, only the list of what is left says what it is.
bool sequencer_reverts(const std::string& admin_folder) try {
  constexpr std::size_t most_bytes = 1U << 20U;
  return read_file(admin_folder + "/sequencer/todo", most_bytes).value_or("").starts_with("revert");
} catch (const Error&) {
  return false;
}

std::string_view name_of(const std::string& admin_folder) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 7> signs = {
      {{"/rebase-apply/applying", "am"},
       {"/rebase-apply", "rebase"},
       {"/rebase-merge", "rebase"},
       {"/CHERRY_PICK_HEAD", "cherry-pick"},
       {"/REVERT_HEAD", "revert"},
       {"/MERGE_HEAD", "merge"},
       {"/BISECT_LOG", "bisect"}}};
  for (const auto& [sign, name] : signs) {
    if (exists(admin_folder + std::string(sign))) return name;
  }
  if (!exists(admin_folder + "/sequencer")) return "";
  return sequencer_reverts(admin_folder) ? "revert" : "cherry-pick";
}

}  // namespace

std::optional<Operation> operation_under_way(const std::string& admin_folder) {
  const std::string name(name_of(admin_folder));
  if (name.empty()) return std::nullopt;
  if (name == "bisect") return Operation{name, "bisect reset", "bisect reset"};
  return Operation{name, name + " --continue", name + " --abort"};
}

}  // namespace gitplan::git
