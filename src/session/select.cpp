#include "session/select.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/edits.hpp"
#include "plan/ids.hpp"
#include "session/flow.hpp"
#include "session/remotes.hpp"
#include "session/select_tasks.hpp"
#include "session/surroundings.hpp"
#include "session/workspace.hpp"
#include "store/plan_outlines.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

using View = std::unique_ptr<PlanView>;

StoredPlan load_plan(const Workspace& workspace, std::string_view plan_or_session) {
  return workspace.store().load(ref_names::session_of(plan_or_session));
}

View open_plan(const Workspace& workspace, std::string_view plan_or_session) {
  return std::make_unique<PlanView>(workspace, load_plan(workspace, plan_or_session));
}

/// The command's own words are about it.
View open_named(Workspace& workspace, std::string_view plan_or_session) {
  View view = open_plan(workspace, plan_or_session);
  workspace.name_plan(view->session());
  return view;
}

struct Here {
  std::string session;
  std::string task;
};

/// The slot, else the task branch, that the current folder is in.
std::optional<Here> task_here(const Workspace& workspace) {
  const git::Repository& repository = workspace.repository();
  if (!repository.worktree()) return std::nullopt;
  if (const auto claim = read_claim(repository.git_dir()); claim && !claim->session.empty()) {
    return Here{claim->session, claim->task};
  }
  const git::Head head = git::read_head(repository);
  const auto name = ref_names::parse_task_branch(head.branch);
  if (!name || !head.target) return std::nullopt;
  const auto session =
      session_naming(repository, *head.target, ref_names::branch_name(head.branch));
  if (!session) return std::nullopt;
  return Here{*session, name->id};
}

bool is_newer(const View& a, const View& b) {
  if (a->plan().created_at != b->plan().created_at)
    return a->plan().created_at > b->plan().created_at;
  return a->session() > b->session();
}

/// Looks at the newest first, which are the likeliest.
bool has_unfinished(const Workspace& workspace, std::string_view but) {
  std::optional<Surroundings> surroundings;
  const auto outlines = outline_plans(workspace.repository(), workspace.store(), but);
  return std::any_of(outlines.rbegin(), outlines.rend(), [&](const PlanOutline& outline) {
    if (outline.finished) return false;
    if (!surroundings) surroundings.emplace(workspace);
    try {
      const auto& tip = outline.tip;
      return !PlanView(workspace, workspace.store().load_at(tip.session, tip.commit), *surroundings)
                  .is_finished();
    } catch (const Error&) {
      return false;  // nobody works on one that cannot be read
    }
  });
}

/// The plan, with what it was chosen by. Said where a write could be meant for another one.
View chosen(const Workspace& workspace, Access access, View view, std::string_view by) {
  if (access == Access::write && has_unfinished(workspace, view->session()))
    workspace.note(fmt::format("using plan '{}' ({})", view->session(), by));
  return view;
}

/// Plans as they stand, the unfinished first.
struct Plans {
  std::vector<View> readable;
  std::size_t unfinished = 0;
  Diagnostics unreadable;
};

enum class Which { not_recorded_finished, all };

Plans open_plans(const Workspace& workspace, Which which) {
  Plans plans;
  const Surroundings surroundings(workspace);
  for (const PlanOutline& outline : outline_plans(workspace.repository(), workspace.store())) {
    const PlanTip& tip = outline.tip;
    if (outline.finished && which != Which::all) continue;
    try {
      plans.readable.push_back(std::make_unique<PlanView>(
          workspace, workspace.store().load_at(tip.session, tip.commit), surroundings));
    } catch (const Error& error) {
      plans.unreadable.push_back(
          {Severity::warning, "plan_unreadable", error.messages().front(), "", std::nullopt});
    }
  }
  const auto ended = std::stable_partition(plans.readable.begin(), plans.readable.end(),
                                           [](const View& plan) { return !plan->is_finished(); });
  plans.unfinished = static_cast<std::size_t>(ended - plans.readable.begin());
  return plans;
}

[[noreturn]] void no_choice(Workspace& workspace, const Plans& plans) {
  for (const Diagnostic& warning : plans.unreadable) workspace.warn(warning);
  if (plans.readable.empty() && !plans.unreadable.empty()) {
    throw Error(ErrorKind::fatal, "there is no plan here that can be read",
                Hint{"to see how to mend them, run: git plan doctor"});
  }
  if (plans.readable.empty()) {
    const auto elsewhere = remote_plans(workspace.repository());
    if (elsewhere.empty()) {
      throw Error(ErrorKind::not_found, "there is no plan here",
                  Hint{"to make one, run: git plan create"});
    }
    throw Error(
        ErrorKind::not_found,
        fmt::format("there is no plan here, but '{}' is", text::printable(elsewhere.back())),
        Hint{how_to_take_up(elsewhere.back())});
  }
  std::vector<std::string> messages{"which plan? none is chosen"};
  for (const View& plan : plans.readable) {
    messages.push_back(
        fmt::format("plan '{}' is {}", plan->session(), schedule::to_string(plan->state())));
  }
  throw Error(ErrorKind::not_found, std::move(messages),
              {Hint{"to choose one, run: git plan use " + plans.readable.front()->session()}});
}

/// Where nobody chose.
View only_candidate(Workspace& workspace, Access access) {
  Plans plans = open_plans(workspace, Which::not_recorded_finished);
  if (plans.unfinished == 1) {
    View only = std::move(plans.readable.front());
    workspace.note(fmt::format("using plan '{}' (the only unfinished one)", only->session()));
    if (access == Access::write) workspace.choose_plan(only->session());
    return only;
  }
  plans = open_plans(workspace, Which::all);
  if (plans.unfinished == 0 && access == Access::read && !plans.readable.empty())
    return std::move(*std::min_element(plans.readable.begin(), plans.readable.end(), is_newer));
  no_choice(workspace, plans);
}

