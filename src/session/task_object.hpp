// The task object of section 4: the same everywhere.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan {

/// What a task waits for, as `blocked_by` lists it.
std::vector<schedule::Blocker> blockers(const PlanView& view, TaskIndex index);

/// "'AuthService.login' (task 002, in progress)", joined by commas: for "waiting for …".
std::string describe_blockers(const PlanView& view, TaskIndex index);

/// "task 003 touches src/a.c too": for "held back: …".
std::string describe(const schedule::HeldBack& held);

/// What a task needs that does not stand already: "User model class (001)", "002".
std::vector<std::string> needs_in_words(const PlanView& view, TaskIndex index);

/// The slug that its branch has or would get.
std::string slug_of(const PlanView& view, TaskIndex index);

/// "in progress": a status as sentences say it.
std::string spoken(Status status);
/// The same of a task: "done, not merged yet" is in progress, too.
std::string spoken(const PlanView& view, TaskIndex index);

/// The texts for its worker that a task, or its metadata file, has.
template <class Record>
void add_guidance(Json& object, const Record& record) {
  if (record.details) object["details"] = *record.details;
  if (record.test_strategy) object["test_strategy"] = *record.test_strategy;
  if (record.agent) object["agent"] = *record.agent;
}

/// estimated_time and, null where it cannot be read, estimated_minutes.
void add_estimate(Json& object, const std::optional<std::string>& estimated_time);

/// A claim: {machine, worker, run, since, renewed, state}; of one that cannot be read its state.
Json claim_object(const remote::StandingClaim& standing);
/// run, since and renewed of a claim that can be read.
void add_times(Json& object, const remote::StandingClaim& standing);

Json task_object(const PlanView& view, TaskIndex index);
Json task_objects(const PlanView& view, const std::vector<TaskIndex>& tasks);
/// {"id", "task", "files"} of everyone who is held back.
Json held_back_objects(const PlanView& view, const std::vector<schedule::HeldBack>& held_back);
/// Ids in a list.
Json ids(const PlanView& view, const std::vector<TaskIndex>& tasks);

}  // namespace gitplan
