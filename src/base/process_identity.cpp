#include "base/process_identity.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstdlib>

#include "base/fd.hpp"

namespace gitplan {
namespace {

struct ProcessStat {
  char state = '?';
  int parent = 0;
  std::uint64_t start_time = 0;
};

/// The beginning of a small file of /proc; empty if it cannot be read.
std::string read_proc(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return {};
  std::array<char, 2048> buffer{};
  const ssize_t got = ::read(fd.get(), buffer.data(), buffer.size());
  return got > 0 ? std::string(buffer.data(), static_cast<std::size_t>(got)) : std::string();
}

std::optional<ProcessStat> process_stat(const std::string& process) {
  const std::string text = read_proc("/proc/" + process + "/stat");
  // Field 2 is the program's name in parentheses, and may itself hold any character but NUL.
  const std::size_t name_end = text.rfind(") ");
  if (name_end == std::string::npos || name_end + 2 >= text.size()) return {};
  std::string_view rest = std::string_view(text).substr(name_end + 2);  // from field 3 on
  ProcessStat stat{.state = rest.front()};
  for (int field = 3; field < 22; ++field) {
    const std::size_t space = rest.find(' ');
    if (space == std::string_view::npos) return {};
    rest.remove_prefix(space + 1);
    if (field == 3) std::from_chars(rest.data(), rest.data() + rest.size(), stat.parent);
  }
  const auto parsed = std::from_chars(rest.data(), rest.data() + rest.size(), stat.start_time);
  if (parsed.ec != std::errc()) return {};
  return stat;
}

/// The first 64 bits of "3f1c9a52-84d2-4b8e-…".
std::uint64_t boot_number() {
  std::uint64_t number = 0;
  int digits = 0;
  for (const char c : read_proc("/proc/sys/kernel/random/boot_id")) {
    std::uint64_t digit = 0;
    if (c == '-' || digits == 16) continue;
    if (std::from_chars(&c, &c + 1, digit, 16).ec != std::errc()) break;
    number = number << 4U | digit;
    ++digits;
  }
  return number;
}

/// Where /proc was mounted in another pid namespace, its "self" has another id than we know.
bool is_proc_ours() {
  std::array<char, 32> self{};
  const ssize_t size = ::readlink("/proc/self", self.data(), self.size() - 1);
  return size > 0 && std::atoi(self.data()) == ::getpid();
}

ProcessSpace read_space() {
  struct stat info {};
  if (::stat("/proc/self/ns/pid", &info) != 0) return {};
  return {boot_number(), info.st_ino};
}

/// True if /proc speaks of processes of this space.
bool is_here(const ProcessSpace& space) {
  static const bool ours = is_proc_ours();
  return space == ProcessSpace{} || (space == this_space() && ours);
}

std::uint64_t take_number(std::string_view& text, char separator) {
  std::uint64_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc()) return 0;
  text.remove_prefix(static_cast<std::size_t>(end - text.data()));
  if (!text.empty() && text.front() == separator) text.remove_prefix(1);
  return number;
}

}  // namespace

ProcessSpace this_space() {
  static const ProcessSpace space = read_space();
  return space;
}

ProcessIdentity this_process() {
  const auto stat = process_stat("self");
  return {::getpid(), stat ? stat->start_time : 0, this_space()};
}

std::optional<ProcessIdentity> identify_process(int pid) {
  if (pid <= 0 || !is_here(this_space())) return {};
  const auto stat = process_stat(std::to_string(pid));
  if (!stat) return {};
  return ProcessIdentity{pid, stat->start_time, this_space()};
}

int parent_of(int pid) {
  const auto stat = process_stat(std::to_string(pid));
  return stat ? stat->parent : 0;
}

bool comes_from(int pid) {
  for (int one = ::getppid(); one > 0; one = parent_of(one)) {
    if (one == pid) return true;
  }
  return false;
}

Life life_of(const ProcessIdentity& process) {
  if (process.pid <= 0) return Life::dead;
  if (!is_here(process.space)) return Life::elsewhere;
  const auto stat = process_stat(std::to_string(process.pid));
  // A zombie has ended: it holds nothing, and only waits for its parent to ask.
  const bool lives =
      stat && stat->start_time == process.start_time && stat->state != 'Z' && stat->state != 'X';
  return lives ? Life::alive : Life::dead;
}

bool is_alive(const ProcessIdentity& process) { return life_of(process) == Life::alive; }

std::string encode(const ProcessIdentity& process, char separator) {
  std::string text = std::to_string(process.pid) + separator + std::to_string(process.start_time);
  if (process.space == ProcessSpace{}) return text;
  return text + separator + std::to_string(process.space.boot) + separator +
         std::to_string(process.space.pid_namespace);
}

ProcessIdentity decode_process(std::string_view text, char separator) {
  ProcessIdentity process;
  const std::uint64_t pid = take_number(text, separator);
  constexpr std::uint64_t most = 0x7fffffff;
  if (pid > most) return process;
  process.pid = static_cast<int>(pid);
  process.start_time = take_number(text, separator);
  process.space.boot = take_number(text, separator);
  process.space.pid_namespace = take_number(text, separator);
  return process;
}

}  // namespace gitplan
