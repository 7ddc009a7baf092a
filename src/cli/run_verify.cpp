#include "cli/run_verify.hpp"

#include "cli/arguments.hpp"
#include "cli/invocation.hpp"
#include "commands/wave/landing.hpp"
#include "plan/estimate.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  write_output(commands::verify_for_lander(
      invocation.workspace(), arguments.value("commit").value_or(""),
      arguments.value("verify").value_or(""), handed_on_timeout(arguments)));
  return 0;
}

}  // namespace

std::optional<std::chrono::seconds> handed_on_timeout(const Arguments& arguments) {
  return handed_on_time(arguments, "timeout");
}

std::optional<std::chrono::seconds> handed_on_time(const Arguments& arguments,
                                                   const std::string& option) {
  const auto words = arguments.value(option);
  if (!words) return std::nullopt;
  return std::chrono::seconds(static_cast<long>(parse_duration(*words).value_or(0)));
}

const Verb run_verify_verb{"run-verify",
                           "verify one merge that is to land",
                           "",
                           0,
                           0,
                           {{0, "commit", Takes::value, "<commit>", "the merge"},
                            {0, "verify", Takes::value, "<cmd>", "must succeed"},
                            {0, "timeout", Takes::value, "<time>", "its time"}},
                           run,
                           false,
                           true};

}  // namespace gitplan::cli
