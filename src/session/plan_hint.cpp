#include "session/plan_hint.hpp"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Whether a command is about one plan, which it may be told of at its end.
bool takes_plan(std::string_view command) {
  constexpr std::array verbs{"git task ",       "git wave next",   "git wave start",
                             "git wave finish", "git wave list",   "git wave status",
                             "git plan show",   "git plan check",  "git plan update",
                             "git plan edit",   "git plan approve"};
  const bool is_one = std::any_of(verbs.begin(), verbs.end(),
                                  [&](std::string_view verb) { return command.starts_with(verb); });
  return is_one && command.find(" -h") == std::string_view::npos &&
         command.find(';') == std::string_view::npos;
}

/// Whichever plan it is.
bool has_plan(std::string_view command) { return command.find(" --plan=") != command.npos; }

/// As a word of its own, or before a task's id.
bool names(std::string_view command, std::string_view plan) {
  for (auto at = command.find(plan); at != std::string_view::npos;
       at = command.find(plan, at + 1)) {
    const std::string_view rest = command.substr(at + plan.size());
    const bool begins =
        at > 0 && std::string_view(" /='").find(command[at - 1]) != std::string_view::npos;
    const bool ends =
        rest.empty() || std::string_view(" /'").find(rest.front()) != std::string_view::npos;
    if (begins && ends) return true;
  }
  return false;
}

}  // namespace

std::string naming_plan(const std::string& hint, const std::string& plan_or_session) {
  const std::string plan = ref_names::session_of(plan_or_session);
  const auto at = hint.rfind(": git ");
  if (plan.empty() || at == std::string::npos) return hint;
  const std::string_view command = std::string_view(hint).substr(at + 2);
  if (!takes_plan(command) || has_plan(command) || names(command, plan)) return hint;
  return hint + " --plan=" + text::shell_quote(plan);
}

}  // namespace gitplan
