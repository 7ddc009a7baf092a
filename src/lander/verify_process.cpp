#include "lander/verify_process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <thread>

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

int asked_on = -1;  // what a signal handler can reach

void note_asked(int /*number*/) {
  if (::write(asked_on, "", 1) < 0) return;  // it was asked often
}

/// A signal that asks this process to end, as that of its parent's end, ends what it runs, and
/// gives that its time.
class EndsWhenAsked {
 public:
  EndsWhenAsked() {
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0)
      throw Error(ErrorKind::fatal, fmt::format("no pipe: {}", std::strerror(errno)));
    asked_on = ends_[1];
    watcher_ = std::thread([this] { watch(); });
    const pid_t parent = ::getppid();
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) std::signal(number, note_asked);
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (::getppid() != parent) ::raise(SIGTERM);
  }
  EndsWhenAsked(const EndsWhenAsked&) = delete;
  EndsWhenAsked& operator=(const EndsWhenAsked&) = delete;
  ~EndsWhenAsked() {
    for (const int number : {SIGTERM, SIGINT, SIGHUP}) std::signal(number, SIG_DFL);
    ::close(ends_[1]);
    watcher_.join();
    ::close(ends_[0]);
  }

  [[nodiscard]] bool is_asked() const { return asked_; }

 private:
  /// False once nobody can ask any more.
  [[nodiscard]] bool is_asked_within(int milliseconds) const {
    pollfd one{ends_[0], POLLIN, 0};
    while (::poll(&one, 1, milliseconds) < 0 && errno == EINTR) {
    }
    return (one.revents & POLLIN) != 0;
  }
  [[nodiscard]] bool is_over_within(int milliseconds) const {
    pollfd one{ends_[0], 0, 0};
    ::poll(&one, 1, milliseconds);
    return (one.revents & POLLHUP) != 0;
  }
  static void send_all(int number) {
    for (const int pid : supervisor::descendants()) ::kill(pid, number);
  }
  void watch() {
    if (!is_asked_within(-1)) return;
    asked_ = true;
    constexpr int again = 50;
    const auto deadline = std::chrono::steady_clock::now() + supervisor::term_to_kill;
    send_all(SIGTERM);
    send_all(SIGCONT);
    while (!is_over_within(again)) {
      if (std::chrono::steady_clock::now() >= deadline) send_all(SIGKILL);
    }
  }

  std::array<int, 2> ends_{-1, -1};
  std::atomic<bool> asked_ = false;
  std::thread watcher_;
};

void end_all() {
  const auto patience = std::chrono::milliseconds(supervisor::term_to_kill);
  supervisor::end_descendants(static_cast<int>(patience.count()));
}

}  // namespace

VerifyEnd run_verify_process(Workspace& workspace, const VerifyRequest& request) {
  const auto commit = git::Oid::parse(request.commit);
  if (!commit) throw Error(ErrorKind::usage, "'--commit' wants a commit's full name");
  supervisor::become_subreaper();
  VerifyEnd end;
  bool is_asked = false;
  {
    const EndsWhenAsked ends;
    const supervisor::TimeLimit limit(request.timeout);
    end.exit_status = verify(workspace, *commit, request.command,
                             [&] { return limit.is_over() || ends.is_asked(); });
    end.timed_out = limit.is_over();
    is_asked = ends.is_asked();
  }
  end_all();
  if (is_asked) ::raise(SIGTERM);
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
