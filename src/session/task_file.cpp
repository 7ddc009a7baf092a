#include "session/task_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "session/flow.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// The metadata file of a task in one commit's tree.
std::optional<TaskFile> file_in(const Workspace& workspace, const std::string& session,
                                const git::Oid& commit, std::uint32_t number) {
  const git::Repository& repository = workspace.repository();
  Ledger ledger(repository, session);
  const auto name = ledger.file_in(commit, number);
  if (!name) return std::nullopt;
  const std::string path = fmt::format("{}/{}/{}", ref_names::metadata_folder, session, *name);
  const auto entry = git::entry_at(repository, git::tree_of(repository, commit), path);
  if (!entry) return std::nullopt;
  return toml_io::parse_task_file(git::read_blob(repository, entry->oid, path),
                                  fmt::format("'{}'", text::printable(path)));
}

/// With its plan, if there still is one.
BranchTask with_plan(const Workspace& workspace, const std::string& branch, TaskFile file,
                     const std::string& session) {
  BranchTask task;
  task.branch = branch;
  task.file = std::move(file);
  auto stored = workspace.store().find(session);
  if (!stored) {
    const auto flow = git::read_ref(workspace.repository(),
                                    ref_names::branch_ref(default_flow_branch(workspace)));
    const auto number = task_number(task.file.id);
    if (flow && number && file_in(workspace, session, *flow, *number))
      task.status = Status::completed;
    return task;
  }
  task.view = std::make_unique<PlanView>(workspace, std::move(*stored));
  const auto found = task.view->plan().find(task.file.id);
  if (found) task.index = static_cast<TaskIndex>(*found);
  if (task.index) task.status = task.view->status(*task.index);
  return task;
}

std::optional<BranchTask> on_branch(const Workspace& workspace, const std::string& branch,
                                    const git::Oid& tip, const std::string& session) {
  const auto name = ref_names::parse_task_branch(branch);
  auto file = file_in(workspace, session, tip, *task_number(name->id));
  if (!file) return std::nullopt;
  return with_plan(workspace, branch, std::move(*file), session);
}

/// A branch that was deleted after its merge: flow has its file.
std::optional<BranchTask> in_flow(Workspace& workspace, const std::string& branch) {
  if (has_no_plans(workspace)) return std::nullopt;
  const auto name = ref_names::parse_task_branch(branch);
  const auto view = select_plan(workspace, Access::read);
  if (!name || !view->flow().commit) return std::nullopt;
  auto file = file_in(workspace, view->session(), *view->flow().commit, *task_number(name->id));
  if (!file || file->branch != branch) return std::nullopt;
  return with_plan(workspace, branch, std::move(*file), view->session());
}

[[noreturn]] void refuse_without_branch(const PlanView& view, TaskIndex index) {
  const std::string id = text::printable(view.task(index).id);
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' has no branch: it is {}", id, spoken(view.status(index))),
              Hint{fmt::format("to give it one, run: git task create {}", id)});
}

/// "001", "session/001", or a branch that its file does not name.
BranchTask by_word(Workspace& workspace, const std::string& word) {
  const Selected selected = select_task(workspace, Access::read, word);
  const TaskBranch* branch = selected.view->task_branch(selected.task);
  if (branch == nullptr) refuse_without_branch(*selected.view, selected.task);
  auto task = on_branch(workspace, branch->name, branch->tip, selected.view->session());
  if (!task) refuse_without_branch(*selected.view, selected.task);
  return std::move(*task);
}

}  // namespace

BranchTask read_task_branch(Workspace& workspace, const std::string& word) {
  const std::string branch = ref_names::branch_name(word);
  if (!ref_names::parse_task_branch(branch)) return by_word(workspace, word);
  const auto tip = git::read_ref(workspace.repository(), ref_names::branch_ref(branch));
  if (!tip) {
    if (auto task = in_flow(workspace, branch)) return std::move(*task);
    require_branch(workspace, branch);
  }
  if (const auto session = session_naming(workspace.repository(), *tip, branch)) {
    if (auto task = on_branch(workspace, branch, *tip, *session)) return std::move(*task);
  }
  return by_word(workspace, branch);
}

Json to_json(const BranchTask& task) {
  Json object = new_object();
  const TaskFile& file = task.file;
  if (task.index) {
    object.update(task_object(*task.view, *task.index));
  } else {
    object["id"] = file.id;
  }
  object["branch"] = task.branch;
  object["description"] = file.description;
  object["status"] = to_string(task.status);
  object["preconditions"] = file.preconditions;
  object["provides"] = file.provides;
  object["depends_on"] = file.depends_on;
  object["enables"] = file.enables;
  object["parallel_with"] = file.parallel_with;
  object["files"] = file.files;
  for (const auto* key :
       {"estimated_time", "estimated_minutes", "details", "test_strategy", "agent"})
    object.erase(key);
  add_guidance(object, file);
  add_estimate(object, file.estimated_time);
  object["priority"] = to_string(file.priority.value_or(Priority::medium));
  object["session_id"] = file.session_id;
  object["session_goal"] = file.session_goal;
  object["plan_branch"] = file.plan_branch;
  object["plan_version"] = file.plan_version;
  object["completed_tasks"] = file.completed_tasks;
  object["created_at"] = file.created_at;
  return object;
}

}  // namespace gitplan
