// The queue of a flow branch, while it is this lander's turn: see lander_state.hpp.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "lander/history.hpp"
#include "lander/lander_state.hpp"
#include "plan/ids.hpp"
#include "session/done_refs.hpp"
#include "session/flow_refusal.hpp"
#include "session/ready_branch.hpp"
#include "store/ref_names.hpp"
#include "store/verified_trees.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::lander {
namespace {

using landing::FlowMoved;
using landing::Verdict;
using supervisor::Landing;
using supervisor::SentBack;
using Outcome = Landing::Outcome;
using Words = std::vector<std::string>;

constexpr std::size_t lines_shown = 20;

/// Several branches may come to one name: they take turns.
std::string turn_name(std::string flow_branch) {
  std::ranges::replace(flow_branch, '/', '+');
  return "queue-" + flow_branch;
}

std::string task_id(const landing::Task& task) {
  return task.text.substr(task.text.rfind('/') + 1);
}

/// By their ids those of this session.
Words names_for(const std::string& session, const std::vector<landing::Task>& tasks) {
  Words names;
  for (const landing::Task& task : tasks)
    names.push_back(task.text.starts_with(session + "/") ? task_id(task) : task.text);
  return names;
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

std::string reflog_of(const landing::Land& land) {
  Words ids;
  for (const auto& one : land.tasks) ids.push_back(task_id(one.task));
  return fmt::format("task done {}: merge", text::join(ids, " "));
}

/// What one worker of a landing is told where all of it is refused.
std::string again_of(const landing::Land& land) {
  return "git task done " + task_id(land.tasks.front().task);
}

std::string why_red(const Verification& red, const LanderSetup& setup) {
  if (red.timed_out)
    return fmt::format("its verification timed out after {} s",
                       setup.timeout.value_or(std::chrono::seconds(0)).count());
  const std::string said = supervisor::last_line(red.log);
  return fmt::format("its verification failed with exit status {}{}{}", red.exit_status.value_or(0),
                     said.empty() ? "" : ": ", text::printable(said));
}

/// So that its worker finds it where it looks.
void append_end(const std::string& from, const std::string& to) {
  const Fd log(::open(to.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (to.empty() || !log) return;
  constexpr std::size_t most_lines = 200;
  const std::string lines = text::join(supervisor::last_lines(from, most_lines), "\n") + "\n";
  if (::write(log.get(), lines.data(), lines.size()) < 0) return;  // a full disk: it is told anyway
}

Landing landing_as(Outcome outcome, std::string reason) {
  Landing made;
  made.outcome = outcome;
  made.reason = std::move(reason);
  return made;
}

/// Flow had what nothing was merged for.
Landing landing_of(const git::Oid& merge, const landing::Land& land, bool flaky) {
  Landing made;
  made.flaky = flaky;
  if (merge.hex() == land.from.text) {
    made.outcome = Outcome::already_merged;
    made.reason = "merged by its worker";
  } else {
    made.outcome = Outcome::merged;
    made.commit = merge.hex();
  }
  return made;
}

Landing conflicting(Words paths, const std::string& flow_branch) {
  Words names;
  for (const std::string& path : paths) names.push_back(text::printable(path));
  Landing made;
  made.outcome = Outcome::conflicts;
  made.reason =
      fmt::format("conflicts with {} in {}", text::printable(flow_branch), text::join(names, ", "));
  made.conflicts = std::move(paths);
  return made;
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
  take_verifications(ground);
  open_gates();
  land_what_may(ground);
  carry_out(ground);
  show_states();
  if (queue_->is_idle() && !is_our_turn()) turn_.reset();
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
  const auto flow = git::read_ref(ground.repository(), ref_names::branch_ref(setup_->flow_branch));
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
    if (!may_be_alive(one)) continue;
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
  if (auto landing = withdrawn(ground, hand_in)) {
    leave(task);
    return finish(ground, std::move(hand_in), *std::move(landing));
  }
  if (has_moved(ground, hand_in)) files_->update(hand_in);
  const auto known = queued_.find(task);
  if (known != queued_.end() && known->second.tip == hand_in.tip) return;
  const int generation = ++known_[task].generation;
  queued_.insert_or_assign(task, std::move(hand_in));
  queue_->on(landing::Done{task, generation});
}

bool Lander::has_moved(const Ground& ground, HandIn& hand_in) const {
  const auto tip = git::read_ref(ground.repository(), ref_names::branch_ref(hand_in.record.branch));
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

std::optional<Landing> Lander::withdrawn(Ground& ground, const HandIn& hand_in) const {
  const auto& record = hand_in.record;
  const auto placed = ground.find(hand_in);
  const auto reason = placed ? given_up(*placed->view, placed->task)
                             : std::optional<std::string>("it is in the plan no more");
  if (reason) {
    const bool is_over = !placed || placed->view->status(placed->task) != Status::pending;
    return landing_as(is_over ? Outcome::given_up : Outcome::taken_back, *reason);
  }
  if (hand_in.is_direct || done_ref(ground.repository(), record.session, record.task))
    return std::nullopt;
  if (placed->view->in_flow(placed->task))
    return landing_as(Outcome::already_merged, "merged by somebody else");
  return landing_as(Outcome::taken_back, "it was taken back meanwhile");
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

// --- what is decided ---

void Lander::carry_out(Ground& ground) {
  while (is_any_waiting() && !is_over_) {
    const auto decisions = queue_->decide();
    if (decisions.empty()) return;
    for (const landing::Decision& decision : decisions)
      std::visit([&](const auto& one) { carry_out(ground, one); }, decision);
  }
}

void Lander::carry_out(Ground& ground, const landing::Merge& wanted) {
  landing::Merge merge = wanted;
  merge.flow.text = flow_->hex();  // something has landed since it was decided, perhaps
  auto outcome = make_merges(ground, queued_, merge);
  std::vector<landing::Task> before = tasks_of_[merge.onto];
  for (std::size_t i = 0; i < outcome.event.points.size(); ++i) {
    const landing::Task& task = merge.tasks[i];
    known_.at(task).merge = oid_of(outcome.event.points[i].commit.text);
    before.push_back(task);
    tasks_of_[outcome.event.points[i].commit] = before;
  }
  const std::size_t made = outcome.event.points.size();
  if (outcome.event.conflict) conflicts_[merge.tasks[made]] = outcome.conflicts;
  queue_->on(outcome.event);
  if (!outcome.problem) return;
  const landing::Task& task = merge.tasks[made];
  HandIn hand_in = queued_.at(task);
  leave(task);
  Landing landing;
  landing.outcome = Outcome::left_work;
  landing.reason = *outcome.problem;
  finish(ground, std::move(hand_in), std::move(landing));
}

void Lander::carry_out(Ground& ground, const landing::Verify& verify) {
  if (verified_trees::has(ground.repository(), oid_of(verify.point.tree.text), setup_->verify)) {
    ground.workspace().note(fmt::format("tree {} was verified by this command before",
                                        verify.point.tree.text.substr(0, 10)));
    queue_->on(landing::Verified{verify.job, Verdict::green});
    return;
  }
  jobs_[verify.job] = {verify, waiting_in(verify.point.commit), 0};
  verifier_->start(verify.job, verify.point.commit.text);
}

void Lander::carry_out(Ground& /*ground*/, const landing::Cancel& cancel) {
  jobs_.erase(cancel.job);
  verifier_->cancel(cancel.job);
}

void Lander::carry_out(Ground& ground, const landing::Land& land) {
  if (land_ == LandBy::others) return offer(ground, land);
  about_to_land_ = land;
  land_what_may(ground);
}

void Lander::land_what_may(Ground& ground) {
  if (!about_to_land_) return;
  const Gated gated = ask_gate(ground, *about_to_land_);
  if (gated == Gated::asked) return;
  const landing::Land land = *std::exchange(about_to_land_, std::nullopt);
  if (gated == Gated::open) return land_now(ground, land);
  queue_->on(landing::NotLanded{land.landing});
}

Lander::Gated Lander::ask_gate(Ground& ground, const landing::Land& land) {
  Gated gated = Gated::open;
  for (const auto& one : land.tasks) {
    const auto hand_in = queued_.find(one.task);
    if (hand_in == queued_.end()) continue;
    const auto answer = gate_->ask(ground, hand_in->second, known_.at(one.task).merge);
    if (!answer) return Gated::asked;
    if (answer->exit_status == 0) continue;
    close_gate(ground, hand_in->second, *answer);
    gated = Gated::closed;
  }
  return gated;
}

/// Held back for a while, or sent back with what the hook wrote.
void Lander::close_gate(Ground& ground, const HandIn& hand_in, const GateAnswer& answer) {
  const HandIn told = hand_in;
  const landing::Task task = queue_name(told);
  gate_->forget(told);
  if (answer.exit_status == supervisor::exit_not_now) {
    Landing held;
    held.outcome = Outcome::held;
    held.reason = supervisor::last_line(answer.log);
    if (is_own(told)) setup_->tell(supervisor::TaskLanding{told.record.task, std::move(held)});
    held_[task] = std::chrono::steady_clock::now() + poll_;
    queue_->on(landing::Held{task, known_.at(task).generation});
    return;
  }
  SentBack back;
  back.command = "wave-pre-land";
  back.exit_status = answer.exit_status;
  back.last_lines = supervisor::last_lines(answer.log, lines_shown);
  append_end(answer.log, told.record.log);
  leave(task);
  Landing landing;
  landing.outcome = Outcome::verification_failed;
  landing.reason =
      fmt::format("the wave-pre-land hook refused it with exit status {}", answer.exit_status);
  landing.exit_status = answer.exit_status;
  landing.sent_back = std::move(back);
  finish(ground, told, std::move(landing));
}

void Lander::open_gates() {
  const auto time = std::chrono::steady_clock::now();
  std::erase_if(held_, [&](const auto& one) {
    if (time < one.second) return false;
    const auto known = known_.find(one.first);
    if (known != known_.end()) queue_->on(landing::Resumed{one.first, known->second.generation});
    return true;
  });
}

void Lander::land_now(Ground& ground, const landing::Land& land) {
  if (!git::object_exists(ground.repository(), oid_of(land.to.commit.text)))
    throw Error(ErrorKind::lost_race, "a gc has deleted a merge that was about to land");
  std::optional<git::Oid> flow;
  const Remade merges = marked(ground, land);
  if (is_still_so(ground, land)) flow = move_flow(ground, land, merges.end);
  if (!flow) {
    follow_flow(ground);
    queue_->on(landing::NotLanded{land.landing});
    return;
  }
  landed(ground, land, merges);
  queue_->on(landing::Landed{land.landing});
  flow_ = oid_of(land.to.commit.text);
  follow_flow(ground);
}

/// All of each task is in it, and nobody has taken one back.
bool Lander::is_still_so(Ground& ground, const landing::Land& land) {
  const std::size_t before = queued_.size();
  std::vector<std::optional<git::Oid>> tips;
  for (const auto& one : land.tasks) {
    const auto hand_in = queued_.find(one.task);
    if (hand_in == queued_.end()) return false;
    const auto tip = hand_in->second.tip;
    follow_task(ground, hand_in->second);
    const auto now = queued_.find(one.task);
    if (now == queued_.end() || now->second.tip != tip) return false;
  }
  return queued_.size() == before;
}

Remade Lander::marked(const Ground& ground, const landing::Land& land) const {
  std::vector<git::Oid> flaky;
  for (const auto& one : land.tasks) {
    if (one.flaky) flaky.push_back(known_.at(one.task).merge);
  }
  const git::Oid end = oid_of(land.to.commit.text);
  if (flaky.empty()) return {end, {}};
  return remake(ground.repository(), oid_of(land.from.text), end, flaky, "Flaky: true");
}

std::optional<git::Oid> Lander::move_flow(const Ground& ground, const landing::Land& land,
                                          const git::Oid& end) const {
  const git::Oid from = oid_of(land.from.text);
  if (from == end) return end;
  const auto moved = git::advance_branch(
      ground.repository(), ref_names::branch_ref(setup_->flow_branch), from, end, reflog_of(land));
  if (moved.update == git::FlowUpdate::lost_race) return std::nullopt;
  if (moved.update != git::FlowUpdate::moved)
    refuse_advance(setup_->flow_branch, moved, again_of(land));
  return end;
}

void Lander::landed(Ground& ground, const landing::Land& land, const Remade& merges) {
  if (!setup_->verify.empty()) trust(ground).note(merges.end, FlowTrust::Found::green);
  for (const auto& one : land.tasks) {
    const git::Oid merge = known_.at(one.task).merge;
    const auto again = merges.by_old.find(merge);
    auto hand_in = queued_.extract(one.task);
    finish(ground, std::move(hand_in.mapped()),
           landing_of(again == merges.by_old.end() ? merge : again->second, land, one.flaky));
  }
  git::heal_after_gc(ground.repository());
}

void Lander::carry_out(Ground& ground, const landing::SendBack& back) {
  auto hand_in = queued_.extract(back.task);
  if (hand_in.empty()) return;
  Landing landing = back.why == landing::SendBack::Why::conflict
                        ? conflicting(conflicts_[back.task], setup_->flow_branch)
                        : sent_back(ground, back, hand_in.mapped());
  finish(ground, std::move(hand_in.mapped()), std::move(landing));
}

Landing Lander::sent_back(const Ground& ground, const landing::SendBack& back,
                          const HandIn& hand_in) {
  const auto& record = hand_in.record;
  const Verification& red = reds_[back.red.tree];
  SentBack told;
  told.command = setup_->verify;
  told.exit_status = red.exit_status.value_or(0);
  told.timed_out = red.timed_out;
  told.last_lines = supervisor::last_lines(red.log, lines_shown);
  std::vector<landing::Task> with = waiting_in(back.red.commit);
  std::erase(with, back.task);
  with.insert(with.begin(), back.with.begin(), back.with.end());
  told.with = names_for(record.session, with);
  set_red(ground.repository(), record.session, record.task, oid_of(back.red.commit.text));
  told.ref = ref_names::red_ref(record.session, task_number(record.task).value_or(0));
  append_end(red.log, record.log);
  Landing landing;
  landing.outcome = Outcome::verification_failed;
  landing.reason = why_red(red, *setup_);
  landing.command = told.command;
  landing.exit_status = told.exit_status;
  landing.sent_back = std::move(told);
  return landing;
}

void Lander::carry_out(Ground& ground, const landing::FlowRed& red) {
  const Verification& found = reds_[red.flow.tree];
  trust(ground).note(oid_of(red.flow.commit.text), FlowTrust::Found::red);
  Landing landing;
  landing.outcome = Outcome::flow_is_red;
  landing.commit = red.flow.commit.text;
  landing.command = setup_->verify;
  landing.exit_status = found.exit_status.value_or(0);
  setup_->tell(supervisor::TaskLanding{"", std::move(landing)});
  is_over_ = true;
}

}  // namespace gitplan::lander
