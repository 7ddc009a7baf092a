// The process that verifies one commit for a lander: this program again, so that many can run at
// once, and any can be ended.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "git/oid.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::lander {

struct VerifyRequest {
  std::string commit;
  std::string command;                          ///< for `sh -c`
  std::optional<std::chrono::seconds> timeout;  ///< of the checkout and its hooks, too
};
struct VerifyEnd {
  int exit_status = 0;  ///< of the command, 128 + signal if it was killed
  bool timed_out = false;
};

/// Runs the command in a checkout of the commit, its output on standard error. Ends, with all that
/// came from it, when whoever started it does.
VerifyEnd run_verify_process(Workspace& workspace, const VerifyRequest& request);

/// One line.
std::string encode(const VerifyEnd& end);
std::optional<VerifyEnd> parse_verify_end(std::string_view line);

}  // namespace gitplan::lander
