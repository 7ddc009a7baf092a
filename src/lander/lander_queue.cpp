// The queue of a flow branch while it is this lander's turn: whose turn it is, and what happens
// meanwhile. See lander_state.hpp; what the queue decides is carried out in lander_decisions.cpp.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "lander/given_up.hpp"
#include "lander/history.hpp"
#include "lander/lander_state.hpp"
#include "lander/told.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/done_refs.hpp"
#include "session/following.hpp"
#include "session/keeping.hpp"
#include "session/ready_branch.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::lander {
namespace {

using landing::FlowMoved;
using landing::Verdict;
using supervisor::Landing;
using Outcome = Landing::Outcome;

/// Several branches may come to one name: they take turns.
std::string turn_name(std::string flow_branch) {
  std::ranges::replace(flow_branch, '/', '+');
  return "queue-" + flow_branch;
}

/// For the report of each of their sessions.
void note_verification(const Ground& ground, const std::vector<landing::Task>& tasks,
                       double seconds) {
  std::set<std::string> sessions;
  for (const landing::Task& task : tasks)
    sessions.insert(task.text.substr(0, task.text.rfind('/')));
  History one;
  one.verifications = 1;
  one.seconds = seconds;
  for (const std::string& session : sessions) add_to_history(ground.repository(), session, one);
}

/// What was handed in is not what its branch has by now, but for other commits in their place.
bool is_set_back(const Ground& ground, const Placed& placed, const HandIn& hand_in,
                 const git::Oid& tip) {
  const git::Repository& repository = ground.repository();
  const git::Oid& before = *hand_in.tip;
  if (placed.view->is_merged(placed.task) || git::is_ancestor(repository, before, tip))
    return false;
  const auto& record = hand_in.record;
  const std::uint32_t number = task_number(record.task).value_or(0);
  const Ledger ledger(repository, record.session);
  const bool is_others = ledger.file_in(before, number) && !ledger.file_in(tip, number);
  if (is_others || git::is_ancestor(repository, tip, before)) return true;
  const auto& flow = placed.view->flow().commit;
  return !may_be_empty(record) && flow &&
         !has_own_work(repository, {record.session, number}, *flow, tip);
}

}  // namespace

// --- whose turn it is ---

bool Lander::may_be_alive(const HandIn& hand_in) const {
  return git::may_be_alive(state_folder_, hand_in.record.run);
}

bool Lander::is_our_turn() const {
  const auto waits = [this](const HandIn& one) {
    return one.is_queued() && !one.is_offered() && one.flow_branch == setup_->flow_branch &&
           may_be_alive(one);
  };
  const auto oldest = std::ranges::find_if(hand_ins_, waits);
  return oldest != hand_ins_.end() && oldest->verify == setup_->verify;
}

void Lander::begin(const Ground& ground) {
  turn_ = git::try_lock(ground.repository(), turn_name(setup_->flow_branch));
  if (turn_) begin_again();
}

void Lander::begin_again() {
  verifier_->cancel_all();
  jobs_.clear();
  queue_.emplace(policy_);
  flow_.reset();
  queued_.clear();
  known_.clear();
  tasks_of_.clear();
  about_to_land_.reset();
  held_.clear();
}

void Lander::serve(Ground& ground) {
  follow_flow(ground);
  follow_tasks(ground);
  if (!may_verify(ground)) return show_states();
  take_verifications(ground);
  open_gates();
  land_what_may(ground);
  carry_out(ground);
  show_states();
  if (!queue_->is_idle() || is_our_turn()) return;
  give_turn_back(ground);
  turn_.reset();
}

bool Lander::may_verify(const Ground& ground) {
  if (setup_->verify.empty() || ground.workspace().shared_remote() == nullptr) return true;
  if (!lease_)
    lease_.emplace(setup_->flow_branch, setup_->run.empty() ? new_run_name() : setup_->run);
  if (!lease_->is_held() && queue_->is_idle() && queued_.empty()) return true;
  const bool had = lease_->is_held();
  if (lease_->have(ground.workspace())) return true;
  if (had) begin_again();  // somebody else has verified, and landed, since
  return false;
}

