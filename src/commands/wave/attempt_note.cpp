#include "commands/wave/attempt_note.hpp"

#include <fmt/format.h>

#include <vector>

#include "base/text.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

std::string plural_tasks(const std::vector<std::string>& ids) {
  return (ids.size() == 1 ? "task " : "tasks ") + text::join(ids, ", ");
}

/// Of what its task was red on, enough to see it and to mend it.
std::string sent_back_note(const WorkerRecord& record) {
  const supervisor::SentBack& red = *record.sent_back;
  std::string note = fmt::format(
      "\n**Attempt {}:** your work was merged with the flow branch{}, and there this {}:\n\n"
      "    {}\n\n",
      record.attempt, red.with.empty() ? "" : " and " + plural_tasks(red.with),
      red.timed_out ? "took too long" : fmt::format("ended with exit status {}", red.exit_status),
      text::printable(red.command));
  if (!red.last_lines.empty()) note += "Its last lines:\n\n";
  for (const std::string& line : red.last_lines)
    note += fmt::format("    {}\n", text::printable(line));
  note += "\n";
  if (!red.ref.empty())
    note += fmt::format(
        "That merge is `{0}`: to see it here, run `git diff HEAD {0}`; to "
        "have it in your branch, `git merge {0}`.\n",
        red.ref);
  return note + "Your work stands on its branch; mend it there.\n";
}

/// Of an attempt that was begun before, perhaps by another agent.
std::string going_on_note() {
  return "\n**Going on:** this task was begun before and put off. What was done stands in this "
         "worktree and on its\nbranch: see `git status` and `git log`.\n";
}

}  // namespace

std::string attempt_note(const WorkerRecord& record) {
  if (!record.conflicts.empty()) {
    std::string note =
        "\n**Merge conflict:** the flow branch was merged into your branch in this worktree, and "
        "these\nfiles conflict. Resolve them, keep both intentions, and commit the merge:\n";
    for (const auto& path : record.conflicts) note += fmt::format("- {}\n", text::printable(path));
    return note;
  }
  if (record.attempt <= 1) return record.parked_before > 0 ? going_on_note() : "";
  if (record.sent_back) return sent_back_note(record);
  return fmt::format(
      "\n**Attempt {}:** the one before it did not succeed: {}\nIts work stands in this worktree; "
      "its output is in {}\n",
      record.attempt, text::printable(record.reason), record.log);
}

}  // namespace gitplan::commands
