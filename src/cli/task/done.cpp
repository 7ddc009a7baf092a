#include "commands/task/done.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"

namespace gitplan::cli {
namespace {

using Outcome = commands::DoneResult::Outcome;

/// With what the hook wrote.
std::string refusal_text(const commands::DoneResult& result, const Style& style) {
  std::string text =
      fmt::format("{} {} by the {} hook: exit status {}; nothing was merged\n", result.task,
                  style.red("refused"), result.red->command, result.red->exit_status);
  for (const std::string& line : result.red->last_lines)
    text += fmt::format("    {}\n", text::printable(line));
  return text;
}

std::string text_of(const commands::DoneResult& result, const Style& style) {
  const std::string flow = text::printable(result.flow_branch);
  switch (result.outcome) {
    case Outcome::merged:
      return fmt::format("{} {} into {} as {} ({}{})\n", result.task, style.green("merged"), flow,
                         result.merge_commit->abbreviated(), version_text(result.version),
                         result.flaky ? "; it was red before it was green" : "");
    case Outcome::already_merged:
      return fmt::format("{} is in {} already ({})\n", result.task, flow,
                         version_text(result.version));
    case Outcome::conflicts: {
      std::string text = fmt::format("{} {} with {}:\n", result.task, style.red("conflicts"), flow);
      for (const auto& path : result.conflicts)
        text += fmt::format("  {}\n", text::printable(path));
      return text;
    }
    case Outcome::told:
      return fmt::format("{} is for its run to verify and merge, when this worker ends\n",
                         result.task);
    case Outcome::given_up:
      return fmt::format("{} is not to be merged: {}\n", result.task, result.reason);
    case Outcome::flow_is_red:
      return fmt::format(
          "{} {}: {} fails its verification by itself, exit status {}; nothing was "
          "merged\n",
          result.task, style.red("waits"), flow, result.verify_status);
    case Outcome::refused_by_hook:
      return refusal_text(result, style);
    case Outcome::verification_failed:
      break;
  }
  return fmt::format("{} {}: exit status {}; nothing was merged\n", result.task,
                     style.red("failed its verification"), result.verify_status);
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  commands::DoneRequest request;
  request.task = arguments.word(0);
  request.message = arguments.value("message").value_or("");
  request.verify = arguments.value("verify");
  if (arguments.has("allow-empty")) request.empty = Empty::merge;
  if (arguments.has("remove-worktree")) request.after = commands::AfterMerge::remove_worktree;
  const auto result = commands::finish_task(invocation.workspace(), request);
  return invocation.answer([&](const Style& style) { return text_of(result, style); },
                           [&] { return to_json(result); }, result.success() ? 0 : 1);
}

}  // namespace

const Verb task_done_verb{
    "done",
    "merge a task into the flow branch and record it completed",
    "[<task>]",
    0,
    1,
    {{'m', "message", Takes::value, "<message>", "the body of the merge message"},
     {0, "verify", Takes::value, "<cmd>",
      "must succeed (sh -c) on the merged tree before flow moves"},
     {0, "allow-empty", Takes::nothing, "", "also where the branch has no commit of its own"},
     {0, "remove-worktree", Takes::nothing, "", "remove the worker's worktree afterwards"}},
    run};

}  // namespace gitplan::cli