/// A plan that was named or chosen, and by what; empty: by the command's own words.
struct Choice {
  StoredPlan stored;
  std::string_view by;
};

std::optional<Choice> choice_of(const Workspace& workspace) {
  const Settings& settings = workspace.settings();
  if (settings.plan) return Choice{load_plan(workspace, *settings.plan), ""};
  const auto find = [&](std::string_view plan) {
    return workspace.store().find(ref_names::session_of(plan));
  };
  if (settings.kept_plan) {
    if (auto stored = find(*settings.kept_plan)) return Choice{*std::move(stored), ""};
  }
  if (const char* session = std::getenv("GIT_PLAN_SESSION"); session != nullptr && *session != '\0')
    return Choice{load_plan(workspace, session), "GIT_PLAN_SESSION"};
  if (const auto here = task_here(workspace)) {
    if (auto stored = find(here->session))
      return Choice{*std::move(stored), "that of the task here"};
  }
  if (const auto current = workspace.config().text("plan.current")) {
    if (auto stored = find(*current)) return Choice{*std::move(stored), "plan.current"};
  }
  return std::nullopt;
}

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
View open_by_word(Workspace& workspace, Access access, const NamedTask& named) {
  View view = open_named(workspace, named.session);
  return session_before(named.word)
             ? std::move(view)
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

}  // namespace

std::string plan_around(const Workspace& workspace) {
  const char* session = std::getenv("GIT_PLAN_SESSION");
  if (session != nullptr && *session != '\0') return ref_names::session_of(session);
  const auto here = task_here(workspace);
  return here ? here->session : "";
}

bool has_no_plans(const Workspace& workspace) { return workspace.store().list().empty(); }

View select_plan(Workspace& workspace, Access access,
                 const std::optional<std::string>& explicit_plan) {
  if (explicit_plan) return open_named(workspace, *explicit_plan);
  if (auto choice = choice_of(workspace)) {
    auto view = std::make_unique<PlanView>(workspace, std::move(choice->stored));
    return choice->by.empty() ? std::move(view)
                              : chosen(workspace, access, std::move(view), choice->by);
  }
  return only_candidate(workspace, access);
}

std::string select_flow(const Workspace& workspace) {
  if (const auto choice = choice_of(workspace)) return choice->stored.plan.flow_branch;
  std::map<std::string, std::string> plan_of;  // a plan of each flow branch
  for (const PlanTip& tip : workspace.store().list()) {
    try {
      plan_of.emplace(workspace.store().load_at(tip.session, tip.commit).plan.flow_branch,
                      tip.session);
    } catch (const Error&) {
      continue;  // one that cannot be read names no flow branch
    }
  }
  if (plan_of.empty()) return default_flow_branch(workspace);
  if (plan_of.size() == 1) return plan_of.begin()->first;
  std::vector<std::string> messages{"which flow branch? the plans here have several"};
  for (const auto& [flow, plan] : plan_of)
    messages.push_back(fmt::format("plan '{}' has '{}'", plan, text::printable(flow)));
  throw Error(ErrorKind::not_found, std::move(messages),
              {Hint{"to choose a plan, run: git plan use " + plan_of.begin()->second}});
}

git::Oid require_branch(const Workspace& workspace, const std::string& branch) {
  const auto tip = git::read_ref(workspace.repository(), ref_names::branch_ref(branch));
  if (tip) return *tip;
  if (const auto remote = remote_branch(workspace, branch)) {
    throw Error(ErrorKind::not_found,
                fmt::format("no branch named '{}' here, but '{}' is", text::printable(branch),
                            text::printable(*remote)),
                Hint{fmt::format("to have it here, run: git branch {} {}",
                                 text::shell_quote(branch), text::shell_quote(*remote))});
  }
  std::vector<std::string> names;
  for (const auto& ref : git::list_refs(workspace.repository(), "refs/heads/")) {
    names.push_back(ref_names::branch_name(ref.name));
  }
  std::string message = fmt::format("no branch named '{}'", text::printable(branch));
  if (const auto near = text::did_you_mean(branch, names))
    message += fmt::format("; did you mean '{}'?", *near);
  throw Error(ErrorKind::not_found, message, Hint{"to see all branches, run: git branch --list"});
}

TaskIndex require_task(const PlanView& view, std::string_view word) {
  if (const auto branch = ref_names::parse_task_branch(word)) {
    const auto found = view.plan().find(branch->id);
    const std::string name = ref_names::branch_name(word);
    if (found) {
      const TaskBranch* known = view.task_branch(static_cast<TaskIndex>(*found));
      if (known != nullptr && known->name == name) return static_cast<TaskIndex>(*found);
    }
    throw Error(ErrorKind::not_found,
                fmt::format("branch '{}' is no task branch of plan '{}'", text::printable(name),
                            view.session()),
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
  const auto named = plan_named_by(workspace, *word);
  selected.view =
      named ? open_by_word(workspace, access, {*word, *named}) : select_plan(workspace, access);
  selected.task = require_named_task(*selected.view, *word);
  return selected;
}

TaskIndex require_named_task(const PlanView& view, std::string_view word) {
  const auto session = session_before(std::string(word));
  const bool is_full = session && *session == view.session();
  return require_task(view, is_full ? word.substr(word.rfind('/') + 1) : word);
}

View select_plan_of_tasks(Workspace& workspace, Access access,
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
