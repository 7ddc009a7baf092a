#include "lander/lander.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "lander/given_up.hpp"
#include "lander/history.hpp"
#include "lander/lander_state.hpp"
#include "lander/told.hpp"
#include "remote/keeping.hpp"
#include "session/done_refs.hpp"
#include "session/ready_branch.hpp"
#include "session/slot_check.hpp"
#include "store/ref_names.hpp"
#include "supervisor/uv_runner.hpp"

namespace gitplan::lander {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;
using supervisor::Landing;
using supervisor::TaskLanding;
using supervisor::WorkerRecord;

constexpr milliseconds look_every{100};
/// A file that changes twice within a tick of its clock looks the same.
constexpr milliseconds look_all_the_same_every{1000};
/// Races lost one after the other.
constexpr int most_races = 20;

bool is_merged(const Landing& landing) {
  return landing.outcome == Landing::Outcome::merged ||
         landing.outcome == Landing::Outcome::already_merged;
}

std::string logs_folder(const Workspace& workspace) {
  return join_path(git::state_folder(workspace.repository()), "logs/verify");
}

VerifierSetup verifier_setup(const Workspace& workspace, const LanderSetup& setup) {
  VerifierSetup made;
  made.command = setup.verify;
  made.timeout = setup.timeout;
  if (setup.settings.hooks == Hooks::skip) made.words.emplace_back("--no-hooks");
  made.folder = workspace.repository().base_folder();
  made.logs_folder = logs_folder(workspace);
  made.most_log = workspace.config().integer("wave.maxLog").value_or(100 << 20);
  made.shows_output = setup.by == HandIn::By::person;
  return made;
}

}  // namespace

Lander::Lander(const LanderSetup& setup) : setup_(&setup), runner_(supervisor::make_uv_runner()) {
  const Workspace workspace(setup.settings, setup.notices);
  policy_ = queue_policy(workspace.config(), setup.verify);
  state_folder_ = git::make_state_folder(workspace.repository());
  files_.emplace(workspace.repository());
  poll_ = poll_time(workspace.config());
  verifier_.emplace(*runner_, verifier_setup(workspace, setup));
  if (setup.by == HandIn::By::run)
    land_ = waits_for_others(workspace.config()) ? LandBy::others : LandBy::us;
  const std::string logs = logs_folder(workspace);
  const Hooks hooks = setup.settings.hooks;
  gate_.emplace(*runner_, GateSetup{std::string(pre_land_hook), hooks, logs, setup.timeout});
  post_done_.emplace(*runner_, GateSetup{"wave-post-done", hooks, logs, setup.timeout});
}

/// Nothing that it started is left.
Lander::~Lander() {
  verifier_->cancel_all();
  gate_->cancel_all();
  post_done_->cancel_all();
  while (verifier_->is_any_left() || gate_->is_any_left() || post_done_->is_any_left())
    runner_->run();
}

std::optional<int> Lander::run() {
  const pid_t parent = ::getppid();
  if (setup_->by == HandIn::By::person) listen();
  do {
    try {
      if (steady_clock::now() >= away_until_) look();
      races_ = 0;
    } catch (const Error& error) {
      look_again_later(error);
    }
    if (is_over_ || !is_any_waiting()) break;
    const auto due = runner_->after(look_every, [this] { runner_->stop(); });
    runner_->run();
    runner_->cancel(due);
    verifier_->tick();
  } while (!signal_ && (setup_->by == HandIn::By::person || ::getppid() == parent));
  if (lease_) lease_->release(Workspace(setup_->settings, setup_->notices));
  return signal_;
}

/// A run's lander waits for a remote that is away: what is done stays done.
void Lander::look_again_later(const Error& error) {
  const bool is_away = error.code() == "remote_unreachable" || error.code() == "remote_unknown" ||
                       error.code() == "remote_locked";
  const bool is_race = error.kind() == ErrorKind::lost_race && !error.code().starts_with("remote_");
  if (is_away && setup_->by == HandIn::By::run) {
    setup_->tell(supervisor::Connection{true, error.what()});
    const double random = static_cast<double>(::getpid() % 100) / 100;
    away_until_ = steady_clock::now() + remote::wait_while_away(++failures_, random);
  } else if (!is_race || ++races_ > most_races) {
    throw;
  }
  begin_again();
}

void Lander::came_through() {
  if (std::exchange(failures_, 0) > 0) setup_->tell(supervisor::Connection{false});
}

/// A run ends its lander as it likes; a person's has put something into the queue that nobody else
/// takes out.
void Lander::listen() {
  runner_->on_signals({SIGINT, SIGTERM, SIGHUP}, [this](int number) {
    signal_ = number;
    runner_->stop();
  });
}

bool Lander::is_to_look() {
  const std::int64_t stamp = files_->stamp();
  const auto time = steady_clock::now();
  const bool is_answered = gate_->has_answers() || post_done_->has_answers();
  const auto patience = land_ == LandBy::others ? poll_ : look_all_the_same_every;
  const bool is_stale = stamp_ < 0 || time - looked_ >= patience;
  if (stamp == stamp_ && !is_stale && !verifier_->has_ended() && !is_answered) return false;
  stamp_ = stamp;
  looked_ = time;
  return true;
}

void Lander::look() {
  if (!is_to_look()) return;
  Ground ground(setup_->settings, setup_->notices);
  read_hand_ins();
  take_offers(ground);
  tell_outcomes(ground);
  is_over_ = is_over_ || setup_->lands == supervisor::Lands::keep;
  if (is_over_ || !is_any_waiting()) return;
  if (!turn_ && is_our_turn()) begin(ground);
  if (turn_) serve(ground);
  watch_offered(ground);
  if (!setup_->warned) return;
  for (const Diagnostic& warning : ground.workspace().warnings()) setup_->warned(warning);
}

