#include "commands/wave/keeper.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/task/starting.hpp"
#include "commands/wave/keeper_news.hpp"
#include "commands/wave/worker_process.hpp"
#include "lander/hand_in.hpp"
#include "lander/lander.hpp"
#include "plan/ids.hpp"
#include "session/keeping.hpp"
#include "session/next_tasks.hpp"
#include "session/push_pace.hpp"
#include "session/ready_branch.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Connection;
using supervisor::LostTask;
using supervisor::WorkerRecord;
using Time = remote::Keeping::Time;

constexpr Time step_every{100};
/// A look is a matter of seconds: what another process of this clone pushed meanwhile is no news.
constexpr Time after_a_lost_race{500};

bool is_away(const Error& error) {
  return error.code() == "remote_unreachable" || error.code() == "remote_unknown" ||
         error.code() == "remote_locked";
}

class Keeper {
 public:
  Keeper(Workspace& workspace, const KeepRequest& request)
      : settings_(workspace.settings()),
        notices_(workspace.notices()),
        request_(&request),
        reader_(&workspace),
        keeping_(
            {lease_time(workspace), lander::poll_time(workspace.config()), most_pushes(workspace)},
            workspace.shared_remote()->machine()) {
    const PlanView view(workspace, workspace.store().load(*settings_.plan));
    plan_ = {view.session(), view.plan().flow_branch};
  }

  void run() {
    const pid_t parent = ::getppid();
    while (::getppid() == parent && is_going_on()) std::this_thread::sleep_for(step_every);
  }

 private:
  bool is_going_on() {
    try {
      step();
      return true;
    } catch (const Error& error) {
      if (is_away(error)) return go_offline(error);
      if (error.kind() == ErrorKind::lost_race && error.code() != "remote_refused") {
        std::this_thread::sleep_for(after_a_lost_race);
        keeping_.look_soon();
        return true;
      }
      const std::string hint = error.hints().empty() ? "" : error.hints().front().text;
      say(supervisor::KeeperFailed{error.what(), hint});
      return false;
    }
  }

  bool go_offline(const Error& error) {
    keeping_.not_reached(pace_time(), random());
    say(Connection{true, error.what()});
    return true;
  }

  void came_through() {
    if (keeping_.is_offline()) say(Connection{false});
    keeping_.reached();
  }

  double random() { return std::uniform_real_distribution<double>(0, 1)(engine_); }
  void say(const supervisor::KeeperNews& news) const { request_->say(encode(news)); }
  [[nodiscard]] Workspace open() const { return {settings_, notices_}; }

  void step() {
    const Time time = pace_time();
    if (!keeping_.may_try(time)) return;
    if (const auto pushed = last_push(*reader_)) keeping_.pushed(*pushed);
    wants_ = read_wants(*reader_, request_->run).value_or(RunWants{});
    if (wants_.run.empty()) return;
    if (keeping_.must_look(time)) look();
    if (keeping_.must_renew(time) || (must_tell_done_ && keeping_.may_push(time))) renew();
    if (wants_ != seen_to_) see_to_wants();
  }

  // --- what others did ---

  void look() {
    Workspace workspace = open();
    workspace.begin_write();
    const Time began = pace_time();
    const bool has_moved = look_at_remote(workspace, plan_);
    came_through();
    const ClaimsSeen seen = claims_seen(workspace, plan_.session);
    keeping_.looked(began, pace_time(), seen.all, seen.own);
    keeping_.wait_to_look(pace_time(), random());
    holds_any_ = !seen.own.empty();
    const PlanView view(workspace, workspace.store().load(plan_.session));
    find_lost(workspace, view, seen);
    sweep(workspace, view);
    must_tell_done_ = lander::waits_for_others(workspace.config()) && is_done_untold(view, seen);
    seen_to_.reset();  // what may be claimed may be something else now
    if (has_moved) say(supervisor::Stirred{});
  }

  /// Whose claim is not ours. One look may have read its parts at different moments, and somebody
  /// here may be about to say so: two must agree.
  void find_lost(const Workspace& workspace, const PlanView& view, const ClaimsSeen& seen) {
    std::map<std::string, LostTask> lost;
    for (const std::string& task : cared_for(workspace)) {
      if (auto found = judge(workspace, view, seen, task)) lost.emplace(task, *std::move(found));
    }
    for (const auto& [task, one] : lost) {
      if (suspects_.contains(task)) say(one);
    }
    if (!lost.empty()) keeping_.look_soon();
    suspects_ = std::move(lost);
  }

