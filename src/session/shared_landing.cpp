#include "session/shared_landing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/following.hpp"
#include "session/guard.hpp"
#include "session/landing_lease.hpp"
#include "session/next_tasks.hpp"
#include "session/overtaken.hpp"
#include "session/publishing.hpp"
#include "session/run_wants.hpp"
#include "session/task_object.hpp"
#include "session/unshared.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Keeps what would be moved.
class Planned : public PlanMover {
 public:
  git::SwapResult move(const PlanMove& move) override {
    move_ = move;
    return git::SwapResult::swapped;
  }
  [[nodiscard]] const std::optional<PlanMove>& what() const { return move_; }

 private:
  std::optional<PlanMove> move_;
};

/// The plan's next version, which records what flow has at `to`; nothing where it says so by now.
std::optional<PlanMove> recorded(const Workspace& workspace, const std::string& session,
                                 const git::Oid& to) {
  Planned planned;
  const PlanStore store(workspace.repository(), planned);
  (void)store.update(session, "Record completed tasks", [&](const StoredPlan& current) {
    Ledger ledger(workspace.repository(), session);
    Plan after = current.plan;
    record_merged(after, ledger.flow_at(to));
    return after;
  });
  return planned.what();
}

[[noreturn]] void refuse_foreign(const LandingTask& task, const SeenClaim& claim) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' is claimed by {}; nothing was merged",
                          text::printable(task.task), describe(claim)),
              Hint{fmt::format("to take it over, run: git task start --take {}", task.task)})
      .with_code("claimed");
}

[[noreturn]] void refuse_pushed_to(const LandingTask& task, const std::string& remote) {
  const std::string branch = text::shell_quote(fmt::format("{}/{}", remote, task.branch));
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' has commits on remote '{}' that are not here; nothing was merged",
                          text::printable(task.branch), text::printable(remote)),
              Hint{fmt::format("to have them, run in its worktree: git merge {}", branch)})
      .with_code("pushed_to");
}

[[noreturn]] void refuse_unshared_branch(const SharedRemote& shared, const std::string& branch) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("remote '{}' was not seen to have branch '{}'; nothing was merged",
                          text::printable(shared.remote()), text::printable(branch)),
              Hint{"to share it, run: git plan share " + text::shell_quote(shared.remote())})
      .with_code("unshared");
}

class SharedLander {
 public:
  SharedLander(const Workspace& workspace, const std::string& flow_branch, const git::Oid& from,
               const git::Oid& to, const std::vector<LandingTask>& tasks, const LandingFor& by,
               LandingWatch& watch)
      : workspace_(&workspace),
        by_(by),
        watch_(watch),
        shared_(workspace.shared_remote()),
        flow_branch_(&flow_branch),
        flow_(ref_names::branch_ref(flow_branch)),
        from_(from),
        to_(to),
        tasks_(&tasks),
        own_(remote::GitNotebook(workspace.repository()).notes()) {
    for (const LandingTask& task : tasks) sessions_.insert(task.session);
  }

  /// Nothing: another machine verifies.
  std::optional<SharedLanding> run() {
    if (!shared_->seen(flow_)) refuse_unshared_branch(*shared_, *flow_branch_);
    const git::NamedLock turn(workspace_->repository(), "plans");  // it writes them, too
    Publishing publishing(workspace_->repository(), *shared_);
    const auto ended = publishing.write(*flow_branch_, patterns(),
                                        [this](const remote::Seen& seen) { return decide(seen); });
    if (must_wait_) return std::nullopt;
    follow_flow(*workspace_, *flow_branch_);
    for (const std::string& session : sessions_) follow_shared(*workspace_, session, *flow_branch_);
    if (ended.kind == remote::Ended::Kind::pushed) return SharedLanding::landed;
    if (flow_tip(*workspace_, *flow_branch_) != shared_->seen(flow_))
      refuse_unpublished(*shared_, *flow_branch_);
    for (const std::string& session : sessions_) refuse_unless_followed(session);
    return SharedLanding::stale;
  }

