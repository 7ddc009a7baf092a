#include "commands/plan/update.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/edits.hpp"
#include "plan/estimate.hpp"
#include "plan/json.hpp"
#include "plan/toml.hpp"
#include "session/guard.hpp"
#include "session/used_numbers.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

void refuse_merged(const EditContext& context, const std::vector<std::string>& ids,
                   std::string_view verb) {
  const Plan& plan = context.current.plan;
  for (const auto& id : ids) {
    const Task& task = plan.tasks[edits::require(plan, id)];
    if (!context.in_flow(task) && task.status != Status::completed) continue;
    throw Error(
        ErrorKind::wrong_state,
        context.in_flow(task)
            ? fmt::format("cannot {} task '{}': '{}' already has it", verb,
                          text::printable(task.id), text::printable(plan.flow_branch))
            : fmt::format("cannot {} task '{}': it is completed", verb, text::printable(task.id)),
        Hint{fmt::format("to see it, run: git task show {}/{}", context.current.session, task.id)});
  }
}

/// Each task once, however often it was named.
std::vector<std::string> canonical_ids(const Plan& plan, const std::vector<std::string>& words) {
  std::vector<std::string> ids;
  std::set<std::string_view> known;
  for (const auto& word : words) {
    const std::string& id = plan.tasks[edits::require(plan, word)].id;
    if (known.insert(id).second) ids.push_back(id);
  }
  return ids;
}

/// Tasks that are recorded completed here, but not merged.
Diagnostics not_merged(const EditContext& context, const Plan& after,
                       const std::vector<std::string>& completed) {
  Diagnostics warnings;
  for (const auto& id : completed) {
    const Task& task = after.tasks[edits::require(after, id)];
    const auto earlier = context.current.plan.find(id);
    const bool was_completed =
        earlier && context.current.plan.tasks[*earlier].status == Status::completed;
    if (was_completed || context.in_flow(task)) continue;
    warnings.push_back({Severity::warning, "not_merged",
                        fmt::format("task '{}' is recorded completed, but '{}' does not have it",
                                    task.id, after.flow_branch),
                        task.id, std::nullopt});
  }
  return warnings;
}

/// One task has one end.
void refuse_two_ends(const UpdateResult& result) {
  const auto refuse_both = [](const std::vector<std::string>& ids, std::string_view one,
                              const std::vector<std::string>& others, std::string_view other) {
    for (const auto& id : ids) {
      if (std::ranges::find(others, id) == others.end()) continue;
      throw Error(ErrorKind::usage, fmt::format("task '{}' cannot both {} and {}", id, one, other),
                  Hint{"to see how it is used, run: git plan update -h"});
    }
  };
  refuse_both(result.completed, "be completed", result.failed, "fail");
  refuse_both(result.completed, "be completed", result.cancelled, "be cancelled");
  refuse_both(result.failed, "fail", result.cancelled, "be cancelled");
}

std::uint32_t highest_used(const Workspace& workspace, const StoredPlan& plan) {
  const auto used = used_numbers(workspace, plan.session, plan.plan.flow_branch);
  return used.empty() ? 0 : *used.rbegin();
}

Plan apply_settings(Plan plan, const std::vector<std::pair<std::string, std::string>>& settings) {
  std::set<std::string> known;
  for (const auto& [key, value] : settings) {
    const bool is_first = known.insert(key).second;
    plan = edits::set(std::move(plan), key, value,
                      is_first ? edits::Repeated::no : edits::Repeated::yes);
  }
  return plan;
}

Plan apply(const Workspace& workspace, const EditContext& context, const UpdateRequest& request,
           UpdateResult& result) {
  const Plan& before = context.current.plan;
  refuse_other_version(before, request.expected_version);
  refuse_merged(context, request.fail, "fail");
  refuse_merged(context, request.cancel, "cancel");
  Plan after = before;
  if (!request.add.empty()) {
    after = edits::add(std::move(after), request.add, highest_used(workspace, context.current));
    result.added.clear();
    for (std::size_t i = before.tasks.size(); i < after.tasks.size(); ++i)
      result.added.push_back(after.tasks[i].id);
  }
  after = apply_settings(std::move(after), request.set);
  result.completed = canonical_ids(after, request.complete);
  result.failed = canonical_ids(after, request.fail);
  result.cancelled = canonical_ids(after, request.cancel);
  refuse_two_ends(result);
  after = edits::complete(std::move(after), request.complete);
  after = edits::fail(std::move(after), request.fail, request.reason, request.needs_decision);
  after = edits::cancel(std::move(after), request.cancel, request.reason);
  if (request.note)
    after = edits::note(std::move(after), before.version + 1, rfc3339(now()), *request.note);
  return after;
}

