// A plan with its progress: what plan.toml says, joined with what git says now.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/worktrees.hpp"
#include "schedule/ready.hpp"
#include "session/shared_remote.hpp"
#include "slots/slot.hpp"
#include "store/ledger.hpp"
#include "store/plan_store.hpp"

namespace gitplan {

class Surroundings;
class Workspace;
using schedule::TaskIndex;

/// The status that users see, from the facts: its file in flow, the plan's record, its branch.
enum class InFlow { no, yes };
enum class HasBranch { no, yes };
Status derive_status(Status recorded, InFlow in_flow, HasBranch has_branch);

/// One plan as it stands. Reads only. The graph refers to `stored.plan`, so a view stays where it
/// is.
class PlanView {
 public:
  PlanView(const Workspace& workspace, StoredPlan stored);
  /// One of several at the same moment.
  PlanView(const Workspace& workspace, StoredPlan stored, const Surroundings& surroundings);
  PlanView(const PlanView&) = delete;
  PlanView& operator=(const PlanView&) = delete;

  [[nodiscard]] const StoredPlan& stored() const { return stored_; }
  [[nodiscard]] const Plan& plan() const { return stored_.plan; }
  [[nodiscard]] const std::string& session() const { return stored_.session; }
  [[nodiscard]] std::string branch() const;   ///< "plan/<session>"
  [[nodiscard]] std::string version() const;  ///< "v2"
  [[nodiscard]] const Task& task(TaskIndex index) const { return stored_.plan.tasks[index]; }
  [[nodiscard]] std::size_t size() const { return stored_.plan.tasks.size(); }

  [[nodiscard]] const FlowFacts& flow() const { return flow_; }
  [[nodiscard]] bool in_flow(TaskIndex index) const;
  /// In flow, or recorded as completed, either in a plan that was cleaned up or with all of its
  /// branch in flow: somebody may have taken `.plan/` out by hand.
  [[nodiscard]] bool is_merged(TaskIndex index) const;
  [[nodiscard]] Status status(TaskIndex index) const { return progress_.status[index]; }
  [[nodiscard]] bool is_free(TaskIndex index) const { return progress_.free[index]; }
  /// Where its worker left a task in progress that is done, and waits to be merged. It is not free.
  [[nodiscard]] std::optional<git::Oid> done_at(TaskIndex index) const;
  /// Who else has it, as was seen last; null if nobody has.
  [[nodiscard]] const SeenClaim* claimed_elsewhere(TaskIndex index) const;
  [[nodiscard]] const TaskBranch* task_branch(TaskIndex index) const;
  /// The slot that holds the task; null if none does. One left half made, or whose folder is gone,
  /// does not hold it: see half_made_slot.
  [[nodiscard]] const Slot* slot(TaskIndex index) const;
  [[nodiscard]] const Slot* half_made_slot(TaskIndex index) const;
  /// Where the task's slot stands since somebody moved it away from its place; null if nobody did.
  [[nodiscard]] const Slot* moved_slot(TaskIndex index) const;
  [[nodiscard]] const std::vector<Slot>& slots() const { return slots_; }
  /// The task of this plan that a slot works on, by its claim, else by its branch.
  [[nodiscard]] std::optional<TaskIndex> task_of(const Slot& slot) const;

  [[nodiscard]] const schedule::Progress& progress() const { return progress_; }
  /// Capabilities from outside the tasks: the plan's own and other sessions'.
  [[nodiscard]] std::span<const std::string> given() const;
  [[nodiscard]] const schedule::Graph& graph() const;
  [[nodiscard]] const schedule::Waves& waves() const;
  [[nodiscard]] const schedule::Estimates& estimates() const;
  [[nodiscard]] const schedule::CriticalPath& critical_path() const;
  [[nodiscard]] schedule::State state() const;
  /// Its metadata was taken out of flow (`git plan clean`): its record alone counts.
  [[nodiscard]] bool is_cleaned() const { return !stored_.plan.cleaned_at.empty(); }
  [[nodiscard]] bool is_finished() const { return state() == schedule::State::completed; }
  [[nodiscard]] int count(Status status) const;

  /// Why a task that is ready or free waits all the same: its files overlap. Null if it does not.
  [[nodiscard]] const schedule::HeldBack* held_back(TaskIndex index) const;

 private:
  void derive_progress(const std::vector<git::Worktree>& worktrees);
  void assign_slots(const Surroundings& surroundings);
  void find_done(RepositoryFacts& facts);
  void find_claims();

  const Workspace* workspace_;
  StoredPlan stored_;
  FlowFacts flow_;
  std::unordered_map<std::uint32_t, TaskBranch> branches_;  ///< by task number
  std::vector<Slot> slots_;
  std::unordered_map<TaskIndex, std::size_t> slot_of_;  ///< task -> index in slots_
  std::unordered_map<TaskIndex, std::size_t> half_made_of_;
  std::unordered_map<TaskIndex, Slot> moved_;
  schedule::Progress progress_;
  std::unordered_map<TaskIndex, git::Oid> done_;
  std::unordered_map<TaskIndex, SeenClaim> claimed_elsewhere_;
  /// Of the capabilities from outside, the plan's own and what its tasks have to do with: all that
  /// its graph asks for.
  std::vector<std::string> concerning_;
  mutable std::optional<std::vector<std::string>> given_;
  mutable std::unique_ptr<schedule::Graph> graph_;
  mutable std::optional<schedule::Waves> waves_;
  mutable std::optional<schedule::Estimates> estimates_;
  mutable std::optional<schedule::CriticalPath> critical_path_;
  mutable std::optional<std::unordered_map<TaskIndex, schedule::HeldBack>> held_back_;
};

}  // namespace gitplan
