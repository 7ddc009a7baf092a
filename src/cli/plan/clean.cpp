#include "commands/plan/clean.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

using commands::CleanRequest;

std::string text_of(const commands::CleanResult& result) {
  const bool dry = result.doing == CleanRequest::Doing::dry_run;
  const std::string_view cleaned = dry ? "would clean up" : "cleaned up";
  const std::string_view deleted = dry ? "would delete" : "deleted";
  const std::string_view dropped = dry ? "would drop" : "dropped";
  std::string text;
  for (const auto& session : result.cleaned) text += fmt::format("{} {}\n", cleaned, session);
  for (const auto& one : result.commits) {
    text +=
        fmt::format("{} is at {}\n", text::printable(one.flow_branch), one.commit.abbreviated());
  }
  for (const auto& one : result.removed_branches)
    text += fmt::format("{} {} (was {})\n", deleted, text::printable(one.name), one.tip.hex());
  for (const auto& one : result.kept_commits) {
    text += fmt::format("kept {}, which only the log of {} had, as {}\n", one.commit.abbreviated(),
                        text::printable(one.branch), one.ref);
  }
  for (const git::Ref& ref : result.dropped_refs)
    text += fmt::format("{} {} (was {})\n", dropped, ref.name, ref.target.hex());
  for (const auto& one : result.kept) text += fmt::format("kept {}: {}\n", one.session, one.reason);
  for (const auto& one : result.kept_branches)
    text += fmt::format("kept {}: {}\n", text::printable(one.name), one.reason);
  return text;
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  CleanRequest request;
  if (arguments.has("dry-run")) request.doing = CleanRequest::Doing::dry_run;
  if (arguments.has("force")) request.branches = CleanRequest::Branches::all;
  const auto result = commands::clean_plans(invocation.workspace(), request);
  return invocation.answer([&](const Style&) { return text_of(result); },
                           [&] { return to_json(result); });
}

}  // namespace

const Verb plan_clean_verb{
    "clean",
    "put away what finished plans left in flow and among the branches",
    "",
    0,
    0,
    {{'n', "dry-run", Takes::nothing, "", "only say what would be done"},
     {'f', "force", Takes::nothing, "", "delete branches too of which flow lacks commits"}},
    run};

}  // namespace gitplan::cli
