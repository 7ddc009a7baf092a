#include "lander/verify_process.hpp"

#include <fmt/format.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <charconv>
#include <csignal>

#include "base/error.hpp"
#include "base/text.hpp"
#include "session/verification.hpp"
#include "session/workspace.hpp"
#include "supervisor/descendants.hpp"
#include "supervisor/mind.hpp"
#include "supervisor/time_limit.hpp"

namespace gitplan::lander {
namespace {

constexpr std::string_view timed_out_word = "timed-out";

/// Of a process that leads its group: all of that goes.
void end_group(int number) {
  std::signal(number, SIG_DFL);
  ::kill(0, number);
}

void end_with_parent() {
  const pid_t parent = ::getppid();
  for (const int number : {SIGTERM, SIGINT, SIGHUP}) std::signal(number, end_group);
  ::prctl(PR_SET_PDEATHSIG, SIGTERM);
  if (::getppid() != parent) ::raise(SIGTERM);
}

}  // namespace

VerifyEnd run_verify_process(Workspace& workspace, const VerifyRequest& request) {
  const auto commit = git::Oid::parse(request.commit);
  if (!commit) throw Error(ErrorKind::usage, "'--commit' wants a commit's full name");
  end_with_parent();
  supervisor::become_subreaper();
  VerifyEnd end;
  {
    const supervisor::TimeLimit limit(request.timeout);
    end.exit_status = verify(workspace, *commit, request.command);
    end.timed_out = limit.is_over();
  }
  const auto patience = std::chrono::milliseconds(supervisor::term_to_kill);
  supervisor::end_descendants(static_cast<int>(patience.count()));
  return end;
}

std::string encode(const VerifyEnd& end) {
  return fmt::format("{} {}\n", end.exit_status, end.timed_out ? timed_out_word : "ended");
}

std::optional<VerifyEnd> parse_verify_end(std::string_view line) {
  VerifyEnd end;
  const std::string_view word = text::trim(line);
  const auto read = std::from_chars(word.data(), word.data() + word.size(), end.exit_status);
  if (read.ec != std::errc()) return std::nullopt;
  end.timed_out = word.ends_with(timed_out_word);
  return end;
}

}  // namespace gitplan::lander
