#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/task_text.hpp"
#include "commands/plan/history.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

using commands::PlanVersion;

std::string heading(const PlanVersion& version) {
  return version.problem.empty() ? version_text(version.version) : "?";
}

/// All versions in one table; a version's notes stand below its line.
std::string text_of(const commands::PlanLog& log, const Style& style) {
  Table table;
  for (const PlanVersion& version : log.versions) {
    const std::string name = heading(version);
    table.row({Cell::painted(name, style.yellow(name)), Cell::plain(version.commit.abbreviated()),
               Cell::plain(ago(version.at, now())), Cell::plain(version.author),
               Cell::plain(version.changes)});
  }
  const std::string lines = table.text(style);
  std::string text;
  std::size_t row = 0;
  for (const std::string_view line : text::split(lines, '\n')) {
    if (row == log.versions.size()) break;
    text += std::string(line) + "\n";
    const PlanVersion& version = log.versions[row++];
    for (const Update& note : version.notes) text += wrapped(note.note, "    ", style);
    for (const auto& approval : version.approvals) text += wrapped(approval.note, "    ", style);
  }
  return text;
}

int run(Invocation& invocation) {
  const auto view =
      select_plan(invocation.workspace(), Access::read, invocation.arguments().word(0));
  const auto most = invocation.number("max-count", 0);
  const auto log = commands::plan_log(
      invocation.workspace(), view->session(),
      most ? static_cast<std::size_t>(*most) : std::numeric_limits<std::size_t>::max());
  return invocation.answer([&](const Style& style) { return text_of(log, style); },
                           [&] { return to_json(log); });
}

}  // namespace

const Verb plan_log_verb{
    "log", "list a plan's versions: when, who, and what changed",           "[<plan>]", 0,
    1,     {{'n', "max-count", Takes::number, "<N>", "only the newest N"}}, run};

}  // namespace gitplan::cli
