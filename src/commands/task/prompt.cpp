#include "commands/task/prompt.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/wave/live_worker.hpp"
#include "git/branch_word.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "lander/lander.hpp"
#include "session/task_object.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

constexpr std::string_view standard_template =
    R"(Execute task {task} on branch {branch}

**Session Information:**
- Session ID: {session}
- Plan Branch: {plan_branch}
- Working Directory: {working_directory}
{worktree_line}
**Your Task Branch:** {branch}

**Task:** {description}
{context}
**Instructions:**
1. {first_step}
2. Read the task's metadata: git task show {task} --plan={session}
3. Implement it and its tests, and commit on {branch}
4. {last_step}
5. Return a message that says what you did, or what kept you from it
If only the user can decide: git task fail {task} --plan={session} --needs-decision -m '<question>'
)";

std::string list_line(std::string_view title, const std::vector<std::string>& items) {
  if (items.empty()) return "";
  std::string line = fmt::format("- {}:", title);
  for (const auto& item : items) line += fmt::format("\n  - {}", text::printable(item));
  return line + "\n";
}

std::string text_line(std::string_view title, const std::string& value) {
  return value.empty()
             ? ""
             : fmt::format("- {}: {}\n", title, text::printable(value, text::Lines::keep));
}

std::string long_text(const std::optional<std::string>& value) {
  return text::printable(text::trim(value.value_or("")), text::Lines::keep);
}

std::string section(std::string_view title, const std::optional<std::string>& value) {
  const std::string content = long_text(value);
  return content.empty() ? "" : fmt::format("\n**{}:**\n{}\n", title, content);
}

/// What a subtask is a part of; empty for other tasks.
std::string whole_of(const PlanView& view, const Task& task) {
  const auto whole = task.part_of ? view.plan().find(*task.part_of) : std::nullopt;
  if (!whole) return "";
  const Task& other = view.task(static_cast<TaskIndex>(*whole));
  return text::printable(fmt::format("task {}: {}", other.id, text::fold_space(other.description)));
}

/// What the plan tells this task's worker beyond its description.
std::string guidance(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  return section("Part of", whole_of(view, task)) + section("Details", task.details) +
         section("How it is known to work", task.test_strategy);
}

/// What is left of the attempts before this one, newest last.
std::vector<std::string> kept_attempts(const Workspace& workspace, const PlanView& view,
                                       TaskIndex index) {
  std::vector<std::string> refs;
  const std::string prefix =
      fmt::format("{}{}/{}/", ref_names::attempt_prefix, view.session(), view.task(index).id);
  for (const auto& ref : git::list_refs(workspace.repository(), prefix)) refs.push_back(ref.name);
  return refs;
}

/// The question that the last attempt ended with, its answer, and where its work is.
std::string earlier(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  const auto attempts = kept_attempts(workspace, view, index);
  std::string lines;
  if (task.reason != task.question) lines += text_line("It ended with", task.reason.value_or(""));
  lines += text_line("Question", task.question.value_or(""));
  lines += text_line("Answer", task.answer.value_or(""));
  if (!attempts.empty()) {
    lines += fmt::format(
        "- Its work: git log -p {}..{}\n",
        text::shell_quote(git::branch_word(workspace.repository(), view.plan().flow_branch)),
        text::shell_quote(attempts.back()));
  }
  return lines.empty() ? "" : "\n**The attempt before:**\n" + lines;
}

std::string context(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  const Plan& plan = view.plan();
  std::string notes;
  for (const Update& update : plan.updates)
    notes += text_line(fmt::format("Update v{}", update.version), update.note);
  const std::string about = text_line("Goal", plan.user_request) +
                            text_line("Architecture", plan.architecture) +
                            text_line("Design patterns", plan.design_patterns) +
                            text_line("Technology stack", plan.technology_stack) + notes;
  const std::string work = list_line("Builds on", task.preconditions) +
                           list_line("Provides", task.provides) + list_line("Files", task.files) +
                           text_line("Estimate", task.estimated_time.value_or(""));
  std::string all = guidance(view, index);
  if (!work.empty()) all += "\n" + work;
  if (!about.empty()) all += "\n**Context:**\n" + about;
  return all + earlier(workspace, view, index);
}

/// The user's; nothing where there is none.
std::optional<std::string> read_template(const Workspace& workspace) {
  auto path = workspace.config().text("task.promptTemplate");
  if (!path || path->empty()) return std::nullopt;
  if (path->starts_with("~/")) {
    const char* home = std::getenv("HOME");
    *path = std::string(home == nullptr ? "" : home) + path->substr(1);
  } else if (!path->starts_with('/')) {
    *path = join_path(workspace.repository().base_folder(), *path);
  }
  const auto content = read_file(*path);
  if (!content) {
    throw Error(ErrorKind::fatal,
                fmt::format("no such file: '{}' (task.promptTemplate)", text::printable(*path)),
                Hint{"to use the standard prompt, run: git config --unset task.promptTemplate"});
  }
  return *content;
}

