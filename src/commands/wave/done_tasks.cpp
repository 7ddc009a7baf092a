#include "commands/wave/done_tasks.hpp"

#include <algorithm>

#include "git/presence.hpp"
#include "lander/merger.hpp"
#include "plan/ids.hpp"
#include "session/done_refs.hpp"
#include "session/ready_branch.hpp"
#include "session/run_facts.hpp"

namespace gitplan::commands {
namespace {

using lander::HandIn;
using lander::HandIns;
using supervisor::WorkerRecord;

bool is_cared_for(const Workspace& workspace, const HandIn& hand_in) {
  return git::may_be_alive(workspace.repository(), hand_in.record.run);
}

/// Of a task whose ref is all that is left to tell that it is done.
HandIn hand_in_of(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const git::Oid& tip) {
  HandIn made;
  made.flow_branch = view.plan().flow_branch;
  made.tip = tip;
  WorkerRecord& record = made.record;
  record.session = view.session();
  record.task = view.task(index).id;
  if (const TaskBranch* branch = view.task_branch(index)) record.branch = branch->name;
  const RunFacts facts = known_facts(workspace, view, index);
  record.attempt = facts.attempts.value_or(1);
  record.allow_empty = true;  // it was judged before
  return made;
}

std::vector<HandIn> hand_ins_of(const Workspace& workspace, const std::string& session) {
  auto all = HandIns(workspace.repository()).all();
  std::erase_if(all, [&](const HandIn& one) { return one.record.session != session; });
  return all;
}

bool is_any_orphaned(const Workspace& workspace, const std::string& session) {
  const auto all = hand_ins_of(workspace, session);
  const auto is_orphan = [&](const HandIn& one) { return !is_cared_for(workspace, one); };
  return std::ranges::any_of(all, is_orphan) ||
         done_refs(workspace.repository(), session).size() > all.size();
}

/// Nobody lands it any more, and nobody waits for what becomes of it.
bool is_given_up(const PlanView& view, TaskIndex index, const HandIn& hand_in) {
  return !hand_in.outcome && given_up(view, index);
}

/// One that never came into the queue is its worker's record's to tell of.
std::vector<HandIn> orphans(const Workspace& workspace, const PlanView& view) {
  const auto all = hand_ins_of(workspace, view.session());
  std::vector<HandIn> found;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    const auto hand_in = std::ranges::find_if(
        all, [&](const HandIn& one) { return same_task(one.record.task, view.task(i).id); });
    const auto tip = view.done_at(i);
    if (hand_in == all.end() && tip) found.push_back(hand_in_of(workspace, view, i, *tip));
    if (hand_in == all.end() || !hand_in->tip || hand_in->is_direct ||
        is_cared_for(workspace, *hand_in))
      continue;
    if (is_given_up(view, i, *hand_in)) {
      HandIns(workspace.repository()).erase(view.session(), hand_in->record.task);
    } else {
      found.push_back(*hand_in);
    }
  }
  return found;
}

}  // namespace

void DoneTasks::offer(const WorkerRecord& record, const std::optional<std::string>& verify) const {
  const Workspace workspace = open();
  const HandIns files(workspace.repository());
  const auto before = files.find(record.session, record.task);
  if (before && before->is_queued() && before->record.run == record.run &&
      before->record.attempt == record.attempt)
    return;
  HandIn made;
  made.record = record;
  made.flow_branch = workspace.store().load(session_).plan.flow_branch;
  made.verify = verify.value_or("");
  files.write(made);
}

void DoneTasks::settled(const WorkerRecord& record) const {
  HandIns(open().repository()).erase(record.session, record.task);
}

std::vector<WorkerRecord> DoneTasks::adopt(const std::optional<std::string>& verify) const {
  Workspace workspace = open();
  if (!is_any_orphaned(workspace, session_)) return {};
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const PlanView view(workspace, workspace.store().load(session_));
  const HandIns files(workspace.repository());
  std::vector<WorkerRecord> adopted;
  for (HandIn& one : orphans(workspace, view)) {
    one.by = HandIn::By::run;
    one.verify = verify.value_or("");
    one.record.run = git::announced_process(workspace.repository());
    one.record.phase = WorkerRecord::Phase::done;
    files.write(one);
    adopted.push_back(one.record);
  }
  return adopted;
}

bool DoneTasks::others_wait() const {
  const Workspace workspace = open();
  const auto all = HandIns(workspace.repository()).all();
  return std::ranges::any_of(all, [&](const HandIn& one) {
    return one.record.session == session_ && !one.outcome && one.record.run != this_process() &&
           is_cared_for(workspace, one);
  });
}

}  // namespace gitplan::commands
