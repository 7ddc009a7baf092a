#include "session/task_branch.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/edits.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "session/claiming.hpp"
#include "session/done_refs.hpp"
#include "session/flow.hpp"
#include "session/guard.hpp"
#include "session/overtaken.hpp"
#include "session/renamed_plan.hpp"
#include "session/slot_check.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Tasks that need this one: by depends_on, or by something that it provides.
std::vector<std::string> enabled_by(const PlanView& view, TaskIndex index) {
  const schedule::Graph& graph = view.graph();
  std::vector<bool> provided(graph.capability_count());
  for (schedule::CapabilityIndex i = 0; i < graph.capability_count(); ++i) {
    const auto providers = graph.providers(i);
    provided[i] = std::find(providers.begin(), providers.end(), index) != providers.end();
  }
  const auto is_met = [&](const schedule::Need& need) {
    if (need.kind == schedule::Need::Kind::task) return need.index == index;
    return need.kind == schedule::Need::Kind::capability && provided[need.index];
  };
  std::vector<std::string> enabled;
  for (TaskIndex other = 0; other < view.size(); ++other) {
    const auto needs = graph.needs(other);
    if (std::any_of(needs.begin(), needs.end(), is_met)) enabled.push_back(view.task(other).id);
  }
  return enabled;
}

TaskFile describe(const PlanView& view, TaskIndex index, const std::string& branch) {
  const Task& task = view.task(index);
  TaskFile file;
  file.id = task.id;
  file.branch = branch;
  file.description = task.description;
  file.preconditions = task.preconditions;
  file.provides = task.provides;
  file.depends_on = task.depends_on;
  file.enables = enabled_by(view, index);
  const int wave = view.waves().wave_of[index];
  for (TaskIndex other = 0; other < view.size(); ++other) {
    if (other != index && wave > 0 && view.waves().wave_of[other] == wave) {
      file.parallel_with.push_back(view.task(other).id);
    }
    if (view.status(other) == Status::completed)
      file.completed_tasks.push_back(view.task(other).id);
  }
  file.files = task.files;
  file.details = task.details;
  file.test_strategy = task.test_strategy;
  file.agent = task.agent;
  file.estimated_time = task.estimated_time;
  file.priority = task.priority;
  file.session_id = view.session();
  file.session_goal = view.plan().user_request;
  file.plan_branch = view.branch();
  file.plan_version = view.version();
  file.created_at = rfc3339(now());
  return file;
}

template <class Value, class Target>
void copy_given(const std::optional<Value>& given, Target& target) {
  if (given) target = *given;
}

void take_task_fields(const TaskFields& fields, auto& task) {
  copy_given(fields.description, task.description);
  copy_given(fields.preconditions, task.preconditions);
  copy_given(fields.provides, task.provides);
  copy_given(fields.depends_on, task.depends_on);
  copy_given(fields.files, task.files);
  copy_given(fields.details, task.details);
  copy_given(fields.test_strategy, task.test_strategy);
  copy_given(fields.agent, task.agent);
  copy_given(fields.estimated_time, task.estimated_time);
  copy_given(fields.priority, task.priority);
  task.description = edits::unix_lines(task.description);
  for (std::optional<std::string>* text : {&task.details, &task.test_strategy}) {
    if (*text) *text = edits::unix_lines(**text);
  }
  edits::split_description(task.description, task.details);
}

void take_fields(const TaskFields& fields, TaskFile& file) {
  take_task_fields(fields, file);
  copy_given(fields.enables, file.enables);
  copy_given(fields.parallel_with, file.parallel_with);
  copy_given(fields.completed_tasks, file.completed_tasks);
  copy_given(fields.session_goal, file.session_goal);
  copy_given(fields.plan_version, file.plan_version);
}

/// What the fields would be refused for in the plan, they are refused for here.
void refuse_bad_fields(Workspace& workspace, const PlanView& view, TaskIndex index,
                       const TaskFields& fields) {
  Plan after = view.plan();
  take_task_fields(fields, after.tasks[index]);
  if (after == view.plan()) return;
  refuse_new_errors(workspace, view.session(), check_plan(view.plan(), view.given(), {}, {}),
                    check_plan(after, view.given(), {}, {}));
}

std::string message_of(const PlanView& view, const Task& task) {
  return fmt::format("Start task {}: {}\n\nTask: {}\nPlan: {}\n", task.id,
                     text::printable(text::fold_space(task.description)), task.id, view.session());
}

