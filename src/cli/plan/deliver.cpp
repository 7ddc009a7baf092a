#include "commands/plan/deliver.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/merge_text.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string tasks_text(const std::vector<BuiltTask>& tasks, const Style& style) {
  const bool one_plan = tasks.empty() || tasks.front().session == tasks.back().session;
  Table table;
  for (const BuiltTask& task : tasks) {
    table.row({Cell::plain(one_plan ? task.id : task.session + "/" + task.id),
               Cell::plain(text::printable(task.description))});
  }
  return table.text(style);
}

std::string text_of(const commands::DeliverResult& result, const Style& style) {
  const std::string flow = text::printable(result.flow_branch);
  const std::string into = text::printable(result.into);
  if (const auto* merged = std::get_if<MergedCommit>(&result.merge)) {
    return fmt::format("{} {} {} into {} as {}: {}\n", style.green("delivered"), flow,
                       result.joined == Joined::squash ? "squashed" : "merged", into,
                       merged->commit.abbreviated(),
                       text::count(static_cast<long long>(result.tasks.size()), "task", "tasks")) +
           tasks_text(result.tasks, style);
  }
  if (std::holds_alternative<AlreadyMerged>(result.merge))
    return fmt::format("{} has all of {} already\n", into, flow);
  return unmerged_text(result.merge, flow, into, style);
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::DeliverRequest request;
  request.into = arguments.value("into");
  if (arguments.has("squash")) request.joined = Joined::squash;
  request.message = arguments.value("message").value_or("");
  const auto result = commands::deliver_flow(invocation.workspace(), request);
  return invocation.answer([&](const Style& style) { return text_of(result, style); },
                           [&] { return to_json(invocation.workspace(), result); },
                           is_merged(result.merge) ? 0 : 1);
}

}  // namespace

const Verb plan_deliver_verb{
    "deliver",
    "merge flow into the branch that it came from, without .plan/",
    "",
    0,
    0,
    {{0, "into", Takes::value, "<branch>", "another branch (default: plan.base)"},
     {0, "squash", Takes::nothing, "", "make one plain commit of it, not a merge"},
     {'m', "message", Takes::value, "<message>", "say what was built, above the list of tasks"}},
    run};

}  // namespace gitplan::cli
