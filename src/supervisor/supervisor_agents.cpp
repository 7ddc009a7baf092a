// What becomes of tasks whose agents cannot work now, and of a run that has come up to a cap.
#include <fmt/format.h>

#include <algorithm>

#include "supervisor/supervisor_state.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::supervisor {
namespace {

using Phase = WorkerRecord::Phase;

/// One that works for so long gets somewhere: limits show at the beginning.
constexpr Seconds gets_somewhere = 60;

Event without_worker(Event::Kind kind) {
  Event event;
  event.kind = kind;
  return event;
}

std::string why_parked(const WorkerRecord& record, const agents::Parking& news) {
  if (!news.unread.empty())
    return fmt::format("it can be tried again '{}', which is no time", news.unread);
  return last_line(record.log, record.log_begin);
}

}  // namespace

agents::AtWork Supervisor::at_work() const {
  agents::AtWork all;
  for (const auto& [task, one] : running_) {
    if (one.stage == Stage::works) all[one.record.agent].push_back(one.record.attempt_started);
  }
  return all;
}

std::optional<std::string> Supervisor::taker(const WorkerRecord& record) {
  return limits_->crew().taker(record.wanted_agent, at_work());
}

int Supervisor::retries_of(const WorkerRecord& record) const {
  const agents::Agent* agent = limits_->crew().find(record.agent);
  return agent == nullptr ? policy_.retries : agent->retries;
}

void Supervisor::start_or_wait(WorkerRecord next, std::string_view why) {
  const std::string task = next.task;
  Running& one = running_.at(task);
  one.record = next;
  one.stage = Stage::parked;  // it does not stand in its own way
  const auto agent = taker(next);
  if (agent) {
    next.agent = *agent;
    return start(std::move(next), why);
  }
  if (limits_->crew().find(next.wanted_agent) == nullptr)
    return given_up(task, fmt::format("there is no agent '{}'", next.wanted_agent));
  wait_for_agent(task);
}

void Supervisor::wait_for_agent(const std::string& task) {
  Running& one = running_.at(task);
  one.stage = Stage::parked;
  one.record.phase = Phase::parked;
  one.record.parked_since = limits_->crew().now();
  one.record.waits_until = limits_->crew().parked_until(one.record.wanted_agent).value_or(0);
  work_->write(one.record);
}

void Supervisor::park(const std::string& task, const agents::NotNow& word) {
  const WorkerRecord record = running_.at(task).record;
  const auto news = limits_->crew().is_not_now(record.agent, word, record.attempt_started);
  wait_for_agent(task);
  if (!news) return;
  Event event = without_worker(Kind::parked);
  event.worker = record;
  event.agent = news->agent;
  event.until = news->until;
  event.reason = why_parked(record, *news);
  observer_->on_event(event);
  show_running();
}

std::vector<std::string> Supervisor::parked_tasks() const {
  std::vector<std::string> tasks;
  for (const auto& [task, one] : running_) {
    if (one.stage == Stage::parked) tasks.push_back(task);
  }
  return tasks;
}

void Supervisor::wake() {
  for (const std::string& task : parked_tasks()) {
    if (!may_go_on()) {
      leave_waiting(task);
    } else if (has_room()) {
      if (const auto agent = taker(running_.at(task).record))
        attend(task, [&] { resume(task, *agent); });
    }
  }
}

void Supervisor::resume(const std::string& task, const std::string& agent) {
  WorkerRecord next = running_.at(task).record;
  if (work_->is_merged(next)) return hand_in(task);
  if (!work_->still_stands(next)) return taken_back(task, "somebody has taken it back");
  if (const auto landing = work_->given_up(next)) return settle(task, *landing);
  const std::string before = std::exchange(next.agent, agent);
  if (next.parked_since > 0) next.parked_before += limits_->crew().now() - next.parked_since;
  next.parked_since = next.waits_until = 0;
  const std::string why = before == agent ? fmt::format("'{}' can work again", agent)
                                          : fmt::format("'{}' takes over from '{}'", agent, before);
  start(std::move(next), why);
}

bool Supervisor::is_waiting_only() const {
  return lander_.process == 0 && std::ranges::all_of(running_, [](const auto& one) {
           return one.second.stage == Stage::parked;
         });
}

void Supervisor::leave_parked() {
  if (!stopping_ || !is_waiting_only()) return;
  for (const std::string& task : parked_tasks()) leave_waiting(task);
}

void Supervisor::leave_waiting(const std::string& task) {
  const WorkerRecord& record = running_.at(task).record;
  const auto until = limits_->crew().parked_until(record.wanted_agent);
  outcome_.left[task] = fmt::format("its agent '{}' is parked{}", record.agent,
                                    until ? " until " + rfc3339(*until) : "");
  leave(task);
}

/// So long that nobody looks for it to go on.
void Supervisor::end_long_wait() {
  const Seconds now = limits_->crew().now();
  const bool gets_on = std::ranges::any_of(running_, [&](const auto& one) {
    return one.second.is_done() || (one.second.stage == Stage::works &&
                                    now - one.second.record.attempt_started > gets_somewhere);
  });
  if (gets_on || (running_.empty() && !limits_->crew().has_refused())) productive_at_ = now;
  if (is_waiting_only() && now - productive_at_ > limits_->crew().most_parked()) stopping_ = true;
}

void Supervisor::look_at_agents() {
  for (const std::string& agent : limits_->crew().look(at_work())) {
    Event event = without_worker(Kind::woken);
    event.agent = agent;
    observer_->on_event(event);
  }
  constexpr int each_time = 5;  // a sum costs more than a look
  if (looks_++ % each_time == 0) look_at_caps();
}

void Supervisor::look_at_caps() {
  if (outcome_.capped) return;
  outcome_.capped = limits_->reached_cap();
  if (!outcome_.capped) return;
  stopping_ = true;
  Event event = without_worker(Kind::capped);
  event.cap = outcome_.capped;
  observer_->on_event(event);
}

}  // namespace gitplan::supervisor
