#include "commands/wave/event_json.hpp"

#include <nlohmann/json.hpp>

#include "base/clock.hpp"

namespace gitplan::commands {

using Kind = supervisor::Event::Kind;
using supervisor::Event;

Json to_json(const Event& event) {
  const auto& worker = event.worker;
  Json object = new_object();
  object["event"] = event_name(event.kind);
  object["at"] = rfc3339(now());
  if (!worker.task.empty()) {
    object["task"] = worker.task;
    object["worker"] = std::to_string(worker.worker);
    object["branch"] = worker.branch;
    object["attempt"] = worker.attempt;
    object["started_at"] = rfc3339(worker.attempt_started);
  }
  if (worker.ended > 0 && event.kind != Kind::started) {
    object["finished_at"] = rfc3339(worker.ended);
    object["exit_status"] = worker.exit_status;
  }
  if (event.kind == Kind::flow_red) {
    object["flow_commit"] = event.commit;
    object["command"] = event.command;
    object["exit_status"] = event.exit_status;
  } else if (!event.commit.empty()) {
    object["merge_commit"] = event.commit;
  }
  if (event.verification) {
    object["tree"] = event.verification->tree;
    object["tasks"] = event.verification->tasks;
    object["success"] = event.verification->success;
    object["seconds"] = event.verification->seconds;
  }
  if (!event.agent.empty()) object["agent"] = event.agent;
  if (event.kind == Kind::parked) object["until"] = rfc3339(event.until);
  if (event.cap) {
    object["unit"] = event.cap->cap.unit;
    object["cap"] = event.cap->cap.most;
    object["used"] = event.cap->used;
  }
  if (!event.ref.empty()) object["ref"] = event.ref;
  if (!event.reason.empty()) object["reason"] = event.reason;
  if (!worker.log.empty()) object["log"] = worker.log;
  return object;
}

std::string_view event_name(Kind kind) {
  switch (kind) {
    case Kind::started:
      return "started";
    case Kind::retried:
      return "retried";
    case Kind::done:
      return "done";
    case Kind::held:
      return "held";
    case Kind::offered:
      return "offered";
    case Kind::verified:
      return "verified";
    case Kind::sent_back:
      return "sent_back";
    case Kind::flaky:
      return "flaky";
    case Kind::merged:
      return "merged";
    case Kind::failed:
      return "failed";
    case Kind::needs_decision:
      return "needs_decision";
    case Kind::skipped:
      return "skipped";
    case Kind::parked:
      return "parked";
    case Kind::woken:
      return "woken";
    case Kind::stalled:
      return "stalled";
    case Kind::capped:
      return "capped";
    case Kind::not_merged:
      return "not_merged";
    case Kind::flow_red:
      return "flow_red";
    case Kind::offline:
      return "offline";
    case Kind::online:
      return "online";
    case Kind::superseded:
      return "superseded";
    case Kind::interrupted:
      return "interrupted";
  }
  return "";
}

}  // namespace gitplan::commands