  /// Working, or done and waiting to land.
  [[nodiscard]] std::set<std::string> cared_for(const Workspace& workspace) const {
    std::set<std::string> tasks;
    for (const WorkerRecord& one : worker_records(workspace).all()) {
      if (one.session == plan_.session && one.run == wants_.process &&
          one.phase != WorkerRecord::Phase::idle)
        tasks.insert(one.task);
    }
    for (const lander::HandIn& one : lander::HandIns(workspace.repository()).all()) {
      if (one.record.session == plan_.session && one.record.run == wants_.process && !one.outcome)
        tasks.insert(one.record.task);
    }
    return tasks;
  }

  [[nodiscard]] std::optional<LostTask> judge(const Workspace& workspace, const PlanView& view,
                                              const ClaimsSeen& seen,
                                              const std::string& task) const {
    const std::string ref =
        workspace.shared_remote()->names().claim(plan_.session, task_number(task).value_or(0));
    const auto index = view.plan().find(task);
    if (!index) return LostTask{LostTask::Why::over, task, "it is in the plan no more"};
    const auto at = static_cast<TaskIndex>(*index);
    if (auto why = given_up(view, at)) return LostTask{LostTask::Why::over, task, *why};
    if (seen.own.contains(ref)) return std::nullopt;
    if (view.in_flow(at)) return LostTask{LostTask::Why::over, task, "completed by others"};
    const auto there = seen.all.find(ref);
    const std::string who =
        there == seen.all.end()
            ? "its claim is gone"
            : "claimed by " + gitplan::describe(SeenClaim{there->second, false});
    return LostTask{LostTask::Why::superseded, task, who};
  }

  /// What waits for somebody else to merge it is to be seen by them.
  [[nodiscard]] bool is_done_untold(const PlanView& view, const ClaimsSeen& seen) const {
    return std::ranges::any_of(seen.own, [&](const std::string& ref) {
      const auto task = task_of_claim(*reader_, view, ref);
      const auto& claim = seen.all.at(ref).claim;
      return task && view.done_at(*task) && claim && claim->run == wants_.run &&
             claim->state == remote::ClaimState::held;
    });
  }

  /// Claims that somebody left behind, of tasks that are over.
  void sweep(const Workspace& workspace, const PlanView& view) {
    std::vector<std::pair<std::string, git::Oid>> claims;
    for (const std::string& ref : keeping_.expired()) {
      const auto task = task_of_claim(workspace, view, ref);
      const auto object = keeping_.watched(ref);
      if (task && object && is_over(view, *task)) claims.emplace_back(ref, *object);
    }
    const auto cared = cared_for(workspace);
    for (const auto& [ref, claim] : claims_seen(workspace, plan_.session).all) {
      const auto task = task_of_claim(workspace, view, ref);
      const bool is_ours = claim.claim && claim.claim->run == wants_.run;
      if (task && is_ours && is_over(view, *task) && !cared.contains(view.task(*task).id))
        claims.emplace_back(ref, claim.object);
    }
    if (!claims.empty() && keeping_.may_push(pace_time())) sweep_claims(workspace, plan_, claims);
  }

  [[nodiscard]] static bool is_over(const PlanView& view, TaskIndex task) {
    const Status status = view.status(task);
    return status == Status::completed || status == Status::failed || status == Status::cancelled;
  }

  // --- what it holds ---

  void renew() {
    if (!holds_any_ && !wants_.but.empty()) return;
    const Workspace workspace = open();
    const Time began = pace_time();
    holds_any_ = renew_claims(workspace, plan_, wants_.claimed_by(), left_out_);
    came_through();
    keeping_.renewed(began);
    must_tell_done_ = false;
    const ClaimsSeen seen = claims_seen(workspace, plan_.session);
    if (seen.own.size() < cared_for(workspace).size()) keeping_.look_soon();
  }

  // --- what it claims ---

  void see_to_wants() {
    const Workspace workspace = open();
    while (true) {
      const PlanView view(workspace, workspace.store().load(plan_.session));
      const int own = unassigned(workspace, view);
      auto wanted = candidates(workspace, view, wants_.room - own);
      if (wanted.empty()) return all_seen_to(view, own > 0);
      if (!keeping_.may_push(pace_time())) return;
      if (claim(workspace, view, wanted)) return;
    }
  }

