#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "commands/plan/check.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto provided = commands::provides_here(invocation.workspace());
  return invocation.answer(
      [&](const Style&) {
        std::string text;
        for (const auto& capability : provided.capabilities)
          text += text::printable(capability) + "\n";
        return text;
      },
      [&] { return to_json(provided); });
}

}  // namespace

const Verb plan_provides_verb{"provides", "list the capabilities available now", "", 0, 0, {}, run};

}  // namespace gitplan::cli
