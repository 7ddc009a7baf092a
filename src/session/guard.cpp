#include "session/guard.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/check.hpp"
#include "plan/edits.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "schedule/check_graph.hpp"
#include "session/done_refs.hpp"
#include "session/flow.hpp"
#include "session/plan_checkouts.hpp"
#include "session/renamed_plan.hpp"
#include "session/taken_back.hpp"
#include "session/used_numbers.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// A diagnostic is the same one after a write if its words are; its line may have moved.
using Fingerprint = std::pair<std::string, std::string>;

std::multiset<Fingerprint> fingerprints(const Diagnostics& diagnostics) {
  std::multiset<Fingerprint> prints;
  for (const auto& one : diagnostics) prints.emplace(one.code, one.message);
  return prints;
}

/// The tasks and how far they are, which nothing changes once a plan was cleaned up.
bool same_progress(const Plan& before, const Plan& after) {
  return std::ranges::equal(before.tasks, after.tasks, [](const Task& one, const Task& other) {
    return one.id == other.id && one.status == other.status;
  });
}

/// "plan 'x': line 3: task '001': no description"; with the lines of a document that the user has.
std::string refusal(std::string_view session, const Diagnostic& one) {
  const std::string plan = fmt::format("plan '{}': ", text::printable(session));
  const std::string line = one.line ? fmt::format("line {}: ", *one.line) : "";
  return one.message.starts_with(plan) ? one.message : plan + line + one.message;
}

bool same_but_for_its_end(Task one, Task other) {
  for (Task* task : {&one, &other}) {
    task->status = Status::pending;
    clear_outcome(*task);
  }
  return one == other;
}

bool same_head(const Plan& one, const Plan& other) {
  return one.foreign == other.foreign &&
         std::ranges::all_of(toml_io::fields<Plan>(), [&](const toml_io::Field<Plan>& field) {
           return field.key == "version" || field.key == "cleaned_at" ||
                  toml_io::same(one, other, field);
         });
}

/// What `check` could say of a change: completing or failing tasks leaves the graph alone.
bool same_shape(const Plan& before, const Plan& after) {
  return same_head(before, after) &&
         std::ranges::equal(before.tasks, after.tasks, [](const Task& one, const Task& other) {
           return one == other || same_but_for_its_end(one, other);
         });
}

}  // namespace

Diagnostics check_plan(const Plan& plan, std::span<const std::string> given,
                       std::span<const int> task_lines, const Diagnostics& parse_diagnostics) {
  Diagnostics all = parse_diagnostics;
  for (auto& one : check_tasks(plan, task_lines)) all.push_back(std::move(one));
  const schedule::Graph graph(plan, given);
  for (auto& one : schedule::check_graph(graph, schedule::compute_waves(graph), task_lines)) {
    all.push_back(std::move(one));
  }
  return all;
}

namespace {

/// A plan that there is can be looked at; one that is being made was given by words or a file.
Hint way_out(const Workspace& workspace, std::string_view session) {
  if (is_session(session) && git::read_ref(workspace.repository(), ref_names::plan_ref(session)))
    return Hint{fmt::format("to see the tasks that there are, run: git task list --plan={}",
                            text::shell_quote(session))};
  return Hint{"to see how a plan is given, run: git plan create -h"};
}

/// Throws the errors that are new; returns the warnings to say.
Diagnostics judge_change(const Workspace& workspace, std::string_view session,
                         const Diagnostics& before, const Diagnostics& after) {
  auto known = fingerprints(before);
  std::vector<std::string> errors;
  Diagnostics warnings;
  for (const Diagnostic& one : after) {
    if (const auto same = known.find({one.code, one.message}); same != known.end()) {
      known.erase(same);
      if (one.severity == Severity::error) {  // a person brought it in: said, not refused
        warnings.push_back(one);
        warnings.back().severity = Severity::warning;
      }
      continue;
    }
    if (one.severity == Severity::error || workspace.strict()) {
      errors.push_back(refusal(session, one));
    } else {
      warnings.push_back(one);
    }
  }
  if (!errors.empty()) {
    throw Error(ErrorKind::fatal, std::move(errors), {way_out(workspace, session)})
        .with_code("refused");
  }
  return warnings;
}

/// Each once, also where a lost race has them found again.
void say(Workspace& workspace, const Diagnostics& warnings) {
  const auto words = [](const Diagnostic& one) {
    return std::tuple(one.code, one.message, one.task, one.line);
  };
  std::set<std::tuple<std::string, std::string, std::string, std::optional<int>>> said;
  for (const Diagnostic& warning : workspace.warnings()) said.insert(words(warning));
  for (const Diagnostic& warning : warnings) {
    if (said.insert(words(warning)).second) workspace.warn(warning);
  }
}

/// Capabilities from outside a plan's tasks.
std::vector<std::string> given_to(const Plan& plan, const std::vector<std::string>& others) {
  std::vector<std::string> all = plan.provides;
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

void add(Diagnostics& all, const Diagnostics& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void refuse_renaming(const Plan& plan, std::string_view session, std::string_view before) {
  if (plan.session_id == session || plan.session_id == before) return;
  throw Error(ErrorKind::fatal,
              fmt::format("plan '{}': session_id may not change to '{}'", session,
                          text::printable(plan.session_id)),
              Hint{"a plan keeps its name; to make another one, run: git plan create"});
}

/// Said by whoever writes next: the commit is of somebody who did not see it.
void warn_of_taken_back(Workspace& workspace, const std::optional<TakenBack>& taken) {
  if (!taken) return;
  say(workspace, {taken->warning});
  workspace.hint(taken->hint());
}

}  // namespace

void refuse_new_errors(Workspace& workspace, std::string_view session, const Diagnostics& before,
                       const Diagnostics& after) {
  say(workspace, judge_change(workspace, session, before, after));
}

void refuse_other_version(const Plan& plan, const std::optional<std::int64_t>& expected) {
  if (!expected || *expected == plan.version) return;
  throw Error(ErrorKind::lost_race,
              fmt::format("plan '{}' is at v{}, not at v{}", text::printable(plan.session_id),
                          plan.version, *expected),
              Hint{"to see what it is now, run: git plan show " +
                   text::printable(text::shell_quote(plan.session_id))});
}

void refuse_cleaned(const Plan& plan) {
  if (plan.cleaned_at.empty()) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("plan '{}' is finished, and was cleaned up at {}",
                          text::printable(plan.session_id), text::printable(plan.cleaned_at)),
              Hint{"for what is to be done now, run: git plan create"})
      .with_code("cleaned");
}

void refuse_hold(const Plan& plan) {
  if (plan.hold.empty()) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("plan '{}' is on hold: {}", text::printable(plan.session_id),
                          text::printable(text::fold_space(plan.hold))),
              Hint{"to let it go on, run: git plan update --set hold="})
      .with_code("on_hold");
}

