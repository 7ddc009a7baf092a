#include "commands/doctor/doctor.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/task_text.hpp"

namespace gitplan::cli {
namespace {

std::string summary_of(const commands::Problems& problems, long long left) {
  const auto fixed = static_cast<long long>(problems.size()) - left;
  if (problems.empty()) return "all is well\n";
  const std::string found = text::count(left, "problem", "problems");
  return fixed == 0 ? found + "\n" : fmt::format("{}, {} fixed\n", found, fixed);
}

std::string text_of(const commands::Problems& problems, long long left, const Style& style) {
  std::string text;
  for (const auto& problem : problems) {
    const std::string word = problem.fixed ? style.green("fixed: ") : style.red("problem: ");
    text += word + problem.message + "\n";
    if (!problem.fixed && !problem.hint.empty()) text += fmt::format("  {}\n", problem.hint);
  }
  return text + summary_of(problems, left);
}

int run(Invocation& invocation) {
  const auto mend =
      invocation.arguments().has("fix") ? commands::Mend::what_is_safe : commands::Mend::no;
  const auto problems = commands::examine(invocation.settings(), invocation.notices(), mend);
  const auto left = std::count_if(problems.begin(), problems.end(),
                                  [](const auto& problem) { return !problem.fixed; });
  return invocation.answer([&](const Style& style) { return text_of(problems, left, style); },
                           [&] { return to_json(problems); }, left > 0 ? 1 : 0);
}

}  // namespace

const Verb plan_doctor_verb{"doctor", "name what is wrong here, and how to mend it",
                            "",       0,
                            0,        {{0, "fix", Takes::nothing, "", "mend what is safe to mend"}},
                            run};

}  // namespace gitplan::cli