 private:
  /// What does not follow was set back, deleted there, or written here alone: looking again would
  /// end alike.
  void refuse_unless_followed(const std::string& session) const {
    const std::string ref = ref_names::plan_ref(session);
    const auto seen = shared_->seen(ref);
    if (!seen) refuse_unshared(*shared_, session);
    if (git::read_ref(workspace_->repository(), ref) != seen)
      refuse_unpublished(*shared_, ref_names::plan_branch(session));
  }

  [[nodiscard]] std::vector<std::string> patterns() const {
    std::vector<std::string> all{flow_, landing()};
    for (const std::string& session : sessions_) {
      all.push_back(ref_names::plan_ref(session));
      all.push_back(shared_->names().claims(session));
    }
    return all;
  }

  [[nodiscard]] std::string landing() const { return shared_->names().landing(*flow_branch_); }

  std::optional<remote::Transaction> decide(const remote::Seen& seen) {
    must_wait_ = watch_.is_held(*workspace_, seen.at(landing()));
    if (must_wait_ || seen.at(flow_) != from_) return std::nullopt;
    remote::Transaction made;
    if (by_.ends_lease) made.moves.push_back({landing(), seen.at(landing()), std::nullopt});
    made.pre_push = remote::Push::PrePush::run;
    made.moves.push_back({flow_, from_, to_});
    for (const std::string& session : sessions_) {
      const auto plan = plan_of(session);
      if (!plan) continue;
      if (seen.at(ref_names::plan_ref(session)) != plan->from) return std::nullopt;
      made.moves.push_back({ref_names::plan_ref(session), plan->from, plan->to});
    }
    for (const LandingTask& task : *tasks_) land(seen, task, made);
    if (by_.run != nullptr && sessions_.contains(by_.session)) claim_following(seen, made);
    return made;
  }

  /// What the run has room for then.
  void claim_following(const remote::Seen& seen, remote::Transaction& made) {
    const PlanView view(*workspace_, workspace_->store().load(by_.session));
    const auto& plan = plan_of(by_.session);
    if (!plan || view.stored().commit != plan->from || view.flow().commit != from_) return;
    const auto landed = landed_of(view);
    int room = by_.run->room - claimed_ahead(*workspace_, view, *by_.run,
                                             [&](const std::string& ref) { return seen.at(ref); });
    for (const TaskIndex task : landed) room += view.slot(task) != nullptr ? 1 : 0;
    std::set<int> taken;
    for (const TaskIndex task :
         next_tasks_after(*workspace_, view, by_.run->overlapping, landed).tasks) {
      const std::string ref = claim_of_task(view, task);
      if (room <= 0) return;
      if (!by_.run->asks_for(view.task(task).id) || is_held(seen, ref)) continue;
      const Wanted wanted = place(view, task, taken);
      add_claim(workspace_->repository(), *shared_, view, wanted, seen.at(ref), made,
                by_.run->claimed_by());
      --room;
    }
  }

  [[nodiscard]] Wanted place(const PlanView& view, TaskIndex task, std::set<int>& taken) const {
    const TaskBranch* known = view.task_branch(task);
    const int worker = workspace_->slots().lowest_free(taken);
    taken.insert(worker);
    return {task, worker,
            known != nullptr ? known->name
                             : ref_names::task_branch(view.task(task).id, slug_of(view, task))};
  }

  [[nodiscard]] std::string claim_of_task(const PlanView& view, TaskIndex task) const {
    return shared_->names().claim(view.session(), task_number(view.task(task).id).value_or(0));
  }

  [[nodiscard]] bool is_held(const remote::Seen& seen, const std::string& ref) const {
    const auto object = seen.at(ref);
    return object && remote::is_held(remote::standing_claim(workspace_->repository(), *object));
  }

  [[nodiscard]] std::vector<TaskIndex> landed_of(const PlanView& view) const {
    std::vector<TaskIndex> landed;
    for (const LandingTask& task : *tasks_) {
      const auto index = view.plan().find(task.task);
      if (index && task.session == view.session()) landed.push_back(static_cast<TaskIndex>(*index));
    }
    return landed;
  }

