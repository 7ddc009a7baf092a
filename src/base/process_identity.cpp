// Who a process is: see clock.hpp.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/fd.hpp"

namespace gitplan {

namespace {

struct ProcessStat {
  char state = '?';
  std::uint64_t start_time = 0;
};

std::string read_stat(int pid) {
  const Fd fd(open(("/proc/" + std::to_string(pid) + "/stat").c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return {};
  std::array<char, 2048> buffer{};
  const ssize_t got = read(fd.get(), buffer.data(), buffer.size());
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

std::optional<ProcessStat> process_stat(int pid) {
  const std::string text = read_stat(pid);
  // Field 2 is the program's name in parentheses, and may itself hold any character but NUL.
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string::npos || name_end + 2 >= text.size()) return {};
  std::string_view rest = std::string_view(text).substr(name_end + 2);  // from field 3 on
  ProcessStat stat{.state = rest.front()};
  for (int field = 3; field < 22; ++field) {
    const std::size_t space = rest.find(' ');
    if (space == std::string_view::npos) return {};
    rest.remove_prefix(space + 1);
  }
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), stat.start_time);
  if (parsed.ec != std::errc()) return {};
  return stat;
}

}  // namespace

ProcessIdentity this_process() {
  const int pid = getpid();
  return identify_process(pid).value_or(ProcessIdentity{pid, 0});
}

std::optional<ProcessIdentity> identify_process(int pid) {
  if (pid <= 0) return {};
  const auto stat = process_stat(pid);
  if (!stat) return {};
  return ProcessIdentity{pid, stat->start_time};
}

bool is_alive(const ProcessIdentity& process) {
  if (process.pid <= 0) return false;
  const auto stat = process_stat(process.pid);
  // A zombie has ended: it holds nothing, and only waits for its parent to ask.
  return stat && stat->start_time == process.start_time && stat->state != 'Z' && stat->state != 'X';
}

}  // namespace gitplan