using Values = std::vector<std::pair<std::string_view, std::string>>;

/// One pass, so that a value that holds "{task}" is not replaced again.
std::string replace(std::string_view text, const Values& values) {
  std::string result;
  while (!text.empty()) {
    const auto brace = text.find('{');
    result += text.substr(0, brace);
    if (brace == std::string_view::npos) break;
    text.remove_prefix(brace);
    bool replaced = false;
    for (const auto& [name, value] : values) {
      if (!text.starts_with(name)) continue;
      result += value;
      text.remove_prefix(name.size());
      replaced = true;
      break;
    }
    if (replaced) continue;
    result += text.front();
    text.remove_prefix(1);
  }
  return result;
}

/// Where the worker works, absolute; empty: nowhere yet.
std::string folder_of(const Workspace& workspace, const PlanView& view, TaskIndex index,
                      const std::string& branch, const std::optional<Slot>& slot) {
  if (slot) return slot->absolute_path;
  if (const Slot* moved = view.moved_slot(index)) return moved->absolute_path;
  const auto holder =
      git::worktree_of_branch(workspace.repository(), ref_names::branch_ref(branch));
  return holder && !holder->missing ? holder->path : "";
}

std::string first_step(const PlanView& view, TaskIndex index, const std::string& folder,
                       Worker worker) {
  if (worker == Worker::of_run) return "You are in an isolated worktree; work only there";
  if (!folder.empty()) {
    return fmt::format("cd {} (you are in an isolated worktree; work only there)",
                       text::shell_quote(folder));
  }
  return fmt::format("Make its worktree, and work only there: git task start {} --plan={}",
                     text::printable(view.task(index).id), view.session());
}

std::string last_step(const Workspace& workspace, const PlanView& view, TaskIndex index,
                      Worker worker) {
  const std::string flow = text::printable(view.plan().flow_branch);
  if (worker == Worker::of_run) {
    return fmt::format(
        "When it works and all of it is committed, end with exit status 0: it {} to {} then",
        lander::waits_for_others(workspace.config()) ? "waits to be merged" : "is merged", flow);
  }
  return fmt::format("Merge to {} when it works: git task done {} --plan={}", flow,
                     text::printable(view.task(index).id), view.session());
}

std::string printable_list(const std::vector<std::string>& items) {
  return text::printable(text::join(items, ", "));
}

}  // namespace

std::string prompt(const Workspace& workspace, const PlanView& view, TaskIndex index,
                   const std::string& branch, const std::optional<Slot>& slot, Worker worker) {
  const Task& task = view.task(index);
  const std::string folder = folder_of(workspace, view, index, branch, slot);
  Values values{{"{session}", view.session()},
                {"{plan_branch}", view.branch()},
                {"{working_directory}", workspace.repository().base_folder()},
                {"{worktree}", folder},
                {"{worker}", slot ? std::to_string(slot->number) : ""},
                {"{branch}", branch},
                {"{flow_branch}", text::printable(view.plan().flow_branch)},
                {"{task}", text::printable(task.id)},
                {"{description}", text::printable(task.description, text::Lines::keep)},
                {"{details}", long_text(task.details)},
                {"{test_strategy}", long_text(task.test_strategy)},
                {"{files}", printable_list(task.files)},
                {"{provides}", printable_list(task.provides)},
                {"{context}", context(workspace, view, index)}};
  if (const auto own = read_template(workspace)) return replace(*own, values);
  values.emplace_back("{worktree_line}", folder.empty() ? "" : "- Worktree Path: " + folder + "\n");
  values.emplace_back("{first_step}", first_step(view, index, folder, worker));
  values.emplace_back("{last_step}", last_step(workspace, view, index, worker));
  return replace(standard_template, values);
}

std::string prompt(const Workspace& workspace, const PlanView& view, TaskIndex index) {
  const TaskBranch* branch = view.task_branch(index);
  const Slot* slot = view.slot(index);
  return prompt(workspace, view, index,
                branch != nullptr
                    ? branch->name
                    : ref_names::task_branch(view.task(index).id, slug_of(view, index)),
                slot != nullptr ? std::optional(*slot) : std::nullopt,
                live_worker(workspace, view, index) ? Worker::of_run : Worker::by_itself);
}

Json prompt_object(const PlanView& view, TaskIndex index, const std::string& prompt) {
  Json object = new_object();
  object["task_id"] = view.task(index).id;
  object["plan_branch"] = view.branch();
  if (const TaskBranch* branch = view.task_branch(index)) object["branch"] = branch->name;
  if (const Slot* slot = view.slot(index)) object["worktree_path"] = slot->path;
  object["prompt"] = prompt;
  return object;
}

}  // namespace gitplan::commands