[[noreturn]] void refuse_existing(const PlanView& view, TaskIndex index) {
  refuse_done(view, index);
  const TaskBranch* branch = view.task_branch(index);
  if (branch == nullptr) refuse_held(view, index);  // whatever its branch is called by now
  const Slot* slot = view.slot(index);
  const std::string where = slot == nullptr ? "" : fmt::format(", in worker {}", slot->number);
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("task '{}' already has branch '{}'{}", view.task(index).id,
                  text::printable(branch->name), where),
      slot == nullptr
          ? Hint{fmt::format("to give it a worktree, run: git task start {}", view.task(index).id)}
          : Hint{fmt::format("to see it, run: git task show {}", view.task(index).id)});
}

void refuse_bad_slug(const std::string& id, const std::string& slug) {
  if (is_slug(slug)) return;
  throw Error(
      ErrorKind::fatal,
      fmt::format("'{}' is no slug: lower-case letters, digits and single dashes, at most 50",
                  text::printable(slug)),
      Hint{fmt::format("to use one that would do, run: git task create {} --slug={}", id,
                       derive_slug(slug))});
}

struct Candidate {
  std::string slug;
  bool is_explicit = false;
};

Candidate slug_for(const PlanView& view, TaskIndex index, const std::optional<std::string>& slug) {
  const Task& task = view.task(index);
  if (slug) refuse_bad_slug(task.id, *slug);
  if (slug) return {*slug, true};
  if (task.slug && is_slug(*task.slug)) return {*task.slug, true};
  return {derive_slug(task.description), false};
}

/// slug, slug-2, slug-3, …, still at most 50 long.
std::string numbered_slug(const std::string& slug, int count) {
  if (count == 1) return slug;
  constexpr std::size_t longest = 50;
  const std::string ending = fmt::format("-{}", count);
  std::string start = slug.substr(0, longest - ending.size());
  while (start.ends_with('-')) start.pop_back();
  return start + ending;
}

/// A host that lets no branch go has that of an earlier attempt still.
bool is_left_there(const Workspace& workspace, const std::string& ref) {
  return workspace.shared_remote() != nullptr && workspace.shared_remote()->seen(ref);
}

/// It is the task's, by its name and by what it has, and nobody's: branches are listed without
/// those that are called by another's name.
void refuse_other_name(const git::Repository& repository, const PlanView& view, TaskIndex index,
                       const std::string& branch) {
  const auto target = git::symbolic_target(repository, ref_names::branch_ref(branch));
  const auto tip = target ? git::read_ref(repository, *target) : std::nullopt;
  const std::string& id = view.task(index).id;
  if (!tip || !Ledger(repository, view.session()).file_in(*tip, task_number(id).value_or(0)))
    return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("the branch of task '{}', '{}', is a symbolic ref to '{}'", id, branch,
                  text::printable(ref_names::branch_name(*target))),
      Hint{fmt::format("to make it a branch of its own, run: git update-ref --no-deref {} {}",
                       text::shell_quote(ref_names::branch_ref(branch)), tip->hex())});
}

}  // namespace

void refuse_unstartable(const PlanView& view, TaskIndex index, Unready unready) {
  const Task& task = view.task(index);
  const Status status = view.status(index);
  if (status == Status::in_progress) return;
  refuse_cleaned(view.plan());
  if (status != Status::pending) {
    const bool merged = view.in_flow(index);
    throw Error(ErrorKind::wrong_state, fmt::format("task '{}' is {}", task.id, spoken(status)),
                merged ? Hint{"to see what can start now, run: git wave next"}
                       : Hint{fmt::format("to start it over, run: git task reset {}", task.id)});
  }
  if (unready == Unready::start_anyway) return;
  const std::string waiting = describe_blockers(view, index);
  if (waiting.empty()) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' is not ready: waiting for {}", text::printable(task.id),
                          text::printable(waiting)),
              Hint{"to see what can start now, run: git wave next"})
      .with_code("not_ready");
}

void refuse_done(const PlanView& view, TaskIndex index) {
  if (!view.done_at(index)) return;
  const std::string id = text::printable(view.task(index).id);
  throw Error(ErrorKind::wrong_state, {fmt::format("task '{}' is done and waits to be merged", id)},
              {Hint{fmt::format("to merge it, run: git task done {}", id)},
               Hint{fmt::format("to start it over, run: git task reset {}", id)}})
      .with_code("done");
}

