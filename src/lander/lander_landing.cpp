// What lands: asked of wave-pre-land, moved to, and told. See lander_state.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "lander/lander_state.hpp"
#include "lander/told.hpp"
#include "session/flow_refusal.hpp"
#include "session/push_pace.hpp"
#include "session/run_wants.hpp"
#include "session/shared_landing.hpp"
#include "store/ref_names.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::lander {
namespace {

using supervisor::Landing;
using supervisor::SentBack;

std::string reflog_of(const landing::Land& land) {
  std::vector<std::string> ids;
  for (const auto& one : land.tasks) ids.push_back(task_id(one.task));
  return fmt::format("task done {}: merge", text::join(ids, " "));
}

bool is_changed(const git::Repository& repository, const git::Oid& before, const git::Oid& after,
                const std::string& path) {
  const auto entry = [&](const git::Oid& commit) {
    const auto found = git::entry_at(repository, git::tree_of(repository, commit), path);
    return found ? std::optional(std::pair(found->oid, found->mode)) : std::nullopt;
  };
  return entry(before) != entry(after);
}

std::string why_blocked(const git::FlowResult& blocked) {
  std::vector<std::string> paths;
  for (const auto& path : blocked.paths)
    paths.push_back(fmt::format("'{}'", text::printable(path)));
  return fmt::format("local changes are in the way in '{}': {}", text::printable(blocked.worktree),
                     text::join(paths, ", "));
}

/// What to run where the landing was refused.
std::string again_of(const LanderSetup& setup, const landing::Land& land) {
  return !setup.again.empty() ? setup.again : "git task done " + task_id(land.tasks.front().task);
}

}  // namespace

void Lander::carry_out(Ground& ground, const landing::Land& land) {
  if (land_ == LandBy::others) return offer(ground, land);
  about_to_land_ = land;
  land_what_may(ground);
}

void Lander::land_what_may(Ground& ground) {
  if (!about_to_land_ || !may_push(ground)) return;
  const Gated gated = ask_gate(ground, *about_to_land_);
  if (gated == Gated::asked) return;
  const landing::Land land = *std::exchange(about_to_land_, std::nullopt);
  if (gated == Gated::open) return land_now(ground, land);
  queue_->on(landing::NotLanded{land.landing});
}

/// Its share of what all machines may push.
bool Lander::may_push(const Ground& ground) const {
  if (ground.workspace().shared_remote() == nullptr) return true;
  return wait_for_push(ground.workspace(), setup_->settings.plan.value_or("")).count() == 0;
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
    if (is_own(told)) {
      setup_->tell(supervisor::TaskLanding{
          told.record.task, landing_as(Outcome::held, supervisor::last_line(answer.log))});
    }
    held_[task] = std::chrono::steady_clock::now() + poll_;
    queue_->on(landing::Held{task, known_.at(task).generation});
    return;
  }
  SentBack back;
  back.command = pre_land_hook;
  back.exit_status = answer.exit_status;
  back.last_lines = supervisor::last_lines(answer.log, lines_shown);
  append_end(answer.log, told.record.log);
  leave(task);
  Landing landing = landing_as(
      Outcome::verification_failed,
      fmt::format("the wave-pre-land hook refused it with exit status {}", answer.exit_status));
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
  try {
    if (is_still_so(ground, land)) flow = move_flow(ground, land, merges.end);
  } catch (const LostClaim& lost) {
    give_up(ground, lost);
  }
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

void Lander::give_up(const Ground& ground, const LostClaim& lost) {
  const auto queued = std::ranges::find_if(queued_, [&](const auto& one) {
    const auto& record = one.second.record;
    return record.session == lost.session && record.task == lost.task;
  });
  if (queued == queued_.end()) return;
  const HandIn hand_in = queued->second;
  leave(queue_name(hand_in));
  finish(ground, hand_in, landing_as(Outcome::superseded, lost.what()));
}