void Lander::give_turn_back(const Ground& ground) {
  if (lease_) lease_->release(ground.workspace());
}

/// Nothing more of ours is verified, or others wait with theirs.
bool Lander::ends_turn(const Ground& ground, const landing::Land& land) const {
  if (!lease_ || !lease_->is_held()) return false;
  if (queued_.size() <= land.tasks.size()) return true;
  const ClaimsSeen seen = claims_seen(ground.workspace(), setup_->settings.plan.value_or(""));
  return std::ranges::any_of(seen.all, [&](const auto& one) {
    const auto& claim = one.second.claim;
    return !seen.own.contains(one.first) && claim && claim->state == remote::ClaimState::done;
  });
}

std::vector<landing::Task> Lander::waiting_in(const landing::Commit& merge) const {
  std::vector<landing::Task> tasks;
  const auto all = tasks_of_.find(merge);
  if (all == tasks_of_.end()) return tasks;
  std::ranges::copy_if(all->second, std::back_inserter(tasks),
                       [this](const landing::Task& task) { return queued_.contains(task); });
  return tasks;
}

/// For whoever looks at the hand-ins.
void Lander::show_states() {
  std::set<landing::Task> verifying;
  for (const auto& [job, one] : jobs_) verifying.insert(one.tasks.begin(), one.tasks.end());
  for (auto& [task, hand_in] : queued_) {
    const auto state = held_.contains(task)       ? HandIn::State::held
                       : verifying.contains(task) ? HandIn::State::verifying
                                                  : HandIn::State::waiting;
    if (std::exchange(hand_in.state, state) != state) files_->update(hand_in);
  }
}

// --- what happens meanwhile ---

void Lander::follow_flow(Ground& ground) {
  const auto flow = flow_tip(ground.workspace(), setup_->flow_branch);
  if (!flow) {
    throw Error(ErrorKind::wrong_state,
                fmt::format("there is no branch '{}'", text::printable(setup_->flow_branch)),
                Hint{"to make it, run: git plan init"});
  }
  if (flow_ == flow) return;
  flow_ = flow;
  const bool is_known = setup_->verify.empty() || land_ == LandBy::others ||
                        setup_->by == HandIn::By::person || trust(ground).knows(*flow);
  queue_->on(FlowMoved{point_of(ground.repository(), *flow),
                       is_known ? FlowMoved::Trust::unasked : FlowMoved::Trust::verify_first});
}

void Lander::follow_tasks(Ground& ground) {
  std::set<landing::Task> gone;
  for (const auto& [task, one] : queued_) gone.insert(task);
  bool is_others_turn = false;
  for (const HandIn& one : hand_ins_) {
    if (one.flow_branch != setup_->flow_branch || !one.is_queued() || one.is_offered()) continue;
    if (!may_be_alive(one) || refused_.contains(queue_name(one))) continue;
    is_others_turn = is_others_turn || one.verify != setup_->verify;
    if (one.verify != setup_->verify) continue;
    gone.erase(queue_name(one));
    if (is_others_turn && !queued_.contains(queue_name(one))) continue;
    if (!may_join(queue_name(one))) continue;
    follow_task(ground, one);
  }
  for (const landing::Task& task : gone) leave(task);
}

void Lander::follow_task(Ground& ground, HandIn hand_in) {
  const landing::Task task = queue_name(hand_in);
  const auto tip = tip_now(ground, hand_in);
  if (auto landing = withdrawn(ground, hand_in, tip)) {
    leave(task);
    return finish(ground, std::move(hand_in), *std::move(landing));
  }
  if (has_moved(ground, hand_in, tip)) files_->update(hand_in);
  const auto known = queued_.find(task);
  if (known != queued_.end() && known->second.tip == hand_in.tip) return;
  const int generation = ++known_[task].generation;
  queued_.insert_or_assign(task, std::move(hand_in));
  queue_->on(landing::Done{task, generation});
}

