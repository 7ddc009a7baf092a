// What a run does to the repository: gives out tasks, starts their processes, records how they
// ended. Each call opens the repository afresh, as a run may last for hours.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "commands/task/done.hpp"
#include "commands/wave/done_tasks.hpp"
#include "commands/wave/run_agents.hpp"
#include "commands/wave/run_sharing.hpp"
#include "commands/wave/worker_care.hpp"
#include "commands/wave/worker_process.hpp"
#include "schedule/ready.hpp"
#include "session/claiming.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::commands {

struct RunSetup {
  Settings settings;  ///< with the plan named
  Notices notices;
  std::string session;
  RunAgents agents;
  std::optional<std::string> verify;
  std::optional<std::chrono::seconds> stall;
  std::optional<std::chrono::seconds> verify_timeout;
  Empty empty = Empty::refuse;
  schedule::Overlapping overlapping = schedule::Overlapping::hold_back;
};

/// Where a repository was at first.
class Place {
 public:
  Place() = default;
  explicit Place(std::string folder);
  [[nodiscard]] bool is_left() const;
  [[nodiscard]] const std::string& folder() const { return folder_; }

 private:
  std::string folder_;
  std::optional<std::pair<std::uint64_t, std::uint64_t>> file_;  ///< its device and inode
};

class RunWork final : public supervisor::Work {
 public:
  explicit RunWork(RunSetup setup);

  std::vector<supervisor::WorkerRecord> adopt() override;
  std::optional<supervisor::WorkerRecord> claim_next(
      const supervisor::Claimable& claimable) override;
  std::set<std::string> startable() override;
  supervisor::ProcessSpec worker_process(supervisor::WorkerRecord& record) override;
  void offer(const supervisor::WorkerRecord& record) override;
  supervisor::ProcessSpec lander_process(supervisor::Lands what) override;
  std::optional<supervisor::LanderNews> lander_said(std::string_view line) override;
  void free_slot(const supervisor::WorkerRecord& record) override;
  void settled(const supervisor::WorkerRecord& record) override;
  std::optional<supervisor::WorkerRecord> claim_back(
      const supervisor::WorkerRecord& record, const supervisor::Claimable& claimable) override;
  supervisor::WorkerRecord reread(const supervisor::WorkerRecord& record) override;
  bool still_stands(const supervisor::WorkerRecord& record) override {
    return care_->stands(record);
  }
  void write(const supervisor::WorkerRecord& record) override;
  bool is_merged(const supervisor::WorkerRecord& record) override;
  std::optional<supervisor::Landing> given_up(const supervisor::WorkerRecord& record) override;
  supervisor::Living living(const supervisor::WorkerRecord& record) override {
    return care_->living(record);
  }
  void ask_to_stop(const supervisor::WorkerRecord& record) override;
  void end_strays(const supervisor::WorkerRecord& record) override { care_->end_strays(record); }
  void record_merged() override;
  void fail(const supervisor::WorkerRecord& record, const std::string& reason) override;
  void skip(const supervisor::WorkerRecord& record) override;
  void forget(const supervisor::WorkerRecord& record) override;
  std::optional<int> remove_slot(int worker) override;
  bool others_work() override;
  std::optional<supervisor::ProcessSpec> keeper_process() override;
  std::optional<supervisor::KeeperNews> keeper_said(std::string_view line) override;
  void want(const supervisor::Claimable& claimable) override;
  std::string keep_lost(const supervisor::WorkerRecord& record) override;
  void end_sharing() override;

  /// Throws Error(fatal) where the repository is not where it was: all that is known of its
  /// workers, and told to them, is by path.
  void refuse_moved() const;

  /// What a plan with all its tasks in flow is not completed with: flow fails what verifies.
  std::optional<supervisor::Landing> red_flow();

 private:
  [[nodiscard]] Workspace open() const {
    refuse_moved();
    return {setup_.settings, setup_.notices};
  }
  [[nodiscard]] supervisor::ProcessSpec own_process(std::vector<std::string> words,
                                                    const std::string& log) const;
  /// The words of the process that looks after it.
  [[nodiscard]] std::vector<std::string> worker_words(const supervisor::WorkerRecord& record) const;
  [[nodiscard]] std::string wanted_now(const supervisor::WorkerRecord& record) const;
  /// What its command says that it has used is in the record.
  void take_usage(supervisor::WorkerRecord& record) const;
  [[nodiscard]] std::string log_file(const supervisor::WorkerRecord& record) const;

  /// Once, before any worker starts or anything is merged: flow is right as it stands then.
  void trust_flow(const Workspace& workspace, const PlanView& view);

  [[nodiscard]] std::optional<int> idle_slot(const Workspace& workspace,
                                             const std::set<int>& idle) const;
  [[nodiscard]] bool is_idle(const Workspace& workspace, int worker) const;
  [[nodiscard]] int free_slot_number(const Workspace& workspace) const;
  /// Nothing where the task has one that was left half made.
  [[nodiscard]] std::optional<int> slot_for(const Workspace& workspace, const PlanView& view,
                                            TaskIndex index,
                                            const supervisor::Claimable& claimable) const;
  supervisor::WorkerRecord reserve(Workspace& workspace, const PlanView& view, const Wanted& wanted,
                                   const std::string& agent);
  /// What can start here: where machines share the plan, what was claimed for it.
  [[nodiscard]] bool may_start(const Workspace& workspace, const PlanView& view, TaskIndex task,
                               const supervisor::Claimable& claimable) const;
  /// Of runs that died, what the remote has not given to others.
  void leave_to_others(std::vector<supervisor::WorkerRecord>& adopted);

  RunSetup setup_;
  std::string base_folder_;
  Place place_;
  std::string logs_folder_;
  supervisor::WorkerRecords records_;
  std::optional<WorkerCare> care_;
  std::optional<DoneTasks> done_;
  std::optional<RunSharing> sharing_;  ///< where machines share the plan
  bool was_cut_short_ = false;         ///< an earlier run was, or another one is under way
  bool flow_trusted_ = false;
  int retries_ = 1;  ///< of what is red, before it is called so
};

}  // namespace gitplan::commands