bool Lander::is_own(const HandIn& hand_in) const {
  return hand_in.by == setup_->by && hand_in.record.run == setup_->owner &&
         hand_in.flow_branch == setup_->flow_branch;
}

bool Lander::is_any_waiting() const {
  return std::ranges::any_of(hand_ins_, [this](const HandIn& one) {
    return is_own(one) && !one.outcome && !refused_.contains(queue_name(one));
  });
}

void Lander::read_hand_ins() { hand_ins_ = files_->all(); }

void Lander::take_offers(Ground& ground) {
  for (HandIn& one : hand_ins_) {
    if (!is_own(one) || one.tip || one.outcome) continue;
    const Landing judged = judge_offer(ground, one);
    if (judged.outcome != Outcome::queued) {
      finish(ground, one, judged);
    } else if (!one.is_direct) {
      tell(one, judged);
    }
  }
  read_hand_ins();
}

Landing Lander::judge_offer(Ground& ground, HandIn& hand_in) const {
  const auto placed = ground.find(hand_in);
  if (!placed) return landing_of_removed();
  const WorkerRecord& record = hand_in.record;
  try {
    const auto ready =
        ready_branch(ground.workspace(), *placed->view, placed->task, MergedFor::run);
    if (const auto* given_up = std::get_if<GivenUpTask>(&ready))
      return landing_of_given_up(*placed->view, placed->task)
          .value_or(landing_as(Outcome::given_up, given_up->reason));
    hand_in.tip = placed->view->flow().commit;
    if (const auto* branch = std::get_if<TaskBranch>(&ready)) {
      if (!may_be_empty(record))
        refuse_empty_branch(ground.workspace(), *placed->view, placed->task, *branch);
      hand_in.record.branch = branch->name;
      hand_in.tip = branch->tip;
    }
  } catch (const UncommittedChanges&) {
    return landing_as(Outcome::left_work, "it left uncommitted changes");
  } catch (const Error& error) {
    if (error.kind() == ErrorKind::fatal || error.kind() == ErrorKind::lost_race) throw;
    return landing_as(Outcome::left_work, error.what());
  }
  put_into_queue(ground, hand_in);
  return landing_as(Outcome::queued, "");
}

void Lander::put_into_queue(const Ground& ground, HandIn& hand_in) const {
  hand_in.since = this_moment();
  hand_in.is_direct = lands_at_once(ground);
  if (!hand_in.is_direct) {
    set_done(ground.repository(), hand_in.record.session, hand_in.record.task, *hand_in.tip);
    hand_in.record.phase = WorkerRecord::Phase::done;
  }
  files_->update(hand_in);
}

bool Lander::lands_at_once(const Ground& ground) const {
  return setup_->verify.empty() && land_ == LandBy::us && !gate_->may_hold(ground) &&
         setup_->lands == supervisor::Lands::all;
}

/// It is not done any more. Commits that nothing else has stay, as an attempt.
void Lander::release(const Ground& ground, const WorkerRecord& record) const {
  const auto flow = git::read_ref(ground.repository(), ref_names::branch_ref(setup_->flow_branch));
  const auto kept = release_done(ground.repository(), record.session, record.task, flow);
  if (kept)
    ground.workspace().note(fmt::format("{}: what was done is kept: {}", record.task, *kept));
}

/// Kept first: killed between the two, its owner drops the ref once more.
void Lander::finish(const Ground& ground, HandIn hand_in, Landing landing) {
  hand_in.outcome = std::move(landing);
  files_->update(hand_in);
  const WorkerRecord& record = hand_in.record;
  release(ground, record);
  note_end(ground, hand_in);
  if (is_merged(*hand_in.outcome)) drop_red(ground.repository(), record.session, record.task);
  for (HandIn& one : hand_ins_) {
    if (queue_name(one) == queue_name(hand_in)) one = hand_in;
  }
  if (is_own(hand_in)) tell(hand_in, *hand_in.outcome);
}

/// For the report.
void Lander::note_end(const Ground& ground, const HandIn& hand_in) const {
  if (setup_->verify.empty() || !hand_in.tip) return;
  constexpr double nanoseconds = 1e9;
  History end;
  end.flaky = hand_in.outcome->flaky ? 1 : 0;
  end.sent_back = hand_in.outcome->sent_back ? 1 : 0;
  end.longest_wait = static_cast<double>(this_moment() - hand_in.since) / nanoseconds;
  add_to_history(ground.repository(), hand_in.record.session, end);
}

void Lander::tell(const HandIn& hand_in, const Landing& landing) {
  const WorkerRecord& record = hand_in.record;
  if (hand_in.outcome && !told_.emplace(queue_name(hand_in).text, record.attempt).second) return;
  setup_->tell(TaskLanding{record.task, landing});
}

void Lander::tell_outcomes(const Ground& ground) {
  for (const HandIn& one : hand_ins_) {
    if (!is_own(one) || !one.outcome) continue;
    release(ground, one.record);
    tell(one, *one.outcome);
  }
}

void keep_done(const git::Repository& repository, const LanderSetup& setup, HandIn hand_in) {
  if (!hand_in.is_direct || !hand_in.tip) return;
  const WorkerRecord& record = hand_in.record;
  set_done(repository, record.session, record.task, *hand_in.tip);
  hand_in.is_direct = false;
  hand_in.record.phase = WorkerRecord::Phase::done;
  HandIns(repository).update(hand_in);
  setup.tell(TaskLanding{record.task, landing_as(Landing::Outcome::queued, "")});
}

std::optional<int> land(const LanderSetup& setup) { return Lander(setup).run(); }

}  // namespace gitplan::lander
