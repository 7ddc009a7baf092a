#include "session/select_tasks.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/edits.hpp"
#include "plan/ids.hpp"
#include "session/plan_choice.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// The plan that was named, by --plan or $GIT_PLAN_SESSION.
std::optional<std::string> named_plan(const Workspace& workspace) {
  if (const auto& plan = workspace.settings().plan) return ref_names::session_of(*plan);
  const char* session = std::getenv("GIT_PLAN_SESSION");
  if (session == nullptr || *session == '\0') return std::nullopt;
  return ref_names::session_of(session);
}

/// Which of the two is meant, nobody can tell.
void refuse_other_plan(const Workspace& workspace, const Here& here) {
  const auto named = named_plan(workspace);
  if (!named || *named == here.session) return;
  throw Error(ErrorKind::usage,
              fmt::format("plan '{}' is named, but no task of it, and this is a worktree of task "
                          "'{}/{}'",
                          text::printable(*named), text::printable(here.session), here.task),
              Hint{fmt::format("to see the tasks of that plan, run: git task list --plan={}",
                               text::shell_quote(*named))});
}

/// What is named like a task of a plan that is not there may be meant as a branch.
void refuse_branch(const Workspace& workspace, const std::string& word) {
  const std::string name = ref_names::branch_name(word);
  const std::string ref = ref_names::branch_ref(name);
  if (!ref.starts_with(ref_names::task_prefix) && !git::read_ref(workspace.repository(), ref))
    return;
  require_branch(workspace, name);
  throw Error(ErrorKind::not_found,
              fmt::format("branch '{}' is no task branch", text::printable(name)),
              Hint{"to see the tasks, run: git task list"});
}

/// The part of `session/001` before its "/"; nothing for other words.
std::optional<std::string> session_before(const std::string& word) {
  const auto slash = word.rfind('/');
  if (slash == std::string::npos || ref_names::parse_task_branch(word)) return std::nullopt;
  return ref_names::session_of(word.substr(0, slash));
}

/// The plan that a task's name names by itself: `session/001` does, and a task branch where --plan
/// names none. `session/001` also where there is no such plan.
std::optional<std::string> plan_named_by(const Workspace& workspace, const std::string& word) {
  const git::Repository& repository = workspace.repository();
  if (auto session = session_before(word)) {
    if (!is_session(*session) || !git::read_ref(repository, ref_names::plan_ref(*session)))
      refuse_branch(workspace, word);
    return session;
  }
  if (!ref_names::parse_task_branch(word) || workspace.settings().plan) return std::nullopt;
  const std::string name = ref_names::branch_name(word);
  const auto tip = git::read_ref(repository, ref_names::branch_ref(name));
  auto session = tip ? session_naming(repository, *tip, name) : std::nullopt;
  return session && workspace.store().find(*session) ? session : std::nullopt;
}

struct NamedTask {
  std::string word;
  std::string session;
};

/// Of a branch nobody reads the plan.
OpenPlan open_by_word(Workspace& workspace, Access access, const NamedTask& named) {
  OpenPlan view = open_named(workspace, named.session);
  return session_before(named.word)
             ? tell_named(workspace, std::move(view))
             : chosen(workspace, access, std::move(view), "that of the branch");
}

void refuse_other_plan(const Workspace& workspace, const NamedTask& named) {
  const auto& plan = workspace.settings().plan;
  if (!plan || ref_names::session_of(*plan) == named.session) return;
  throw Error(ErrorKind::usage,
              fmt::format("'{}' is no task of plan '{}'", text::printable(named.word),
                          text::printable(ref_names::session_of(*plan))),
              Hint{fmt::format("to see the tasks of that plan, run: git task list --plan={}",
                               text::shell_quote(ref_names::session_of(*plan)))});
}

void refuse_two_plans(const NamedTask& one, const NamedTask& other) {
  if (one.session == other.session) return;
  throw Error(ErrorKind::usage,
              fmt::format("tasks of two plans: '{}' is of plan '{}', '{}' of '{}'",
                          text::printable(one.word), text::printable(one.session),
                          text::printable(other.word), text::printable(other.session)),
              Hint{fmt::format("name those of one plan; to see them, run: git task list --plan={}",
                               text::shell_quote(one.session))});
}

std::optional<std::string> near_task_branch(const PlanView& view, const std::string& name) {
  std::vector<std::string> names;
  for (TaskIndex i = 0; i < view.size(); ++i) {
    if (const TaskBranch* branch = view.task_branch(i)) names.push_back(branch->name);
  }
  return text::did_you_mean(name, names);
}

}  // namespace

TaskIndex require_task(const PlanView& view, std::string_view word) {
  if (const auto branch = ref_names::parse_task_branch(word)) {
    const auto found = view.plan().find(branch->id);
    const std::string name = ref_names::branch_name(word);
    if (found) {
      const TaskBranch* known = view.task_branch(static_cast<TaskIndex>(*found));
      if (known != nullptr && known->name == name) return static_cast<TaskIndex>(*found);
    }
    const auto near = near_task_branch(view, name);
    throw Error(
        ErrorKind::not_found,
        fmt::format("branch '{}' is no task branch of plan '{}'{}", text::printable(name),
                    view.session(),
                    near ? fmt::format("; did you mean '{}'?", text::printable(*near)) : ""),
        Hint{"to see its tasks, run: git task list --plan=" + view.session()});
  }
  return static_cast<TaskIndex>(edits::require(view.plan(), word));
}

Selected select_task(Workspace& workspace, Access access, const std::optional<std::string>& word) {
  Selected selected;
  if (!word) {
    const auto here = task_here(workspace);
    if (!here) {
      throw Error(ErrorKind::usage, "no task given, and this is no worker's worktree",
                  Hint{"to see the tasks, run: git task list"});
    }
    refuse_other_plan(workspace, *here);
    selected.view =
        chosen(workspace, access, open_plan(workspace, here->session), "that of the task here");
    selected.task = require_task(*selected.view, here->task);
    return selected;
  }
  const auto session = plan_named_by(workspace, *word);
  if (session) refuse_other_plan(workspace, NamedTask{*word, *session});
  selected.view =
      session ? open_by_word(workspace, access, {*word, *session}) : select_plan(workspace, access);
  selected.task = require_named_task(*selected.view, *word);
  return selected;
}

TaskIndex require_named_task(const PlanView& view, std::string_view word) {
  const auto session = session_before(std::string(word));
  const bool is_full = session && *session == view.session();
  return require_task(view, is_full ? word.substr(word.rfind('/') + 1) : word);
}

OpenPlan select_plan_of_tasks(Workspace& workspace, Access access,
                              const std::vector<std::string>& words) {
  std::optional<NamedTask> named;
  const std::string* plain = nullptr;
  for (const std::string& word : words) {
    auto session = plan_named_by(workspace, word);
    if (!session) {
      plain = &word;
    } else if (named) {
      refuse_two_plans(*named, {word, *session});
    } else {
      named = NamedTask{word, *std::move(session)};
    }
  }
  if (!named) return select_plan(workspace, access);
  refuse_other_plan(workspace, *named);
  if (const auto choice = plain != nullptr ? choice_of(workspace) : std::nullopt)
    refuse_two_plans(*named, {*plain, choice->stored.session});
  return open_by_word(workspace, access, *named);
}

}  // namespace gitplan
