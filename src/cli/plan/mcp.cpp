#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "mcp/server.hpp"

namespace gitplan::cli {
namespace {

/// A descriptor of our own for one of the standard ones.
Fd take_over(int standard, std::string_view name) {
  Fd own(::fcntl(standard, F_DUPFD_CLOEXEC, STDERR_FILENO + 1));
  if (!own)
    throw Error(ErrorKind::fatal, fmt::format("{} is closed: {}", name, std::strerror(errno)));
  return own;
}

/// From here on hooks and whatever else prints reaches standard error, and nobody reads requests.
void shield_standard_descriptors() {
  const Fd nothing(::open("/dev/null", O_RDWR | O_CLOEXEC));
  ::dup2(nothing.get(), STDIN_FILENO);
  if (::fcntl(STDERR_FILENO, F_GETFD) < 0) ::dup2(nothing.get(), STDERR_FILENO);
  ::dup2(STDERR_FILENO, STDOUT_FILENO);
}

int run(Invocation& invocation) {
  mcp::Options options;
  options.settings.plan = invocation.arguments().value("plan");
  options.settings.strict = invocation.arguments().has("strict");
  if (invocation.arguments().has("no-hooks")) options.settings.hooks = Hooks::skip;
  if (::isatty(STDIN_FILENO) != 0) {
    invocation.hint(
        "this speaks MCP on standard input; to register it with an agent, run: "
        "claude mcp add git -- git plan mcp");
  }
  const Fd in = take_over(STDIN_FILENO, "standard input");
  const Fd out = take_over(STDOUT_FILENO, "standard output");
  shield_standard_descriptors();
  mcp::serve(in.get(), out.get(), options);
  return 0;
}

}  // namespace

const Verb plan_mcp_verb{
    "mcp", "serve the tools of a plan to agents: MCP on standard input", "", 0, 0, {}, run};

}  // namespace gitplan::cli
