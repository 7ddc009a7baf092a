#include "session/view.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/flow.hpp"
#include "session/json.hpp"
#include "session/next_tasks.hpp"
#include "session/surroundings.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// A branch that a slot of this session holds though its metadata file is gone from the tree: the
/// slot's own record says whose it is.
void add_claimed_branches(const git::Repository& repository, const std::string& session,
                          const std::vector<Slot>& slots,
                          std::unordered_map<std::uint32_t, TaskBranch>& branches) {
  for (const Slot& slot : slots) {
    if (!slot.claim || slot.claim->session != session) continue;
    const auto number = task_number(slot.claim->task);
    if (!number || branches.contains(*number)) continue;
    const auto tip = git::read_ref(repository, ref_names::branch_ref(slot.claim->branch));
    if (tip) branches.emplace(*number, TaskBranch{slot.claim->branch, *tip, ""});
  }
}

}  // namespace

Status derive_status(Status recorded, InFlow in_flow, HasBranch has_branch) {
  if (in_flow == InFlow::yes) return Status::completed;
  const bool settled =
      recorded == Status::completed || recorded == Status::failed || recorded == Status::cancelled;
  if (settled) return recorded;
  return has_branch == HasBranch::yes ? Status::in_progress : Status::pending;
}

PlanView::PlanView(const Workspace& workspace, StoredPlan stored)
    : PlanView(workspace, std::move(stored), Surroundings(workspace)) {}

PlanView::PlanView(const Workspace& workspace, StoredPlan stored, const Surroundings& surroundings)
    : workspace_(&workspace), stored_(std::move(stored)), slots_(surroundings.slots()) {
  concerning_ = stored_.plan.provides;
  {
    Ledger ledger(surroundings.facts(), stored_.session);
    flow_ = flow_facts(workspace, ledger, stored_.plan.flow_branch);
    branches_ = ledger.task_branches(flow_);
    for (auto& capability : ledger.other_provides(flow_, stored_))
      concerning_.push_back(std::move(capability));
  }
  add_claimed_branches(workspace.repository(), stored_.session, slots_, branches_);
  assign_slots(surroundings);
  derive_progress(surroundings.worktrees());
  find_done(surroundings.facts());
  find_claims();
}

std::string PlanView::branch() const { return ref_names::plan_branch(stored_.session); }

std::string PlanView::version() const { return version_text(stored_.plan.version); }

bool PlanView::in_flow(TaskIndex index) const {
  const auto number = task_number(task(index).id);
  return number && flow_.has(*number);
}

bool PlanView::is_merged(TaskIndex index) const {
  if (in_flow(index)) return true;
  if (status(index) != Status::completed) return false;
  if (is_cleaned()) return true;
  const TaskBranch* branch = task_branch(index);
  return branch != nullptr && flow_.commit &&
         git::is_ancestor(workspace_->repository(), branch->tip, *flow_.commit);
}

std::optional<git::Oid> PlanView::done_at(TaskIndex index) const {
  const auto found = done_.find(index);
  return found == done_.end() ? std::nullopt : std::optional(found->second);
}

const TaskBranch* PlanView::task_branch(TaskIndex index) const {
  const auto number = task_number(task(index).id);
  if (!number) return nullptr;
  const auto found = branches_.find(*number);
  return found == branches_.end() ? nullptr : &found->second;
}

const Slot* PlanView::slot(TaskIndex index) const {
  const auto found = slot_of_.find(index);
  return found == slot_of_.end() ? nullptr : &slots_[found->second];
}

const Slot* PlanView::half_made_slot(TaskIndex index) const {
  const auto found = half_made_of_.find(index);
  return found == half_made_of_.end() ? nullptr : &slots_[found->second];
}

std::optional<TaskIndex> PlanView::task_of(const Slot& slot) const {
  if (slot.claim && !slot.claim->session.empty()) {
    if (slot.claim->session != stored_.session) return std::nullopt;
    const auto found = stored_.plan.find(slot.claim->task);
    return found ? std::optional(static_cast<TaskIndex>(*found)) : std::nullopt;
  }
  const auto parsed = ref_names::parse_task_branch(slot.branch);
  if (!parsed) return std::nullopt;
  const auto found = stored_.plan.find(parsed->id);
  if (!found) return std::nullopt;
  const auto index = static_cast<TaskIndex>(*found);
  const TaskBranch* branch = task_branch(index);
  return branch != nullptr && branch->name == slot.branch ? std::optional(index) : std::nullopt;
}

const Slot* PlanView::moved_slot(TaskIndex index) const {
  const auto found = moved_.find(index);
  return found == moved_.end() ? nullptr : &found->second;
}

