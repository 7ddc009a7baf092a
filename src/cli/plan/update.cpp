#include "commands/plan/update.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/plan/version_word.hpp"
#include "session/json.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

std::pair<std::string, std::string> parse_setting(const std::string& word) {
  const auto equals = word.find('=');
  if (equals == std::string::npos || equals == 0) {
    throw Error(ErrorKind::usage, fmt::format("'{}' is no <key>=<value>", text::printable(word)),
                Hint{"for example: git plan update --set architecture='MVC'"});
  }
  return {word.substr(0, equals), word.substr(equals + 1)};
}

commands::UpdateRequest request_of(const Arguments& arguments) {
  commands::UpdateRequest request;
  request.complete = arguments.list("complete");
  request.fail = arguments.list("fail");
  request.cancel = arguments.list("cancel");
  request.note = arguments.value("note");
  for (const auto& word : arguments.list("set")) request.set.push_back(parse_setting(word));
  if (const auto version = arguments.value("expect"))
    request.expected_version = parse_version(*version);
  for (const auto& file : arguments.list("add"))
    commands::add_tasks(request, Invocation::read_document(file));
  return request;
}

int run(Invocation& invocation) {
  const commands::UpdateRequest request = request_of(invocation.arguments());
  const std::string session = select_plan(invocation.workspace(), Access::write)->session();
  const auto result = commands::update_plan(invocation.workspace(), session, request);
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} {}{}\n", plan_branch_text(result.session),
                           version_text(result.version), result.changed ? "" : " (unchanged)");
      },
      [&] { return to_json(result); });
}

}  // namespace

const Verb plan_update_verb{
    "update",
    "make one new version of the plan",
    "",
    0,
    0,
    {{0, "complete", Takes::id_list, "<id>", "record tasks as completed"},
     {0, "add", Takes::list, "<file>", "add the tasks of a TOML or JSON file; - is standard input"},
     {0, "note", Takes::value, "<text>", "what was learned, kept with the version"},
     {0, "fail", Takes::id_list, "<id>", "record tasks as failed"},
     {0, "cancel", Takes::id_list, "<id>", "give tasks up"},
     {0, "set", Takes::list, "<key>=<value>", "set a text of the plan, or NNN.<key> of a task"},
     {0, "expect", Takes::value, "<vN>", "fail if the plan is at another version"}},
    run};

}  // namespace gitplan::cli
