#include "commands/plan/create.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

/// "git plan create -F plan.json": what a name of the plan may follow, for hints.
std::string command_without_name(const Arguments& arguments) {
  const auto file = arguments.value("file");
  return "git plan create" + (file ? " -F " + text::shell_quote(*file) : "");
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::CreateRequest request;
  request.session = arguments.word(0);
  if (request.session && request.session->empty()) {
    throw Error(ErrorKind::usage, "the name of the plan is empty",
                Hint{"to let the clock name it, run: git plan create"});
  }
  request.again = command_without_name(arguments);
  if (const auto file = arguments.value("file"))
    request.document = Invocation::read_document(*file);
  request.request = arguments.value("request");
  request.architecture = arguments.value("architecture");
  request.design_patterns = arguments.value("design-patterns");
  request.technology_stack = arguments.value("technology-stack");
  request.flow_branch = arguments.value("flow");
  if (arguments.has("dry-run")) request.effect = commands::Effect::dry_run;
  const auto result = commands::create_plan(invocation.workspace(), request);
  if (request.effect == commands::Effect::write && result.plan.tasks.empty()) {
    invocation.hint_about_new(result.plan.session_id,
                              "to add a task, run: git task add '<description>'");
  } else if (request.effect == commands::Effect::write) {
    invocation.hint_about_new(result.plan.session_id,
                              "to see what can start now, run: git wave next");
  }
  return invocation.answer(
      [&](const Style&) { return plan_branch_text(result.plan.session_id) + "\n"; },
      [&] { return to_json(result); });
}

}  // namespace

const Verb plan_create_verb{
    "create",
    "create a plan and make it the current one",
    "[<session>]",
    0,
    1,
    {{'F', "file", Takes::value, "<file>", "the plan as TOML or JSON; - is standard input"},
     {0, "request", Takes::value, "<text>", "what the user asked for"},
     {0, "architecture", Takes::value, "<text>", "the architecture"},
     {0, "design-patterns", Takes::value, "<text>", "the design patterns"},
     {0, "technology-stack", Takes::value, "<text>", "the technology stack"},
     {0, "flow", Takes::value, "<branch>", "the flow branch (default: plan.flowBranch, flow)"},
     {'n', "dry-run", Takes::nothing, "", "only check it and say its name"}},
    run};

}  // namespace gitplan::cli
