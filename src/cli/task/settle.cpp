#include "cli/task/settle.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace gitplan::cli {

int settle_task(Invocation& invocation, commands::SettleRequest::As as) {
  const Arguments& arguments = invocation.arguments();
  commands::SettleRequest request;
  request.as = as;
  request.task = arguments.word(0);
  request.reason = arguments.value("message").value_or("");
  request.needs_decision = arguments.has("needs-decision");
  const auto result = commands::settle_task(invocation.workspace(), request);
  const bool failed = as == commands::SettleRequest::As::failed;
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} {} ({})\n", result.task, failed ? "failed" : "cancelled",
                           version_text(result.update.version));
      },
      [&] { return to_json(result); });
}

}  // namespace gitplan::cli