std::string message_of(const UpdateRequest& request) {
  std::vector<std::string> parts;
  const auto name = [&](std::string_view verb, const std::vector<std::string>& ids) {
    if (!ids.empty()) parts.push_back(fmt::format("{} {}", verb, text::join(ids, ", ")));
  };
  name("complete", request.complete);
  name("fail", request.fail);
  name("cancel", request.cancel);
  if (!request.add.empty()) {
    parts.push_back(fmt::format(
        "add {}", text::count(static_cast<long long>(request.add.size()), "task", "tasks")));
  }
  for (const auto& [key, value] : request.set) parts.push_back("set " + key);
  if (request.note) parts.emplace_back("note");
  std::string message = parts.empty() ? "Update" : text::join(parts, "; ");
  message.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(message.front())));
  return text::printable(message);
}

/// What is known of the runs of the tasks that end here, from the request, their slots and
/// branches.
std::vector<RunFacts> facts_of(const Workspace& workspace, const std::string& session,
                               const UpdateRequest& request) {
  std::vector<RunFacts> all;
  if (request.fail.empty() && request.cancel.empty()) return all;
  const PlanView view(workspace, workspace.store().load(session));
  const auto add = [&](const std::vector<std::string>& ids, RunFacts::Outcome outcome) {
    for (const auto& id : ids) {
      const auto found = view.plan().find(id);
      if (!found) continue;  // about to be refused, or added by this very update
      const auto index = static_cast<TaskIndex>(*found);
      RunFacts facts;
      for (const RunFacts& given : request.facts) {
        if (view.plan().find(given.task) == index) facts = given;
      }
      if (!facts.outcome) facts.outcome = outcome;
      if (facts.reason.empty()) facts.reason = request.reason;
      if (!facts.finished_at) facts.finished_at = rfc3339(now());
      all.push_back(completed_by(std::move(facts), known_facts(workspace, view, index)));
    }
  };
  add(request.fail, RunFacts::Outcome::failed);
  add(request.cancel, RunFacts::Outcome::cancelled);
  return all;
}

}  // namespace

Priority require_priority(const std::string& word) {
  if (const auto priority = parse_priority(word)) return *priority;
  const std::vector<std::string> known{"critical", "high", "medium", "low"};
  const auto near = text::did_you_mean(word, known);
  throw Error(ErrorKind::fatal,
              fmt::format("'{}' is no priority{}", text::printable(word),
                          near ? fmt::format("; did you mean '{}'?", *near) : ""),
              Hint{"for example: git task add 'Fix the login' --priority=high"});
}

std::string require_estimate(const std::string& word) {
  if (parse_duration(word)) return word;
  throw Error(ErrorKind::fatal, fmt::format("'{}' is no duration", text::printable(word)),
              Hint{"for example: git task add 'Fix the login' --estimate='8 minutes'"});
}

namespace {

/// What concerns no task has the document's name already.
std::string error_in(const std::string& name, const Diagnostic& error) {
  const std::string line = error.line ? fmt::format("line {}: ", *error.line) : "";
  std::string_view message = error.message;
  if (message.starts_with(name + ": ")) message.remove_prefix(name.size() + 2);
  return fmt::format("{}: {}{}", name, line, message);
}

}  // namespace

void add_tasks(UpdateRequest& request, const Document& document) {
  const auto& [name, text, lines] = document;
  if (text::trim(text).empty()) {
    throw Error(ErrorKind::fatal, fmt::format("{} is empty", name),
                Hint{"to add one task, run: git task add '<description>'"});
  }
  auto parsed = json_io::looks_like_json(text) ? json_io::parse_tasks(text, name, lines)
                                               : toml_io::parse_tasks(text, name);
  std::vector<std::string> errors;
  for (const auto& one : parsed.diagnostics) {
    if (one.severity == Severity::error) errors.push_back(error_in(name, one));
    if (one.severity == Severity::warning) request.doubts.push_back(one);
  }
  if (!errors.empty()) {
    throw Error(ErrorKind::fatal, std::move(errors),
                {Hint{"to see how tasks are given, run: git plan update -h"}});
  }
  std::ranges::move(parsed.plan.tasks, std::back_inserter(request.add));
}

UpdateResult update_plan(Workspace& workspace, const std::string& session,
                         const UpdateRequest& request) {
  workspace.begin_write();
  refuse_new_errors(workspace, session, {}, request.doubts);
  UpdateResult result;
  result.session = session;
  const std::string message =
      message_with_facts(message_of(request), facts_of(workspace, session, request));
  Diagnostics warnings;  // of the last try
  const auto write = write_plan(workspace, session, message, [&](const EditContext& context) {
    Plan after = apply(workspace, context, request, result);
    warnings = not_merged(context, after, result.completed);
    return after;
  });
  for (const Diagnostic& one : warnings) workspace.warn(one);
  result.version = write.stored.plan.version;
  result.changed = write.changed;
  result.warnings = workspace.warnings();
  return result;
}

Json to_json(const UpdateResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["plan_branch"] = ref_names::plan_branch(result.session);
  object["plan_version"] = version_text(result.version);
  object["completed"] = result.completed;
  object["added"] = result.added;
  if (!result.failed.empty()) object["failed"] = result.failed;
  if (!result.cancelled.empty()) object["cancelled"] = result.cancelled;
  object["warnings"] = to_json(result.warnings);
  return object;
}

}  // namespace gitplan::commands