void PlanView::assign_slots(const Surroundings& surroundings) {
  // A slot that nobody made for the task has it only where no other does.
  for (const bool by_hand : {false, true}) {
    for (std::size_t i = 0; i < slots_.size(); ++i) {
      if ((slots_[i].state == Slot::State::by_hand) != by_hand) continue;
      const auto index = task_of(slots_[i]);
      if (index) (slots_[i].holds_its_task() ? slot_of_ : half_made_of_).try_emplace(*index, i);
    }
  }
  for (const Slot& slot : surroundings.elsewhere()) {
    const auto index = slot.claim ? task_of(slot) : std::nullopt;
    if (index && !slot.claim->task.empty()) moved_.try_emplace(*index, slot);
  }
}

void PlanView::derive_progress(const std::vector<git::Worktree>& worktrees) {
  std::unordered_set<std::string> checked_out;
  for (const auto& worktree : worktrees) {
    if (!worktree.branch.empty() && !worktree.missing) {
      checked_out.insert(ref_names::branch_name(worktree.branch));
    }
  }
  progress_.status.resize(size());
  progress_.free.resize(size());
  for (TaskIndex i = 0; i < size(); ++i) {
    const TaskBranch* branch = task_branch(i);
    // Whatever its branch is called by now, or if it is gone: who has the slot is at work.
    const bool has_worker = slot_of_.contains(i) || moved_.contains(i);
    const bool begun = branch != nullptr || has_worker;
    progress_.status[i] = derive_status(task(i).status, in_flow(i) ? InFlow::yes : InFlow::no,
                                        begun ? HasBranch::yes : HasBranch::no);
    const bool half_made = half_made_of_.contains(i);
    progress_.free[i] = progress_.status[i] == Status::in_progress && !has_worker &&
                        (half_made || !checked_out.contains(branch->name));
  }
}

void PlanView::find_done(RepositoryFacts& facts) {
  if (count(Status::in_progress) == 0) return;
  for (const git::Ref& ref : facts.done_refs()) {
    const auto named = ref_names::parse_done_ref(ref.name);
    if (!named || named->session != session()) continue;
    const auto found = plan().find(format_task_id(named->task));
    if (!found || status(static_cast<TaskIndex>(*found)) != Status::in_progress) continue;
    progress_.free[*found] = false;
    done_.emplace(static_cast<TaskIndex>(*found), ref.target);
  }
}

/// A task of another machine is in progress, with or without a branch here.
void PlanView::find_claims() {
  const SharedRemote* shared = workspace_->shared_remote();
  if (shared == nullptr) return;
  const SeenClaims claims = shared->claims(session());
  if (claims.empty()) return;
  for (TaskIndex index = 0; index < size(); ++index) {
    const auto number = task_number(task(index).id);
    const auto found = number ? claims.find(*number) : claims.end();
    if (found == claims.end() || found->second.is_own) continue;
    if (status(index) == Status::pending) progress_.status[index] = Status::in_progress;
    if (status(index) != Status::in_progress) continue;
    progress_.free[index] = false;
    claimed_elsewhere_.emplace(index, found->second);
  }
}

const SeenClaim* PlanView::claimed_elsewhere(TaskIndex index) const {
  const auto found = claimed_elsewhere_.find(index);
  return found == claimed_elsewhere_.end() ? nullptr : &found->second;
}

std::span<const std::string> PlanView::given() const {
  if (!given_) {
    given_ = stored_.plan.provides;
    Ledger ledger(workspace_->repository(), stored_.session);
    for (auto& capability : ledger.other_provides(flow_)) given_->push_back(std::move(capability));
  }
  return *given_;
}

const schedule::Graph& PlanView::graph() const {
  if (!graph_) graph_ = std::make_unique<schedule::Graph>(stored_.plan, concerning_);
  return *graph_;
}

const schedule::Waves& PlanView::waves() const {
  if (!waves_) waves_ = schedule::compute_waves(graph());
  return *waves_;
}

const schedule::Estimates& PlanView::estimates() const {
  if (!estimates_) estimates_ = schedule::read_estimates(stored_.plan);
  return *estimates_;
}

const schedule::CriticalPath& PlanView::critical_path() const {
  if (!critical_path_) critical_path_ = schedule::critical_path(graph(), waves(), estimates());
  return *critical_path_;
}

schedule::State PlanView::state() const { return schedule::plan_state(graph(), progress_); }

int PlanView::count(Status status) const {
  return static_cast<int>(std::count(progress_.status.begin(), progress_.status.end(), status));
}

const schedule::HeldBack* PlanView::held_back(TaskIndex index) const {
  const bool may_start = status(index) == Status::pending || is_free(index);
  if (!may_start || task(index).files.empty()) return nullptr;
  if (!held_back_) {
    held_back_.emplace();
    for (auto& held : next_tasks(*workspace_, *this, schedule::Overlapping::hold_back).held_back)
      held_back_->emplace(held.task, std::move(held));
  }
  const auto found = held_back_->find(index);
  return found == held_back_->end() ? nullptr : &found->second;
}

}  // namespace gitplan