MetadataFile make_metadata(const git::Repository& repository, const PlanView& view, TaskIndex index,
                           const std::string& branch, const TaskFields& fields) {
  TaskFile file = describe(view, index, branch);
  take_fields(fields, file);
  const auto name = ref_names::parse_task_branch(branch);
  return {ref_names::task_file_path(view.session(), view.task(index).id,
                                    name ? name->slug : slug_of(view, index)),
          git::write_blob(repository, toml_io::render_task_file(file))};
}

NewBranch make_task_branch(Workspace& workspace, const PlanView& view, TaskIndex index,
                           const std::optional<std::string>& slug, const TaskFields& fields) {
  const git::Repository& repository = workspace.repository();
  const Task& task = view.task(index);
  if (!is_task_id(task.id)) {
    throw Error(ErrorKind::fatal,
                fmt::format("'{}' is no task id: 3 to 6 digits", text::printable(task.id)),
                Hint{"to see what is wrong with the plan, run: git plan check"});
  }
  const git::Oid flow = require_flow(workspace, view.plan().flow_branch);
  release_done(repository, view.session(), task.id, flow);  // of a branch that is gone
  const Candidate wanted = slug_for(view, index, slug);
  constexpr int most_names = 1000;
  for (int count = 1; count < most_names; ++count) {
    const std::string name = numbered_slug(wanted.slug, count);
    const std::string branch = ref_names::task_branch(task.id, name);
    const std::string ref = ref_names::branch_ref(branch);
    refuse_other_name(repository, view, index, branch);
    if (!git::read_ref(repository, ref) && !is_left_there(workspace, ref)) {
      const MetadataFile file = make_metadata(repository, view, index, branch, fields);
      const git::Oid tree =
          git::tree_with_file(repository, git::tree_of(repository, flow), file.path, file.blob);
      const git::Oid commit =
          git::create_commit(repository, tree, std::span(&flow, 1), message_of(view, task));
      if (git::compare_and_swap(repository, ref, std::nullopt, commit,
                                "branch: Created from flow") == git::SwapResult::swapped) {
        git::heal_after_gc(repository);
        return {branch, commit};
      }
    }
    if (wanted.is_explicit) {
      throw Error(ErrorKind::wrong_state, fmt::format("branch '{}' already exists", branch),
                  Hint{fmt::format("to use another name, run: git task create {} --slug={}",
                                   task.id, numbered_slug(wanted.slug, 2))});
    }
  }
  throw Error(ErrorKind::wrong_state, fmt::format("no free branch name for task '{}'", task.id));
}

namespace {

void refuse_creation(Workspace& workspace, const PlanView& view, TaskIndex index,
                     const CreateTaskRequest& request) {
  refuse_renamed(workspace, view);
  refuse_claimed(view, index);
  if (view.status(index) == Status::in_progress) refuse_existing(view, index);
  refuse_hold(view.plan());
  refuse_unstartable(view, index, request.unready);
  refuse_bad_fields(workspace, view, index, request.fields);
}

/// The task that was asked for; where machines share the plan it is claimed, without a worker.
Selected claim_for_creation(Workspace& workspace, const CreateTaskRequest& request) {
  for (Overtaken overtaken;; overtaken.once_more(workspace.shared_remote()->remote())) {
    Selected selected = select_task(workspace, Access::write, request.task);
    const PlanView& view = *selected.view;
    refuse_creation(workspace, view, selected.task, request);
    const std::string slug = slug_for(view, selected.task, request.slug).slug;
    const Wanted wanted{selected.task, 0,
                        ref_names::task_branch(view.task(selected.task).id, slug)};
    if (!claim_tasks(workspace, view, std::span(&wanted, 1)).is_stale) return selected;
  }
}

}  // namespace

CreateTaskResult create_task(Workspace& workspace, const CreateTaskRequest& request) {
  workspace.begin_write();
  const auto turn = workspace.slots().lock();
  const Selected selected = claim_for_creation(workspace, request);
  const PlanView& view = *selected.view;
  CreateTaskResult result;
  result.session = view.session();
  result.task = view.task(selected.task).id;
  try {
    result.branch = make_task_branch(workspace, view, selected.task, request.slug, request.fields);
  } catch (const Error&) {
    give_back(workspace, view, std::span(&selected.task, 1));
    throw;
  }
  return result;
}

Json to_json(const CreateTaskResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["plan_branch"] = plan_branch_text(result.session);
  object["task_id"] = result.task;
  object["branch"] = result.branch.name;
  object["commit"] = result.branch.commit.hex();
  return object;
}

}  // namespace gitplan