void record_merged(Plan& plan, const FlowFacts& flow) {
  for (Task& task : plan.tasks) {
    const auto number = task_number(task.id);
    if (!number || !flow.has(*number) || task.status == Status::completed) continue;
    task.status = Status::completed;
    clear_outcome(task);
  }
}

bool EditContext::in_flow(const Task& task) const {
  const auto number = task_number(task.id);
  return number && std::binary_search(merged.begin(), merged.end(), *number);
}

PlanWrite write_plan(Workspace& workspace, std::string_view session, std::string_view message,
                     const PlanEdit& edit) {
  std::optional<TakenBack> taken;
  PlanWrite write = workspace.store().update(session, message, [&](const StoredPlan& current) {
    taken = taken_back(workspace, current);
    Ledger ledger(workspace.repository(), session);
    const FlowFacts flow = flow_facts(workspace, ledger, current.plan.flow_branch);
    Plan after = edit(EditContext{current, flow.merged});
    record_merged(after, flow);
    if (!same_progress(current.plan, after)) refuse_cleaned(current.plan);
    if (!same_shape(current.plan, after)) {
      const auto others = ledger.other_provides(flow);
      Diagnostics found = check_plan(after, given_to(after, others), {}, current.diagnostics);
      add(found, taken_numbers(workspace, current.session, current.plan, after));
      refuse_new_errors(
          workspace, session,
          check_plan(current.plan, given_to(current.plan, others), {}, current.diagnostics), found);
    }
    return after;
  });
  release_settled(workspace.repository(), session, write.stored.plan);
  warn_of_taken_back(workspace, taken);
  warn_of_renamed(workspace, write.stored);
  warn_of_checkouts(workspace, session);
  workspace.detail(fmt::format("'{}' is at v{}, {}", ref_names::plan_branch(session),
                               write.stored.plan.version, write.stored.commit.abbreviated()));
  return write;
}

NextText next_version(Workspace& workspace, const StoredPlan& current, bool readable,
                      const std::string& text, Saying saying) {
  const auto parsed = toml_io::parse_plan(text, fmt::format("plan '{}'", current.session));
  refuse_renaming(parsed.plan, current.session, readable ? current.plan.session_id : "");
  if (readable && !same_progress(current.plan, parsed.plan)) refuse_cleaned(parsed.plan);
  Ledger ledger(workspace.repository(), current.session);
  const FlowFacts flow = flow_facts(workspace, ledger, parsed.plan.flow_branch);
  const auto others = ledger.other_provides(flow);
  Diagnostics before;
  Diagnostics after =
      check_plan(parsed.plan, given_to(parsed.plan, others), parsed.task_lines, parsed.diagnostics);
  if (readable) {
    before = check_plan(current.plan, given_to(current.plan, others), {}, current.diagnostics);
    add(after, taken_numbers(workspace, current.session, current.plan, parsed.plan));
  }
  const Diagnostics warnings = judge_change(workspace, current.session, before, after);
  if (saying == Saying::warnings) say(workspace, warnings);
  if (readable && saying == Saying::warnings)
    warn_of_taken_back(workspace, taken_back(workspace, current));
  NextText next{parsed.plan, {}};
  record_merged(next.plan, flow);
  for (Task& task : next.plan.tasks) edits::split_description(task.description, task.details);
  next.plan.version = (readable ? current.plan.version : parsed.plan.version) + 1;
  next.toml = toml_io::edit_plan(text, parsed.plan, next.plan);
  return next;
}

}  // namespace gitplan
