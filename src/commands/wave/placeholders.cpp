#include "commands/wave/placeholders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::commands {
namespace {

struct Placeholder {
  std::string_view name;
  std::string_view value;
  std::string_view variable;  ///< of the worker's environment, which has the same
  /// metadata: a name that others may have made.
  enum class From { metadata, machine } from;
};
using Placeholders = std::array<Placeholder, 5>;

Placeholders placeholders_of(const WorkerNames& names) {
  using From = Placeholder::From;
  return {{{"{task}", names.task, "GIT_TASK_ID", From::metadata},
           {"{branch}", names.branch, "GIT_TASK_BRANCH", From::metadata},
           {"{worktree}", names.worktree, "GIT_WAVE_WORKTREE", From::machine},
           {"{worker}", names.worker, "GIT_WAVE_WORKER", From::machine},
           {"{prompt_file}", names.prompt_file, "GIT_TASK_PROMPT_FILE", From::machine}}};
}

bool is_plain(std::string_view value) {
  constexpr std::string_view plain =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._/-";
  return !value.empty() && value.find_first_not_of(plain) == std::string_view::npos;
}

bool is_shell(std::string_view program) {
  constexpr std::array<std::string_view, 11> shells{"sh",   "bash", "dash", "zsh", "ksh",    "mksh",
                                                    "fish", "csh",  "tcsh", "ash", "busybox"};
  const std::string_view name = program.substr(program.rfind('/') + 1);
  return std::ranges::find(shells, name) != shells.end();
}

void refuse_unplain(const Placeholder& placeholder) {
  if (is_plain(placeholder.value)) return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("'{}' may not stand for {} in the command: a shell could run it; use "
                  "\"${}\" there",
                  text::printable(placeholder.value), placeholder.name, placeholder.variable),
      Hint{"to see how it is used, run: git wave run -h"});
}

/// The placeholder that the text begins with; null if it is none.
const Placeholder* find_at(std::string_view text, const Placeholders& placeholders) {
  const auto found = std::ranges::find_if(
      placeholders, [&](const Placeholder& one) { return text.starts_with(one.name); });
  return found == placeholders.end() ? nullptr : &*found;
}

}  // namespace

std::vector<std::string> fill_placeholders(std::span<const std::string> arguments,
                                           const WorkerNames& names) {
  const Placeholders placeholders = placeholders_of(names);
  std::vector<std::string> words;
  const bool for_shell = !arguments.empty() && is_shell(arguments.front());
  for (const std::string& argument : arguments) {
    std::string& word = words.emplace_back();
    for (std::string_view rest = argument; !rest.empty();) {
      const Placeholder* placeholder = rest.front() == '{' ? find_at(rest, placeholders) : nullptr;
      if (placeholder == nullptr) {
        word += rest.front();
        rest.remove_prefix(1);
        continue;
      }
      if (for_shell || placeholder->from == Placeholder::From::metadata)
        refuse_unplain(*placeholder);
      word += placeholder->value;
      rest.remove_prefix(placeholder->name.size());
    }
  }
  return words;
}

}  // namespace gitplan::commands
