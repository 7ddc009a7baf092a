#include "commands/plan/share.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string text_of(const commands::ShareResult& result) {
  std::string text = fmt::format("shared through {} as machine {}\n",
                                 text::printable(result.remote), text::printable(result.machine));
  for (const std::string& ref : result.pushed)
    text += fmt::format("  pushed {}\n", text::printable(ref));
  return text;
}

int run(Invocation& invocation) {
  commands::ShareRequest request;
  const auto& words = invocation.arguments().words;
  if (!words.empty()) {
    request.remote = words.front();
    request.plans.assign(words.begin() + 1, words.end());
  }
  const auto result = commands::share_plans(invocation.workspace(), request);
  return invocation.answer([&](const Style&) { return text_of(result); },
                           [&] { return to_json(result); });
}

}  // namespace

const Verb plan_share_verb{"share",
                           "share plans with other machines through a remote",
                           "[<remote>] [<plan>...]",
                           0,
                           1000,
                           {},
                           run};

}  // namespace gitplan::cli
