#include "session/used_numbers.hpp"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <vector>

#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/done_refs.hpp"
#include "session/workspace.hpp"
#include "slots/slot.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

void add_attempts(const git::Repository& repository, const std::string& session,
                  std::set<std::uint32_t>& numbers) {
  const std::string prefix = fmt::format("{}{}/", ref_names::attempt_prefix, session);
  for (const git::Ref& ref : git::list_refs(repository, prefix)) {
    const std::string_view rest = std::string_view(ref.name).substr(prefix.size());
    if (const auto number = task_number(rest.substr(0, rest.find('/')))) numbers.insert(*number);
  }
}

void add_slots(const Workspace& workspace, const std::string& session,
               std::set<std::uint32_t>& numbers) {
  for (const Slot& slot : workspace.slots().worktrees()) {
    if (!slot.claim || slot.claim->session != session) continue;
    if (const auto number = task_number(slot.claim->task)) numbers.insert(*number);
  }
}

std::vector<const Task*> new_tasks(const Plan& before, const Plan& after) {
  std::set<std::uint32_t> known;
  for (const Task& task : before.tasks) known.insert(task_number(task.id).value_or(0));
  std::vector<const Task*> added;
  for (const Task& task : after.tasks) {
    if (!known.contains(task_number(task.id).value_or(0))) added.push_back(&task);
  }
  return added;
}

}  // namespace

std::set<std::uint32_t> used_numbers(const Workspace& workspace, const std::string& session,
                                     const std::string& flow_branch) {
  const git::Repository& repository = workspace.repository();
  Ledger ledger(repository, session);
  const FlowFacts flow = ledger.flow(flow_branch);
  std::set<std::uint32_t> numbers(flow.merged.begin(), flow.merged.end());
  for (const auto& [number, branch] : ledger.task_branches(flow)) numbers.insert(number);
  for (const auto& [number, tip] : done_refs(repository, session)) numbers.insert(number);
  for (const auto& [number, tip] : red_refs(repository, session)) numbers.insert(number);
  add_attempts(repository, session, numbers);
  add_slots(workspace, session, numbers);
  return numbers;
}

Diagnostics taken_numbers(const Workspace& workspace, const std::string& session,
                          const Plan& before, const Plan& after) {
  Diagnostics warnings;
  const auto added = new_tasks(before, after);
  if (added.empty()) return warnings;
  const auto used = used_numbers(workspace, session, after.flow_branch);
  for (const Task* task : added) {
    if (!used.contains(task_number(task->id).value_or(0))) continue;
    warnings.push_back(
        {Severity::warning, "taken_id",
         fmt::format("task '{}' has the id of one that was there before, and counts "
                     "as that: its branch, its merge and its attempts are this one's",
                     text::printable(task->id)),
         task->id, std::nullopt});
  }
  return warnings;
}

}  // namespace gitplan
