// wave.land=wait: what is done is verified, one by one on top of flow, offered, and waited for
// until somebody else has landed it: see lander_state.hpp.
#include <fmt/format.h>

#include <utility>

#include "base/text.hpp"
#include "git/refs.hpp"
#include "lander/lander_state.hpp"
#include "lander/told.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/done_refs.hpp"
#include "session/flow_walk.hpp"
#include "store/ref_names.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::lander {
namespace {

using supervisor::Landing;
using Outcome = Landing::Outcome;

/// What brought it, where that is found.
std::string commit_of(const Ground& ground, const Placed& placed) {
  const auto all = arrivals(ground.repository(), *placed.view);
  const auto found = all.find(task_number(placed.view->task(placed.task).id).value_or(0));
  return found == all.end() ? "" : found->second.last.id.hex();
}

std::string why_not_announced(const GateAnswer& answer) {
  return fmt::format("the wave-post-done hook ended with exit status {}, and is run again: {}",
                     answer.exit_status, supervisor::last_line(answer.log));
}

}  // namespace

bool Lander::may_join(const landing::Task& task) const {
  return land_ == LandBy::us || queued_.empty() || queued_.contains(task);
}

void Lander::offer(const Ground& ground, const landing::Land& land) {
  for (const auto& one : land.tasks) {
    const auto queued = queued_.find(one.task);
    if (queued == queued_.end()) continue;
    HandIn hand_in = queued->second;
    hand_in.state = HandIn::State::offered;
    files_->update(hand_in);
    merge_of_[one.task] = known_.at(one.task).merge;
    leave(one.task);
    if (is_own(hand_in)) tell_of(ground, hand_in);
  }
  queue_->on(landing::NotLanded{land.landing});
  read_hand_ins();
}

/// wave-post-done, until it succeeds.
void Lander::tell_of(const Ground& ground, HandIn hand_in) {
  if (hand_in.announced) return;
  const landing::Task task = queue_name(hand_in);
  const auto again = held_.find(task);
  if (again != held_.end() && std::chrono::steady_clock::now() < again->second) return;
  const auto answer = post_done_->ask(ground, hand_in, merge_of_[task]);
  if (!answer) return;
  post_done_->forget(hand_in);
  hand_in.announced = answer->exit_status == 0;
  if (!hand_in.announced) {
    held_[task] = std::chrono::steady_clock::now() + poll_;
    return tell(hand_in, landing_as(Outcome::held, why_not_announced(*answer)));
  }
  files_->update(hand_in);
  Landing offered = landing_as(Outcome::offered, "");
  offered.commit = merge_of_[task].hex();
  tell(hand_in, offered);
}

void Lander::watch_offered(Ground& ground) {
  const auto all = hand_ins_;
  for (const HandIn& one : all) {
    if (is_own(one) && one.is_offered() && !one.outcome) watch_offered(ground, one);
  }
}

void Lander::watch_offered(Ground& ground, HandIn hand_in) {
  const auto placed = ground.find(hand_in);
  if (placed && placed->view->in_flow(placed->task) &&
      is_all_merged(ground.workspace(), *placed->view, placed->task)) {
    Landing merged;
    merged.outcome = Outcome::merged;
    merged.commit = commit_of(ground, *placed);
    return finish(ground, std::move(hand_in), std::move(merged));
  }
  const auto tip = tip_now(ground, hand_in);
  if (auto landing = withdrawn(ground, hand_in, tip))
    return finish(ground, std::move(hand_in), *std::move(landing));
  if (!has_moved(ground, hand_in, tip)) return tell_of(ground, hand_in);
  hand_in.state = HandIn::State::waiting;  // somebody has edited it
  hand_in.announced = false;
  files_->update(hand_in);
  read_hand_ins();
}

}  // namespace gitplan::lander