std::optional<git::Oid> Lander::tip_now(Ground& ground, const HandIn& hand_in) {
  const auto placed = ground.find(hand_in);
  const TaskBranch* known = placed ? placed->view->task_branch(placed->task) : nullptr;
  const std::string& name = known != nullptr ? known->name : hand_in.record.branch;
  return git::read_ref(ground.repository(), ref_names::branch_ref(name));
}

bool Lander::has_moved(const Ground& ground, HandIn& hand_in, const std::optional<git::Oid>& tip) {
  if (!tip || tip == hand_in.tip) return false;
  if (!hand_in.is_direct)
    set_done(ground.repository(), hand_in.record.session, hand_in.record.task, *tip);
  hand_in.tip = tip;
  return true;
}

void Lander::leave(const landing::Task& task) {
  const auto known = known_.find(task);
  if (known == known_.end()) return;
  queue_->on(landing::Left{task, known->second.generation});
  queued_.erase(task);
}

std::optional<Landing> Lander::withdrawn(Ground& ground, const HandIn& hand_in,
                                         const std::optional<git::Oid>& tip) const {
  const auto& record = hand_in.record;
  const auto placed = ground.find(hand_in);
  if (!placed) return landing_of_removed();
  const bool is_done =
      !hand_in.is_direct && done_ref(ground.repository(), record.session, record.task);
  const bool is_pending = placed->view->status(placed->task) == Status::pending;
  // A branch may be deleted as if it were merged; who takes a task back drops the ref first.
  auto given_up = landing_of_given_up(*placed->view, placed->task);
  if (given_up && !(is_pending && is_done)) return given_up;
  if (placed->view->in_flow(placed->task)) {
    const bool is_over = !hand_in.is_direct && !is_done;
    return is_over ? std::optional(landing_as(Outcome::already_merged, "merged by somebody else"))
                   : std::nullopt;
  }
  if (!hand_in.is_direct && !is_done)
    return landing_as(Outcome::taken_back, "it was taken back meanwhile");
  if (!tip || !is_set_back(ground, *placed, hand_in, *tip)) return std::nullopt;
  return landing_as(Outcome::taken_back, fmt::format("its branch was set back meanwhile, from {}",
                                                     hand_in.tip->hex().substr(0, 10)));
}

/// Somebody has killed its process, or the system had no memory left: that says nothing of a tree.
void Lander::verify_again(Running running, const Verification& lost) {
  constexpr int most_lost = 3;
  if (!lost.is_killed || ++running.lost > most_lost) {
    throw Error(ErrorKind::fatal, "cannot verify: " + supervisor::last_line(lost.log),
                Hint{"to see all of it, run: cat " + text::shell_quote(lost.log)});
  }
  verifier_->start(lost.job, running.what.point.commit.text);
  jobs_[lost.job] = std::move(running);
}

void Lander::take_verifications(Ground& ground) {
  for (const Verification& one : verifier_->ended()) {
    auto node = jobs_.extract(one.job);
    if (node.empty()) continue;
    const landing::Verify& what = node.mapped().what;
    if (!one.exit_status) {
      verify_again(std::move(node.mapped()), one);
      continue;
    }
    if (!one.is_green()) reds_[what.point.tree] = one;
    if (one.is_green() && flow_ && what.point.commit.text == flow_->hex())
      trust(ground).note(*flow_, FlowTrust::Found::green);
    setup_->tell(supervisor::Verification{
        what.point.tree.text, names_for(setup_->settings.plan.value_or(""), node.mapped().tasks),
        one.is_green(), one.seconds});
    note_verification(ground, node.mapped().tasks, one.seconds);
    queue_->on(landing::Verified{one.job, one.is_green() ? Verdict::green : Verdict::red});
  }
}

}  // namespace gitplan::lander
