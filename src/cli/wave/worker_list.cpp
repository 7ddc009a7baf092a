#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"
#include "cli/workers_text.hpp"
#include "commands/wave/status.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const auto workers = commands::worker_status(invocation.workspace(), nullptr);
  return invocation.answer([&](const Style& style) { return workers_text(workers, style); },
                           [&] { return to_json(workers); });
}

}  // namespace

const Verb wave_worker_list_verb{"worker list", "list the slots of all plans", "", 0, 0, {}, run};

}  // namespace gitplan::cli
