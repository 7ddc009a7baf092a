#include "cli/task/settle.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "session/here.hpp"

namespace gitplan::cli {

int settle_task(Invocation& invocation, std::string_view word,
                void (*fill)(commands::UpdateRequest& request, const std::string& id)) {
  const auto selected =
      select_task(invocation.workspace(), Access::write, invocation.arguments().word(0));
  const std::string id = selected.view->task(selected.task).id;
  commands::UpdateRequest request;
  request.reason = invocation.arguments().value("message").value_or("");
  request.needs_decision = invocation.arguments().has("needs-decision");
  fill(request, id);
  const auto result =
      commands::update_plan(invocation.workspace(), selected.view->session(), request);
  const Slot* slot = selected.view->slot(selected.task);
  if (slot != nullptr && !stands_in(invocation.workspace(), *slot)) {
    invocation.hint(fmt::format("its worktree stays; to remove it, run: git wave worker remove {}",
                                slot->number));
  }
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} {} ({})\n", id, word, version_text(result.version));
      },
      [&] {
        auto object = to_json(result);
        object["task_id"] = id;
        return object;
      });
}

}  // namespace gitplan::cli
