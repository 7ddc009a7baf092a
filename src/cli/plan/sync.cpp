#include "commands/plan/sync.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string what_of(const MergeConflict& one) {
  if (one.kind == MergeConflict::Kind::removed) return "one side removed it, the other changed it";
  const auto quoted = [](const std::string& value) {
    constexpr int most = 60;
    return fmt::format("'{}'", text::printable(text::cut(text::fold_space(value), most)));
  };
  const std::string both = fmt::format("{} here, {} there", quoted(one.ours), quoted(one.theirs));
  return one.kind == MergeConflict::Kind::id
             ? "both sides gave its id to a task: " + both
             : fmt::format("{} was changed on both sides: {}", one.key, both);
}

std::string text_of(const commands::PlanConflicts& plan, const Style& style) {
  std::string text;
  for (const MergeConflict& one : plan.conflicts) {
    const std::string task = one.task.empty() ? "" : " task " + text::printable(one.task) + ":";
    text += fmt::format("{} plan {}:{} {}\n", style.red("conflict:"), text::printable(plan.session),
                        task, what_of(one));
  }
  return text;
}

std::string text_of(const commands::FlowConflict& flow, const Style& style) {
  std::string text;
  for (const std::string& path : flow.paths) {
    text += fmt::format("{} {}: both sides changed {}\n", style.red("conflict:"),
                        text::printable(flow.flow_branch), text::printable(path));
  }
  return text;
}

std::string text_of(const commands::SyncResult& result, const Style& style) {
  std::string text;
  for (const auto& one : result.merged) {
    text += fmt::format("{} {} merged from both sides\n", plan_branch_text(one.session),
                        version_text(one.version));
    for (const auto& task : one.renamed) {
      text += fmt::format("  task {} of this clone is {} now\n", text::printable(task.from),
                          text::printable(task.to));
    }
  }
  for (const std::string& flow : result.merged_flow)
    text += fmt::format("{} merged from both sides\n", text::printable(flow));
  for (const std::string& ref : result.pushed)
    text += fmt::format("pushed {}\n", text::printable(ref));
  for (const auto& plan : result.conflicts) text += text_of(plan, style);
  for (const auto& flow : result.flow_conflicts) text += text_of(flow, style);
  if (result.success())
    text += fmt::format("in step with {}: {}\n", text::printable(result.remote),
                        text::count(static_cast<int>(result.plans.size()), "plan", "plans"));
  return text;
}

void advise(Invocation& invocation, const commands::SyncResult& result) {
  for (const auto& flow : result.flow_conflicts) {
    invocation.hint(
        fmt::format("to merge it here, run: git -c plan.remote= plan merge {}",
                    text::shell_quote(fmt::format("{}/{}", result.remote, flow.flow_branch))));
  }
  for (const auto& plan : result.conflicts) {
    for (const auto& one : plan.conflicts) {
      if (one.kind == MergeConflict::Kind::id) {
        invocation.hint(fmt::format("to free its id, run: git -c plan.remote= task reset {}",
                                    text::printable(one.task)));
      }
    }
    invocation.hint(
        fmt::format("to change what is here, run: git -c plan.remote= plan edit {}", plan.session));
  }
}

int run(Invocation& invocation) {
  const auto& words = invocation.arguments().words;
  const auto result = commands::sync(invocation.workspace(),
                                     words.empty() ? std::nullopt : std::optional(words.front()));
  advise(invocation, result);
  return invocation.answer([&](const Style& style) { return text_of(result, style); },
                           [&] { return to_json(result); }, result.success() ? 0 : 1);
}

}  // namespace

const Verb plan_sync_verb{
    "sync", "bring this clone and the shared remote together", "[<remote>]", 0, 1, {}, run};

}  // namespace gitplan::cli
