#include "mcp/server.hpp"

#include <malloc.h>
#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <string_view>

#include "mcp/session.hpp"

namespace gitplan::mcp {
namespace {

enum class Written { all, nobody_reads };

/// A client may have given us an output that does not block.
void wait_for_reader(int fd) {
  pollfd polled{fd, POLLOUT, 0};
  ::poll(&polled, 1, -1);
}

Written write_line(int fd, std::string line) {
  line += '\n';
  std::string_view rest = line;
  while (!rest.empty()) {
    const ssize_t written = ::write(fd, rest.data(), rest.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0 && errno == EAGAIN) {
      wait_for_reader(fd);
      continue;
    }
    if (written < 0) return Written::nobody_reads;
    rest.remove_prefix(static_cast<std::size_t>(written));
  }
  return Written::all;
}

}  // namespace

void serve(int in, int out, const Options& options) {
  std::signal(SIGPIPE, SIG_IGN);
  // Lines are read ahead, so that a cancellation finds the request that it names; but not for ever.
  constexpr std::size_t read_ahead = 64;
  constexpr std::size_t large = 1U << 20U;
  LineReader lines(in);
  Session session(options);
  for (;;) {
    const bool idle = session.waiting() == 0;
    if (session.waiting() < read_ahead)
      lines.fill(idle ? LineReader::Wait::for_input : LineReader::Wait::not_at_all);
    bool was_large = false;
    while (const auto line = lines.next()) {
      was_large = was_large || line->text.size() > large;
      session.receive(*line);
    }
    if (session.waiting() == 0 && lines.ended()) return;
    if (session.waiting() == 0) continue;
    const auto reply = session.answer_next();
    if (reply && write_line(out, *reply) == Written::nobody_reads) return;
    if (was_large) ::malloc_trim(0);
  }
}

}  // namespace gitplan::mcp
