#include "session/merged_along.hpp"

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"
#include "store/session_trees.hpp"

namespace gitplan {
namespace {

using git::Oid;

/// The task that a path below .plan/ is called like.
std::optional<ref_names::TaskRef> task_of(std::string_view path) {
  const auto parts = text::split(path, '/');
  if (parts.size() != 3) return std::nullopt;
  const auto name = ref_names::parse_task_file(parts[2]);
  const auto number = name ? task_number(name->id) : std::nullopt;
  if (!number) return std::nullopt;
  return ref_names::TaskRef{std::string(parts[1]), *number};
}

/// Where the task's branch is, if the other has all of it.
std::optional<Oid> merged_branch(const git::Repository& repository, const MetadataFile& file,
                                 const ref_names::TaskRef& task, const Oid& tip) {
  const TaskFileFacts said = read_task_facts(repository, file.blob, file.path);
  if (said.session != task.session || said.number != task.task) return std::nullopt;
  auto own = git::read_ref(repository, ref_names::branch_ref(said.branch));
  return own && git::is_ancestor(repository, *own, tip) ? own : std::nullopt;
}

/// Its worker ended, or none ever began; and nobody gave it up.
bool is_left(const Workspace& workspace, const ref_names::TaskRef& task) try {
  auto stored = workspace.store().find(task.session);
  if (!stored) return false;
  const PlanView view(workspace, *std::move(stored));
  const auto place = view.plan().find(format_task_id(task.task));
  if (!place) return false;
  const auto index = static_cast<TaskIndex>(*place);
  return view.is_free(index) || view.done_at(index);
} catch (const Error&) {
  return false;  // nobody can read its plan
}

}  // namespace

bool comes_along(const Workspace& workspace, const MetadataFile& file, const Oid& flow,
                 const Oid& tip) {
  const auto task = task_of(file.path);
  if (!task) return false;
  const auto own = merged_branch(workspace.repository(), file, *task, tip);
  return own && has_own_work(workspace.repository(), *task, flow, *own) &&
         is_left(workspace, *task);
}

}  // namespace gitplan
