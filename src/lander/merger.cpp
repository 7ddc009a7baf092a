#include "lander/merger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "lander/record_facts.hpp"
#include "session/task_merge.hpp"

namespace gitplan::lander {
namespace {

using Conflict = landing::Merged::Conflict;
using supervisor::WorkerRecord;

RunFacts facts_of(const HandIn& hand_in) {
  RunFacts facts;
  const WorkerRecord& record = hand_in.record;
  facts.task = record.task;
  facts.outcome = RunFacts::Outcome::done;
  if (hand_in.by == HandIn::By::person) return facts;
  facts.worker = record.worker;
  facts.attempts = record.attempt;
  facts.started_at = rfc3339(record.started);
  facts.finished_at = rfc3339(record.ended);
  facts.exit_status = record.exit_status;
  note_agent(record, facts);
  facts.reason = record.retried_after;
  return facts;
}

MergeRequest request_of(const HandIn& hand_in) {
  MergeRequest request;
  if (hand_in.record.told) request.body = hand_in.record.told->message;
  request.facts = facts_of(hand_in);
  return request;
}

/// One task on top of `onto`.
class OneMerge {
 public:
  OneMerge(Ground& ground, const HandIn& hand_in) : ground_(&ground), hand_in_(&hand_in) {}

  Made onto(const git::Oid& commit) {
    const auto placed = ground_->find(*hand_in_);
    if (!placed) throw Error(ErrorKind::not_found, "it is in the plan no more");
    TaskBranch branch{hand_in_->record.branch, *hand_in_->tip, ""};
    if (const TaskBranch* known = placed->view->task_branch(placed->task)) branch = *known;
    Made made = make_task_merge(ground_->workspace(), *placed->view, placed->task, branch, commit,
                                request_of(*hand_in_));
    if (branch.tip != *hand_in_->tip)
      throw Error(ErrorKind::lost_race, fmt::format("'{}' moved meanwhile", branch.name));
    if (const auto* merged = std::get_if<git::Merged>(&made))
      refuse_unfit_merge(ground_->workspace(), merged_thing(branch), commit, merged->commit);
    return made;
  }

 private:
  Ground* ground_;
  const HandIn* hand_in_;
};

/// Whether it is in conflict with flow itself; with which files.
std::optional<std::vector<std::string>> conflicts_with(OneMerge& merge, const git::Oid& flow) {
  Made made = merge.onto(flow);
  auto* conflicts = std::get_if<git::Conflicts>(&made);
  return conflicts != nullptr ? std::optional(std::move(conflicts->paths)) : std::nullopt;
}

void note_conflict(MergeOutcome& outcome, OneMerge& merge, const git::Oid& onto,
                   const git::Oid& flow, std::vector<std::string> paths) {
  auto with_flow = onto == flow ? std::optional(std::move(paths)) : conflicts_with(merge, flow);
  outcome.event.conflict = with_flow ? Conflict::with_flow : Conflict::with_earlier_tasks;
  if (with_flow) outcome.conflicts = *std::move(with_flow);
}

/// Those that concern the task alone; what the repository is to blame for is thrown on.
bool is_of_task(const Error& error) {
  return error.kind() != ErrorKind::fatal && error.kind() != ErrorKind::lost_race;
}

git::Oid made_again(const git::Repository& repository, const git::Commit& old,
                    const git::Oid& parent, const std::string& message) {
  std::vector<git::Oid> parents = old.parents;
  parents.front() = parent;
  return git::create_commit(repository, old.tree, parents, message);
}

/// Behind the last trailer.
std::string with_trailer(const std::string& message, const std::string& trailer) {
  return std::string(text::trim(message)) + "\n" + trailer + "\n";
}

}  // namespace

landing::Task queue_name(const HandIn& hand_in) {
  return {hand_in.record.session + "/" + hand_in.record.task};
}

landing::Point point_of(const git::Repository& repository, const git::Oid& commit) {
  return {{commit.hex()}, {git::tree_of(repository, commit).hex()}};
}

git::Oid oid_of(const std::string& name) { return git::Oid::parse(name).value(); }

MergeOutcome make_merges(Ground& ground, const Queued& queued, const landing::Merge& wanted) {
  MergeOutcome outcome;
  outcome.event.merge = wanted.merge;
  git::Oid onto = oid_of(wanted.onto.text);
  for (const landing::Task& task : wanted.tasks) {
    OneMerge merge(ground, queued.at(task));
    try {
      Made made = merge.onto(onto);
      if (auto* conflicts = std::get_if<git::Conflicts>(&made)) {
        note_conflict(outcome, merge, onto, oid_of(wanted.flow.text), std::move(conflicts->paths));
        return outcome;
      }
      if (const auto* merged = std::get_if<git::Merged>(&made)) onto = merged->commit;
      outcome.event.points.push_back(point_of(ground.repository(), onto));
    } catch (const Error& error) {
      if (!is_of_task(error)) throw;
      outcome.problem = error.what();
      return outcome;
    }
  }
  return outcome;
}

Remade remake(const git::Repository& repository, const git::Oid& from, const git::Oid& to,
              const std::vector<git::Oid>& marked, const std::string& trailer) {
  std::vector<git::Commit> chain;
  for (git::Oid at = to; at != from; at = chain.back().parents.front())
    chain.push_back(git::read_commit(repository, at));
  Remade result{from, {}};
  for (auto old = chain.rbegin(); old != chain.rend(); ++old) {
    const bool is_marked = std::ranges::find(marked, old->id) != marked.end();
    const bool is_same = !is_marked && old->parents.front() == result.end;
    const std::string message = is_marked ? with_trailer(old->message, trailer) : old->message;
    result.end = is_same ? old->id : made_again(repository, *old, result.end, message);
    result.by_old[old->id] = result.end;
  }
  return result;
}

}  // namespace gitplan::lander