  [[noreturn]] void refuse_lost(const LandingTask& task,
                                const std::optional<remote::StandingClaim>& standing) const {
    LostClaim error(
        ErrorKind::wrong_state,
        standing ? "claimed by " + describe(SeenClaim{*standing, false}) : "its claim is gone");
    error.session = task.session;
    error.task = task.task;
    throw error;
  }

  /// Made once: what it stands on is leased.
  const std::optional<PlanMove>& plan_of(const std::string& session) {
    const auto known = plans_.find(session);
    if (known != plans_.end()) return known->second;
    return plans_[session] = recorded(*workspace_, session, to_);
  }

  void land(const remote::Seen& seen, const LandingTask& task, remote::Transaction& made) const {
    const std::uint32_t number = task_number(task.task).value_or(0);
    const std::string claim = shared_->names().claim(task.session, number);
    const auto object = seen.at(claim);
    if (by_.run != nullptr && !object) refuse_lost(task, std::nullopt);
    if (object) {
      const auto standing = remote::standing_claim(workspace_->repository(), *object);
      const auto note = std::ranges::find(own_, *object, &remote::Note::claim);
      if (note == own_.end() && by_.run != nullptr) refuse_lost(task, standing);
      if (note == own_.end() && remote::is_held(standing)) refuse_foreign(task, {standing, false});
      if (note != own_.end()) {
        made.moves.push_back({claim, object, std::nullopt});
        made.notes.push_back(*note);
        made.notes.back().lands = to_;
      }
    }
    push_branch(task, made);
    const std::string done = shared_->names().done(task.session, number);
    if (const auto there = shared_->seen(done)) made.moves.push_back({done, there, std::nullopt});
  }

  void push_branch(const LandingTask& task, remote::Transaction& made) const {
    if (task.branch.empty()) return;
    const std::string ref = ref_names::branch_ref(task.branch);
    const auto there = shared_->seen(ref);
    if (there == task.tip) return;
    if (there && !git::is_ancestor(workspace_->repository(), *there, task.tip))
      refuse_pushed_to(task, shared_->remote());
    made.moves.push_back({ref, there, task.tip});
  }

  const Workspace* workspace_;
  const LandingFor& by_;
  LandingWatch& watch_;
  bool must_wait_ = false;
  const SharedRemote* shared_;
  const std::string* flow_branch_;
  std::string flow_;
  git::Oid from_;
  git::Oid to_;
  const std::vector<LandingTask>* tasks_;
  std::vector<remote::Note> own_;
  std::set<std::string> sessions_;
  std::map<std::string, std::optional<PlanMove>> plans_;
};

/// A moment, and then what stands there by then.
void wait_for_turn(const Workspace& workspace, const std::string& flow_branch) {
  constexpr std::chrono::seconds moment{1};
  std::this_thread::sleep_for(moment);
  const SharedRemote& shared = *workspace.shared_remote();
  Publishing(workspace.repository(), shared).look({shared.names().landing(flow_branch)});
}

}  // namespace

std::function<bool(const git::Oid& from, const git::Oid& to)> publishing_into(
    const Workspace& workspace, std::string flow_branch, std::vector<LandingTask> tasks) {
  if (workspace.shared_remote() == nullptr) return {};
  return [&workspace, flow_branch = std::move(flow_branch), tasks = std::move(tasks),
          overtaken = Overtaken()](const git::Oid& from, const git::Oid& to) mutable {
    if (publish_landing(workspace, flow_branch, from, to, tasks) == SharedLanding::landed)
      return true;
    overtaken.once_more(workspace.shared_remote()->remote());
    return false;
  };
}

SharedLanding publish_landing(const Workspace& workspace, const std::string& flow_branch,
                              const git::Oid& from, const git::Oid& to,
                              const std::vector<LandingTask>& tasks, const LandingFor& by) {
  LandingWatch watch;
  bool is_said = false;
  for (;;) {
    const auto became = SharedLander(workspace, flow_branch, from, to, tasks, by, watch).run();
    if (became) return *became;
    if (!std::exchange(is_said, true))
      workspace.note(fmt::format("another machine verifies for '{}': this waits",
                                 text::printable(flow_branch)));
    wait_for_turn(workspace, flow_branch);
  }
}

}  // namespace gitplan
