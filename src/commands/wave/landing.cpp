#include "commands/wave/landing.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "commands/task/done.hpp"
#include "commands/wave/worker_process.hpp"
#include "session/flow_refusal.hpp"
#include "session/json.hpp"
#include "session/slot_check.hpp"
#include "session/workspace.hpp"
#include "supervisor/time_limit.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Landing;
using supervisor::WorkerRecord;
using Outcome = Landing::Outcome;

constexpr Names<Outcome, 9> outcome_names = {{{"merged", Outcome::merged},
                                              {"already_merged", Outcome::already_merged},
                                              {"left_work", Outcome::left_work},
                                              {"conflicts", Outcome::conflicts},
                                              {"verification_failed", Outcome::verification_failed},
                                              {"flow_is_red", Outcome::flow_is_red},
                                              {"again", Outcome::again},
                                              {"given_up", Outcome::given_up},
                                              {"refused", Outcome::refused}}};

RunFacts facts_of(const WorkerRecord& record) {
  RunFacts facts;
  facts.task = record.task;
  facts.outcome = RunFacts::Outcome::done;
  facts.worker = record.worker;
  facts.attempts = record.attempt;
  facts.started_at = rfc3339(record.started);
  facts.finished_at = rfc3339(record.ended);
  facts.exit_status = record.exit_status;
  facts.reason = record.retried_after;
  return facts;
}

Landing landing(Outcome outcome, std::string reason) {
  Landing made;
  made.outcome = outcome;
  made.reason = std::move(reason);
  return made;
}

Landing merged(const DoneResult& result) {
  Landing made = landing(Outcome::merged, "");
  made.commit = result.merge_commit->hex();
  return made;
}

Landing in_conflict(const DoneResult& result) {
  std::vector<std::string> names;
  for (const auto& path : result.conflicts) names.push_back(text::printable(path));
  Landing made =
      landing(Outcome::conflicts,
              fmt::format("conflicts with {} in {}", result.flow_branch, text::join(names, ", ")));
  made.conflicts = result.conflicts;
  return made;
}

/// What the merge itself wrote to its worker's log, after what the worker did.
struct LogPart {
  std::string log;
  std::int64_t start = 0;
};

Landing failed_verification(const DoneResult& result, const LogPart& own) {
  const auto said = supervisor::last_line(own.log, own.start);
  return landing(
      Outcome::verification_failed,
      fmt::format("its verification failed with exit status {}{}{}", result.verify_status,
                  said.empty() ? "" : ": ", text::printable(said)));
}

Landing red_flow(const DoneResult& result) {
  Landing made = landing(Outcome::flow_is_red, "");
  made.commit = result.red_flow->hex();
  made.exit_status = result.verify_status;
  return made;
}

Landing landing_of(const DoneResult& result, const LogPart& own) {
  switch (result.outcome) {
    case DoneResult::Outcome::merged:
      return merged(result);
    case DoneResult::Outcome::already_merged:
      return landing(Outcome::already_merged, "merged by its worker");
    case DoneResult::Outcome::conflicts:
      return in_conflict(result);
    case DoneResult::Outcome::flow_is_red:
      return red_flow(result);
    case DoneResult::Outcome::given_up:
      return landing(Outcome::given_up, result.reason);
    case DoneResult::Outcome::told:  // never to a run itself
    case DoneResult::Outcome::verification_failed:
      break;
  }
  return failed_verification(result, own);
}

/// Lost to another writer, or refused: by what is so in the repository, or in the worker's slot.
Landing landing_of(const Error& error) {
  if (error.kind() == ErrorKind::lost_race) return landing(Outcome::again, error.what());
  if (error.kind() == ErrorKind::fatal) return landing(Outcome::refused, error.what());
  return landing(Outcome::left_work, error.what());
}

Landing land_without_limit(Workspace& workspace, const LandRequest& request,
                           const WorkerRecord& record) {
  DoneRequest done;
  done.task = record.task;
  done.verify = request.verify;
  done.flow_before = FlowBefore::verified;
  done.facts = facts_of(record);
  done.recording = Recording::later;
  done.given_up = GivenUp::refuse;
  if (record.told) done.message = record.told->message;
  if (record.allow_empty || (record.told && record.told->allow_empty)) done.empty = Empty::merge;
  const LogPart own{record.log, supervisor::log_size(record.log)};
  try {
    return landing_of(finish_task(workspace, done), own);
  } catch (const FlowBlocked& error) {
    return landing(Outcome::refused, error.what());
  } catch (const UncommittedChanges&) {
    return landing(Outcome::left_work, "it left uncommitted changes");
  } catch (const Error& error) {
    return landing_of(error);
  }
}

bool has_landed(const Landing& landing) {
  return landing.outcome == Outcome::merged || landing.outcome == Outcome::already_merged;
}

}  // namespace

Landing land(Workspace& workspace, const LandRequest& request) {
  const WorkerRecord record = require_record(workspace, request.worker);
  const supervisor::TimeLimit limit(request.timeout);
  Landing landed = land_without_limit(workspace, request, record);
  if (!limit.is_over() || has_landed(landed)) return landed;
  return landing(Outcome::verification_failed,
                 fmt::format("its merge timed out after {} s", request.timeout->count()));
}

std::string encode(const Landing& landing) {
  Json object = new_object();
  object["outcome"] = name_of(outcome_names, landing.outcome);
  object["reason"] = landing.reason;
  object["commit"] = landing.commit;
  object["conflicts"] = landing.conflicts;
  object["exit_status"] = landing.exit_status;
  return dump(object, -1) + "\n";
}

std::optional<Landing> parse_landing(std::string_view text) try {
  const Json json = Json::parse(text);
  const auto outcome = value_named(outcome_names, json.value("outcome", ""));
  if (!outcome) return std::nullopt;
  Landing parsed = landing(*outcome, json.value("reason", ""));
  parsed.commit = json.value("commit", "");
  parsed.exit_status = json.value("exit_status", 0);
  parsed.conflicts = json.value("conflicts", std::vector<std::string>{});
  return parsed;
} catch (const Json::exception&) {
  return std::nullopt;
}

}  // namespace gitplan::commands
