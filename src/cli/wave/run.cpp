#include <fmt/format.h>
#include <unistd.h>

#include <nlohmann/json.hpp>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/run_verify.hpp"
#include "cli/task_text.hpp"
#include "cli/wave/run_observer.hpp"
#include "cli/wave/verbs.hpp"
#include "commands/wave/keeper.hpp"
#include "commands/wave/landing.hpp"
#include "commands/wave/run_preview.hpp"
#include "plan/estimate.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

constexpr int signal_base = 128;

commands::RunRequest request_of(const Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::RunRequest request;
  request.jobs = arguments.value("jobs");
  request.timeout = arguments.value("timeout");
  request.retries = invocation.number("retries", 0);
  request.verify = arguments.value("verify");
  request.verify_timeout = arguments.value("verify-timeout");
  request.remote = arguments.value("remote");
  request.command.shell = arguments.value("x");
  request.command.arguments = arguments.command;
  request.agent = arguments.value("agent");
  request.caps = arguments.list("cap");
  request.max_load = arguments.value("max-load");
  request.stall = arguments.value("stall");
  if (arguments.has("allow-empty")) request.empty = Empty::merge;
  if (arguments.has("barrier")) request.scheduling = supervisor::Scheduling::barrier;
  if (arguments.has("keep-going")) request.on_failure = supervisor::OnFailure::keep_going;
  if (arguments.has("allow-overlap")) request.overlapping = schedule::Overlapping::allow;
  if (request.command.shell && !request.command.arguments.empty()) {
    throw Error(ErrorKind::usage, "both -x and a command after -- are given",
                Hint{"to see how it is used, run: git wave run -h"});
  }
  return request;
}

/// --json=lines; any other value is refused.
bool wants_lines(const Arguments& arguments) {
  const auto value = arguments.value("json");
  if (!value || value->empty()) return false;
  if (*value == "lines") return true;
  throw Error(ErrorKind::usage, fmt::format("bad value '{}' for '--json'", text::printable(*value)),
              Hint{"to get one event a line, run: git wave run --json=lines"});
}

std::string preview_text(const PlanView& view, const commands::RunPreview& preview,
                         const Style& style) {
  std::string text;
  for (std::size_t i = 0; i < preview.rounds.size(); ++i) {
    const double minutes = preview.rounds[i].minutes;
    text += style.bold(fmt::format("Wave {}", i + 1)) +
            (minutes > 0 ? fmt::format(" ({})\n", format_minutes(minutes)) : "\n");
    Table table;
    for (const TaskIndex task : preview.rounds[i].tasks) table.row(task_row(view, task, style));
    text += table.text(style, "  ");
  }
  for (const TaskIndex task : preview.never)
    text += fmt::format("{} would not start\n", text::printable(view.task(task).id));
  text += fmt::format(
      "{} with {}",
      preview.makespan_minutes > 0 ? format_minutes(preview.makespan_minutes) : "unknown time",
      text::count(preview.workers, "worker", "workers"));
  if (preview.unestimated > 0) text += fmt::format("; {} without an estimate", preview.unestimated);
  return text + "\n";
}

int dry_run(Invocation& invocation, const commands::RunRequest& request) {
  auto& workspace = invocation.workspace();
  const auto view = select_plan(workspace, Access::read);
  const auto preview = commands::preview_run(workspace, *view, request);
  return invocation.answer([&](const Style& style) { return preview_text(*view, preview, style); },
                           [&] { return to_json(*view, preview); });
}

std::string result_text(const commands::RunResult& result) {
  std::string text;
  for (const auto& one : result.remaining) {
    text += fmt::format("{}  {}{}{}\n", text::printable(one.task), to_string(one.status),
                        one.reason.empty() ? "" : ": ", text::printable(one.reason));
  }
  if (result.red) {
    text += fmt::format("'{}' is red: '{}' fails there, with exit status {}\n",
                        text::printable(result.flow_branch), text::printable(result.red->command),
                        result.red->exit_status);
  }
  if (result.capped) {
    text += fmt::format("capped: {} {} are used, of {}\n", agents::number_word(result.capped->used),
                        result.capped->cap.unit, agents::number_word(result.capped->cap.most));
  }
  return text + fmt::format("{} of {} completed ({})\n", result.completed,
                            text::count(result.total, "task", "tasks"),
                            version_text(result.version));
}

/// A list of commands in parentheses, so that it may stand behind "&&".
std::string as_one(const std::string& command) {
  return command.find_first_of(";|&") == std::string::npos ? command : "(" + command + ")";
}

/// In a checkout of its own, beside the workers'.
void hint_at_red_flow(Invocation& invocation, const commands::RunResult& result) {
  if (!result.red) return;
  const SlotsPlace& place = invocation.workspace().slots().place();
  const std::string folder = text::shell_quote(fmt::format("{}/{}/red", place.root, place.folder));
  invocation.hint(fmt::format(
      "to see it fail, run: git worktree add -q --detach {0} {1} && cd {0} && {2}", folder,
      result.red->commit.substr(0, 12), as_one(text::printable(result.red->command))));
}

