#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "commands/plan/use.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto force =
      invocation.arguments().has("force") ? commands::Force::yes : commands::Force::no;
  const auto result =
      commands::delete_plan(invocation.workspace(), invocation.arguments().words.front(), force);
  const std::string branch = plan_branch_text(result.session);
  invocation.hint(
      fmt::format("to bring it back, run: git branch {} {}", branch, result.commit.abbreviated()));
  return invocation.answer(
      [&](const Style&) {
        std::string text = fmt::format("deleted {} (was {})\n", branch, result.commit.hex());
        for (const git::Ref& ref : result.dropped_refs)
          text += fmt::format("dropped {} (was {})\n", ref.name, ref.target.hex());
        return text;
      },
      [&] { return to_json(result); });
}

}  // namespace

const Verb plan_delete_verb{
    "delete", "delete a plan's branch and print its last commit",
    "<plan>", 1,
    1,        {{'f', "force", Takes::nothing, "", "even if it is unfinished"}},
    run};

}  // namespace gitplan::cli
