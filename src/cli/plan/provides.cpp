#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "commands/plan_check.hpp"
#include "commands/select.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  auto& workspace = invocation.workspace();
  const bool alone = !workspace.settings().plan && commands::has_no_plans(workspace);
  const auto capabilities =
      alone ? commands::flow_provides(workspace)
            : commands::provides(*commands::select_plan(workspace, commands::Access::read));
  return invocation.answer(
      [&](const Style&) {
        std::string text;
        for (const auto& capability : capabilities) text += text::printable(capability) + "\n";
        return text;
      },
      [&] { return commands::provides_object(capabilities); });
}

}  // namespace

const Verb plan_provides_verb{"provides", "list the capabilities available now", "", 0, 0, {}, run};

}  // namespace gitplan::cli