  /// False: what was looked at has changed.
  bool claim(const Workspace& workspace, const PlanView& view, const std::vector<Wanted>& wanted) {
    const Time began = pace_time();
    for (const Wanted& one : wanted) {
      if (one.replaces) take_remote_work(workspace, view, one.task, one.branch);
    }
    const auto claiming =
        claim_tasks(workspace, view, wanted, Take::free_ones, wants_.claimed_by());
    came_through();
    if (claiming.is_stale) return keep_from_looping(workspace);
    if (!std::exchange(holds_any_, true)) keeping_.renewed(began);
    say(supervisor::Stirred{});
    return true;
  }

  /// Where another machine has what was wanted, the next look tells.
  bool keep_from_looping(const Workspace& workspace) {
    const ClaimsSeen seen = claims_seen(workspace, plan_.session);
    keeping_.looked(pace_time(), pace_time(), seen.all, seen.own);
    return false;
  }

  void all_seen_to(const PlanView& view, bool has_own) {
    seen_to_ = wants_;
    if (has_own) say(supervisor::Stirred{});
    const bool waits = keeping_.is_any_expiring() && view.state() != schedule::State::completed;
    say(supervisor::SeenTo{wants_.stands_on, waits});
  }

  /// Claims of this run that it has not begun with.
  [[nodiscard]] int unassigned(const Workspace& workspace, const PlanView& view) const {
    const SharedRemote& shared = *workspace.shared_remote();
    return claimed_ahead(workspace, view, wants_,
                         [&](const std::string& ref) { return shared.seen(ref); });
  }

  [[nodiscard]] std::vector<TaskIndex> own_claims(const Workspace& workspace,
                                                  const PlanView& view) const {
    std::vector<TaskIndex> tasks;
    for (const std::string& ref : claims_seen(workspace, plan_.session).own) {
      if (const auto task = task_of_claim(workspace, view, ref)) tasks.push_back(*task);
    }
    return tasks;
  }

  std::vector<Wanted> candidates(const Workspace& workspace, const PlanView& view, int room) const {
    std::vector<Wanted> wanted;
    if (room <= 0) return wanted;
    std::set<int> taken;
    const auto own = own_claims(workspace, view);
    const auto add = [&](Wanted one) {
      if (static_cast<int>(wanted.size()) >= room) return;
      taken.insert(one.worker);
      wanted.push_back(std::move(one));
    };
    for (Wanted& one : expired(workspace, view)) add(std::move(one));
    for (const TaskIndex task : next_tasks(workspace, view, wants_.overlapping).tasks) {
      if (!wants_.asks_for(view.task(task).id) || std::ranges::find(own, task) != own.end())
        continue;
      add(place_task(workspace, view, task, std::nullopt, taken));
    }
    return wanted;
  }

  /// What others had, and did not renew for as long as they said.
  [[nodiscard]] std::vector<Wanted> expired(const Workspace& workspace,
                                            const PlanView& view) const {
    std::vector<Wanted> wanted;
    if (!view.plan().hold.empty()) return wanted;
    const ClaimsSeen seen = claims_seen(workspace, plan_.session);
    for (const std::string& ref : keeping_.expired()) {
      const auto task = task_of_claim(workspace, view, ref);
      const auto there = seen.all.find(ref);
      if (!task || is_over(view, *task) || !wants_.asks_for(view.task(*task).id) ||
          there == seen.all.end() || there->second.object != keeping_.watched(ref))
        continue;
      Wanted one = place_task(workspace, view, *task, std::nullopt);
      const auto& claim = there->second.claim;
      if (view.task_branch(*task) == nullptr && claim && !claim->branch.empty())
        one.branch = claim->branch;
      one.replaces = there->second.object;
      wanted.push_back(std::move(one));
    }
    return wanted;
  }

  Settings settings_;
  Notices notices_;
  const KeepRequest* request_;
  Workspace* reader_;
  KeptPlan plan_;
  remote::Keeping keeping_;
  RunWants wants_;
  std::optional<RunWants> seen_to_;
  std::map<std::string, LostTask> suspects_;
  std::set<std::string> left_out_;  ///< branches that the host does not take
  bool holds_any_ = false;
  bool must_tell_done_ = false;
  std::mt19937_64 engine_{std::random_device{}()};
};

}  // namespace

void keep_for_run(Workspace& workspace, const KeepRequest& request) {
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  Keeper(workspace, request).run();
}

}  // namespace gitplan::commands