/// All of each task is in it, and nobody has taken one back.
bool Lander::is_still_so(Ground& ground, const landing::Land& land) {
  const std::size_t before = queued_.size();
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

std::vector<landing::Task> Lander::bringing(const Ground& ground, const landing::Land& land,
                                            const std::vector<std::string>& paths) const {
  std::vector<landing::Task> found;
  git::Oid before = oid_of(land.from.text);
  for (const auto& one : land.tasks) {
    const git::Oid merge = known_.at(one.task).merge;
    const auto is_brought = [&](const std::string& path) {
      return is_changed(ground.repository(), before, merge, path);
    };
    if (std::ranges::any_of(paths, is_brought)) found.push_back(one.task);
    before = merge;
  }
  return found;
}

/// It stays done, and is tried again by whoever lands after this process.
void Lander::refuse(const Ground& ground, const landing::Task& task,
                    const git::FlowResult& blocked) {
  const HandIn hand_in = queued_.at(task);
  leave(task);
  refused_.insert(task);
  if (!is_own(hand_in)) return;
  keep_done(ground.repository(), *setup_, hand_in);
  setup_->tell(supervisor::TaskLanding{hand_in.record.task,
                                       landing_as(Outcome::refused, why_blocked(blocked))});
}

std::optional<git::Oid> Lander::move_flow(const Ground& ground, const landing::Land& land,
                                          const git::Oid& end) {
  const git::Oid from = oid_of(land.from.text);
  if (from == end) return end;
  if (ground.workspace().shared_remote() != nullptr) return publish(ground, land, end);
  const auto moved = git::advance_branch(
      ground.repository(), ref_names::branch_ref(setup_->flow_branch), from, end, reflog_of(land));
  if (moved.update == git::FlowUpdate::lost_race) return std::nullopt;
  const bool is_run = setup_->by == HandIn::By::run;
  if (is_run && moved.update == git::FlowUpdate::blocked) {
    const auto refused = bringing(ground, land, moved.paths);
    for (const landing::Task& task : refused) refuse(ground, task, moved);
    if (!refused.empty()) return std::nullopt;
  }
  if (moved.update != git::FlowUpdate::moved)
    refuse_advance(setup_->flow_branch, moved, again_of(*setup_, land));
  return end;
}

std::optional<git::Oid> Lander::publish(const Ground& ground, const landing::Land& land,
                                        const git::Oid& end) {
  std::vector<LandingTask> tasks;
  for (const auto& one : land.tasks) {
    const HandIn& hand_in = queued_.at(one.task);
    tasks.push_back({hand_in.record.session, hand_in.record.task, hand_in.record.branch,
                     hand_in.tip.value_or(end)});
  }
  const auto wants = read_wants(ground.workspace(), setup_->run);
  const LandingFor by{wants ? &*wants : nullptr, setup_->settings.plan.value_or(""),
                      ends_turn(ground, land)};
  const auto became = publish_landing(ground.workspace(), setup_->flow_branch,
                                      oid_of(land.from.text), end, tasks, by);
  came_through();
  if (by.ends_lease && became == SharedLanding::landed) {
    const bool others_wait = queued_.size() > land.tasks.size();
    const auto time = std::chrono::steady_clock::now();
    lease_->leave_until(others_wait ? time + 2 * poll_ : time);
  }
  return became == SharedLanding::landed ? std::optional(end) : std::nullopt;
}

void Lander::landed(Ground& ground, const landing::Land& land, const Remade& merges) {
  if (!setup_->verify.empty()) trust(ground).note(merges.end, FlowTrust::Found::green);
  for (const auto& one : land.tasks) {
    const git::Oid merge = known_.at(one.task).merge;
    const auto again = merges.by_old.find(merge);
    auto hand_in = queued_.extract(one.task);
    finish(ground, std::move(hand_in.mapped()),
           landed_by(again == merges.by_old.end() ? merge : again->second, land, one.flaky));
  }
  git::heal_after_gc(ground.repository());
}

}  // namespace gitplan::lander
