#include "commands/plan/import.hpp"

#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "session/plan_hint.hpp"

namespace gitplan::cli {
namespace {

using commands::Tool;

Tool parse_tool(const std::optional<std::string>& word) {
  static const std::array<std::string, 3> tools = {"taskmaster", "beads", "backlog"};
  for (std::size_t i = 0; i < tools.size(); ++i) {
    if (word == tools.at(i)) return static_cast<Tool>(i);
  }
  const Hint hint{"for example: git plan import --from=taskmaster .taskmaster/tasks/tasks.json"};
  if (!word) throw Error(ErrorKind::usage, "from which tool? no '--from' is given", hint);
  const auto near = text::did_you_mean(*word, tools);
  throw Error(
      ErrorKind::usage,
      fmt::format("no tool '{}' is known; {}", text::printable(*word),
                  near ? fmt::format("did you mean '{}'?", *near)
                       : "there are taskmaster, beads and backlog"),
      *word == "toml" || *word == "json"
          ? Hint{"a plan of our own is made from its file; to see how, run: git plan create -h"}
          : hint);
}

void refuse_contradictions(const Arguments& arguments) {
  if (!arguments.has("into")) return;
  if (arguments.word(1) || arguments.has("flow")) {
    throw Error(ErrorKind::usage, "'--into' names a plan that there is: no session, no '--flow'",
                Hint{"to make a new plan, leave it out; to see how, run: git plan import -h"});
  }
}

commands::ImportRequest request_of(const Arguments& arguments) {
  refuse_contradictions(arguments);
  commands::ImportRequest request;
  request.tool = parse_tool(arguments.value("from"));
  request.path = arguments.words.front();
  if (request.path == "-") request.document = Invocation::read_document(request.path);
  request.session = arguments.word(1);
  request.into = arguments.value("into");
  request.flow_branch = arguments.value("flow");
  request.list = arguments.value("tag").value_or(request.list);
  if (arguments.has("no-subtasks")) request.subtasks = exchange::Subtasks::left_out;
  if (arguments.has("dry-run")) request.effect = commands::Effect::dry_run;
  return request;
}

std::string text_of(const commands::ImportResult& result) {
  return fmt::format(
      "{} {}, {}{}\n", plan_branch_text(result.session), version_text(result.version),
      text::count(static_cast<long long>(result.added.size()), "task", "tasks"),
      result.existing.empty() ? ""
                              : fmt::format(" added, {} there already", result.existing.size()));
}

int run(Invocation& invocation) {
  const auto request = request_of(invocation.arguments());
  const auto result = commands::import_plan(invocation.workspace(), request);
  if (request.effect == commands::Effect::write) {
    const std::string next = "to see what can start now, run: git wave next";
    if (request.into) {
      invocation.hint(naming_plan(next, result.session));
    } else {
      invocation.hint_about_new(result.session, next);
    }
  }
  return invocation.answer([&](const Style&) { return text_of(result); },
                           [&] { return to_json(result); });
}

}  // namespace

const Verb plan_import_verb{
    "import",
    "make a plan of another tool's tasks",
    "<path> [<session>]",
    1,
    2,
    {{0, "from", Takes::value, "<taskmaster|beads|backlog>", "the tool"},
     {0, "tag", Takes::value, "<name>", "the list of Task Master (default: master)"},
     {0, "no-subtasks", Takes::nothing, "", "leave out the subtasks of Task Master"},
     {0, "into", Takes::value, "<plan>", "add to a plan what it does not have yet"},
     {0, "flow", Takes::value, "<branch>", "the flow branch (default: plan.flowBranch, flow)"},
     {'n', "dry-run", Takes::nothing, "", "only check it"}},
    run};

}  // namespace gitplan::cli
