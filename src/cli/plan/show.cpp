#include "commands/plan/show.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/outlook_text.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/task_text.hpp"
#include "session/select.hpp"
#include "session/task_object.hpp"

namespace gitplan::cli {
namespace {

enum class Shown { all, open };  ///< open: without what is over, and a line a task

/// Who approved which version, and what that leaves out.
std::string approval_text(const PlanView& view, const ApprovalState& state, const Style& style) {
  if (!state.latest) return state.required ? style.yellow("not approved") + "\n\n" : "";
  std::string text =
      fmt::format("{} v{} by {}, {}", style.bold("approved"), state.latest->version,
                  text::printable(state.latest->by), text::printable(state.latest->at));
  text += "\n" + indented(state.latest->note, style);
  constexpr std::size_t most = 20;
  for (std::size_t i = 0; i < std::min(state.unapproved.size(), most); ++i) {
    const auto& one = state.unapproved[i];
    text += style.yellow(fmt::format("not approved: {} {}", text::printable(view.task(one.task).id),
                                     describe(state, one))) +
            "\n";
  }
  if (state.unapproved.size() > most)
    text += style.yellow(fmt::format("not approved: {} more\n", state.unapproved.size() - most));
  return text + "\n";
}

std::string header(const PlanView& view, const ApprovalState& approval, Shown shown,
                   const Style& style) {
  const Plan& plan = view.plan();
  std::string text = fmt::format("{} {}, {}, {}\n\n", style.bold(view.branch()), view.version(),
                                 schedule::to_string(view.state()), standing_text(view));
  if (!plan.hold.empty())
    text += style.yellow("on hold: " + text::printable(text::fold_space(plan.hold))) + "\n\n";
  text += approval_text(view, approval, style);
  text += paragraph("Request", plan.user_request, style);
  if (shown == Shown::open) return text;
  text += paragraph("Architecture", plan.architecture, style);
  text += paragraph("Design patterns", plan.design_patterns, style);
  text += paragraph("Technology stack", plan.technology_stack, style);
  for (const Update& update : plan.updates) {
    text += paragraph(fmt::format("Update v{} ({})", update.version, text::printable(update.at)),
                      update.note, style);
  }
  return text;
}

/// "needs User model class (001), 002; provides AuthService; files services/"
std::string details(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  std::vector<std::string> parts;
  const auto add = [&](std::string_view word, const std::vector<std::string>& list) {
    if (!list.empty()) parts.push_back(fmt::format("{} {}", word, text::join(list, ", ")));
  };
  add("needs", needs_in_words(view, index));
  add("provides", task.provides);
  add("files", task.files);
  return text::printable(text::join(parts, "; "));
}

/// What one looks for first stands first; else in the order of the plan.
std::vector<TaskIndex> open_tasks(const PlanView& view, const std::vector<TaskIndex>& tasks) {
  std::vector<TaskIndex> open;
  for (const Status status : {Status::in_progress, Status::failed, Status::pending}) {
    for (const TaskIndex task : tasks) {
      if (view.status(task) == status) open.push_back(task);
    }
  }
  const auto ready = schedule::ready_tasks(view.graph(), view.progress());
  std::stable_partition(open.begin(), open.end(), [&](TaskIndex task) {
    return ready[task] || view.status(task) != Status::pending;
  });
  return open;
}

/// Tasks under one heading.
struct Group {
  std::string heading;
  std::vector<TaskIndex> tasks;
};

/// "2 of 12 completed"
std::string completed_of(const PlanView& view, const std::vector<TaskIndex>& tasks) {
  const auto completed = std::count_if(tasks.begin(), tasks.end(), [&](TaskIndex task) {
    return view.status(task) == Status::completed;
  });
  return fmt::format("{} of {} completed", completed, tasks.size());
}

std::vector<Group> groups_of(const PlanView& view, Shown shown, const Style& style) {
  std::vector<Group> groups;
  const auto add = [&](std::string_view name, const std::vector<TaskIndex>& tasks) {
    groups.push_back({fmt::format("{}  {}", style.bold(name), completed_of(view, tasks)),
                      shown == Shown::all ? tasks : open_tasks(view, tasks)});
  };
  const auto& levels = view.waves().waves;
  for (std::size_t i = 0; i < levels.size(); ++i) add(fmt::format("Wave {}", i + 1), levels[i]);
  std::vector<TaskIndex> unreachable;
  for (const auto& one : view.waves().unreachable) unreachable.push_back(one.task);
  if (!unreachable.empty()) add("Unreachable", unreachable);
  return groups;
}

/// What a task that is still to be done needs and gives, below its line; "" if there is nothing.
std::string line_below(const PlanView& view, TaskIndex task, const Style& style) {
  if (schedule::is_over(view.status(task))) return "";
  const std::string below = details(view, task);
  if (below.empty()) return "";
  constexpr std::string_view indent = "       ";
  const int room = style.columns - text::width(indent);
  return std::string(indent) +
         style.dim(style.columns > 0 ? text::cut(below, std::max(room, 1)) : below) + "\n";
}

/// All waves in one table, so that their columns line up; the headings stand between its lines.
std::string waves(const PlanView& view, Shown shown, const Style& style) {
  const std::vector<Group> groups = groups_of(view, shown, style);
  Table table;
  for (const Group& group : groups) {
    for (const TaskIndex task : group.tasks) table.row(task_row(view, task, style));
  }
  const std::string lines = table.text(style, "  ");
  auto line = lines.begin();
  std::string text;
  for (const Group& group : groups) {
    text += group.heading + "\n";
    for (const TaskIndex task : group.tasks) {
      const auto end = std::find(line, lines.end(), '\n') + 1;
      text.append(line, end);
      line = end;
      if (shown == Shown::all) text += line_below(view, task, style);
    }
  }
  return text;
}

/// "4 tasks in 2 waves", and where it is known: "time left: about 18 min with 3 workers"
std::string summary(const PlanView& view, int workers) {
  if (view.size() == 0) return "";
  const std::string time = time_left_text(time_left(view, workers));
  return fmt::format(
      "\n{} in {}\n{}", text::count(static_cast<long long>(view.size()), "task", "tasks"),
      text::count(static_cast<long long>(view.waves().waves.size()), "wave", "waves"),
      time.empty() ? "" : fmt::format("time left: {}\n", time));
}

std::string unreachable(const PlanView& view) {
  std::string text;
  for (const auto& one : view.waves().unreachable) {
    text += fmt::format("{}: {}\n", text::printable(view.task(one.task).id), one.reason);
  }
  return text.empty() ? text : "\n" + text;
}

int run(Invocation& invocation) {
  const auto view =
      select_plan(invocation.workspace(), Access::read, invocation.arguments().word(0));
  if (view->state() == schedule::State::stuck) {
    const std::string reason = schedule::stuck_reason(view->graph(), view->progress());
    if (!reason.empty()) invocation.workspace().note(reason);
  }
  const Shown shown = invocation.arguments().has("open") ? Shown::open : Shown::all;
  const int workers = commands::max_parallel(invocation.workspace(), std::nullopt);
  const auto approval = approval_state(invocation.workspace(), *view);
  return invocation.answer(
      [&](const Style& style) {
        return header(*view, approval, shown, style) + waves(*view, shown, style) +
               unreachable(*view) + summary(*view, workers);
      },
      [&] {
        return shown == Shown::all
                   ? commands::plan_object(*view, approval)
                   : commands::plan_object(*view, approval,
                                           commands::list_tasks(*view, {.open_only = true}));
      });
}

}  // namespace

const Verb plan_show_verb{
    "show",
    "show one plan, its tasks by wave",
    "[<plan>]",
    0,
    1,
    {{0, "open", Takes::nothing, "", "only what is not completed or cancelled, a line a task"}},
    run};

}  // namespace gitplan::cli
