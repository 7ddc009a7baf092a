#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "session/flow.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  InitRequest request;
  request.flow = invocation.arguments().value("flow");
  request.start = invocation.arguments().word(0);
  const auto result = init(invocation.workspace(), request);
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{} {} {}\n", text::printable(result.flow_branch),
                           result.commit.abbreviated(), result.created ? "created" : "exists");
      },
      [&] {
        auto object = new_object();
        object["success"] = true;
        object["flow_branch"] = result.flow_branch;
        object["commit"] = result.commit.hex();
        object["created"] = result.created;
        return object;
      });
}

}  // namespace

const Verb plan_init_verb{
    "init",
    "create the flow branch if it is missing",
    "[<start>]",
    0,
    1,
    {{0, "flow", Takes::value, "<branch>", "the flow branch (default: plan.flowBranch, flow)"}},
    run};

}  // namespace gitplan::cli