void hint_at_unmerged(Invocation& invocation, const commands::RunResult& result) {
  if (!result.unmerged || result.red || result.signal) return;
  invocation.hint("to merge what is done, run: git task done " + text::printable(*result.unmerged));
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  const bool lines = wants_lines(arguments);
  const commands::RunRequest request = request_of(invocation);
  if (arguments.has("dry-run")) return dry_run(invocation, request);

  const bool quiet = arguments.has("quiet");
  RunObserver observer(lines   ? Watching::json_lines
                       : quiet ? Watching::quiet
                               : Watching::lines,
                       invocation.colored(STDERR_FILENO),
                       PlanGlance(invocation.workspace().settings(), request));
  const Notices notices = [&](const Notice& one) {
    if (!quiet || one.kind == Notice::Kind::warning)
      observer.say((one.kind == Notice::Kind::warning ? "warning: " : "") + one.text);
  };
  const auto result =
      commands::run_wave(invocation.workspace().settings(), notices, request, observer);
  observer.finish();
  const int status = result.signal ? signal_base + *result.signal : result.success() ? 0 : 1;
  hint_at_red_flow(invocation, result);
  hint_at_unmerged(invocation, result);
  if (lines) {
    write_output(dump(finished_event(result), -1) + "\n");
    return status;
  }
  return invocation.answer([&](const Style&) { return result_text(result); },
                           [&] { return to_json(result); }, status);
}

int run_worker(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::WorkerProcessRequest request;
  request.worker = invocation.number("worker", 1).value_or(0);
  request.command.shell = arguments.value("x");
  request.command.arguments = arguments.command;
  request.timeout = handed_on_time(arguments, "timeout");
  request.stall = handed_on_time(arguments, "stall");
  commands::run_worker_process(invocation.workspace(), request);
  return 0;
}

int run_land(Invocation& invocation) {
  commands::LandRequest request;
  request.verify = invocation.arguments().value("verify");
  request.timeout = handed_on_timeout(invocation.arguments());
  if (invocation.arguments().has("keep")) request.lands = supervisor::Lands::keep;
  request.run = invocation.arguments().value("run");
  request.say = [](const std::string& line) { write_output(line); };
  commands::land_for_run(invocation.workspace(), request);
  return 0;
}

int run_keep(Invocation& invocation) {
  commands::KeepRequest request;
  request.run = invocation.arguments().value("run").value_or("");
  request.say = [](const std::string& line) { write_output(line); };
  commands::keep_for_run(invocation.workspace(), request);
  return 0;
}

}  // namespace

const Verb wave_run_verb{
    "run",
    "run the whole plan: a command for each task, and its merge",
    "[-- <command> [<argument>...]]",
    0,
    0,
    {{'j', "jobs", Takes::value, "<N>", "so many workers at once (default: wave.maxParallel, 3)"},
     {'x', "", Takes::value, "<cmd>", "what each worker runs, by a shell (default: wave.command)"},
     {0, "agent", Takes::value, "<agent>", "who takes tasks that name no agent (see 'agents')"},
     {0, "timeout", Takes::value, "<time>", "end a worker that takes longer"},
     {0, "stall", Takes::value, "<time>", "end a worker of which nothing moves for so long"},
     {0, "retries", Takes::value, "<N>", "try a task so many times more in its worktree"},
     {0, "verify", Takes::value, "<cmd>", "must succeed (sh -c) on each tree that flow moves to"},
     {0, "verify-timeout", Takes::value, "<time>", "its time (default: --timeout)"},
     {0, "cap", Takes::list, "<unit>=<n>", "start nothing more once the plan has used so much"},
     {0, "max-load", Takes::value, "<n>", "start no second worker above this load"},
     {0, "barrier", Takes::nothing, "", "start the next wave when the whole wave has ended"},
     {0, "keep-going", Takes::nothing, "", "after a failure, start what does not depend on it"},
     {0, "allow-overlap", Takes::nothing, "", "even if files overlap"},
     {0, "allow-empty", Takes::nothing, "", "a branch without a commit of its own is done, too"},
     {0, "remote", Takes::value, "<remote>", "share the plan through it with other machines"},
     {0, "dry-run", Takes::nothing, "", "only show what would run, wave by wave"},
     {0, "json", Takes::optional_value, "lines",
      "the result as an object; with =lines, one event a line"}},
    run,
    true};

const Verb wave_run_worker_verb{"run-worker",
                                "look after one worker of a run",
                                "",
                                0,
                                0,
                                {{0, "worker", Takes::value, "<N>", "the slot"},
                                 {'x', "", Takes::value, "<cmd>", "what it runs"},
                                 {0, "timeout", Takes::value, "<time>", "its time"},
                                 {0, "stall", Takes::value, "<time>", "that it may stand still"}},
                                run_worker,
                                true,
                                true};

const Verb wave_run_land_verb{"run-land",
                              "merge what a run's workers have done",
                              "",
                              0,
                              0,
                              {{0, "verify", Takes::value, "<cmd>", "must succeed"},
                               {0, "run", Takes::value, "<name>", "of the run, for claims"},
                               {0, "timeout", Takes::value, "<time>", "its time"},
                               {0, "keep", Takes::nothing, "", "only note what is done"}},
                              run_land,
                              false,
                              true};

const Verb wave_run_keep_verb{"run-keep", "keep a run's claims of a shared plan",
                              "",         0,
                              0,          {{0, "run", Takes::value, "<name>", "of the run"}},
                              run_keep,   false,
                              true};

}  // namespace gitplan::cli
