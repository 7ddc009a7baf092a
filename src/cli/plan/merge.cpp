#include "commands/plan/merge.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/merge_text.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string text_of(const commands::MergeCommitResult& result, const Style& style) {
  const std::string flow = text::printable(result.flow_branch);
  if (const auto* merged = std::get_if<MergedCommit>(&result.merge)) {
    return fmt::format("{} {} into {} as {}\n", result.what, style.green("merged"), flow,
                       merged->commit.abbreviated());
  }
  if (std::holds_alternative<AlreadyMerged>(result.merge))
    return fmt::format("{} is in {} already\n", result.what, flow);
  return unmerged_text(result.merge, result.what, flow, style);
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  const auto result = commands::merge_commit_into_flow(
      invocation.workspace(), {arguments.words.front(), arguments.value("verify")});
  return invocation.answer([&](const Style& style) { return text_of(result, style); },
                           [&] { return to_json(result); }, is_merged(result.merge) ? 0 : 1);
}

}  // namespace

const Verb plan_merge_verb{"merge",
                           "merge a commit into flow, such as the branch that it came from",
                           "<commit>",
                           1,
                           1,
                           {{0, "verify", Takes::value, "<cmd>",
                             "must succeed (sh -c) on the merged tree before flow moves"}},
                           run};

}  // namespace gitplan::cli
