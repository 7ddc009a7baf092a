#include "commands/wave/machine.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "base/fd.hpp"

namespace gitplan::commands {
namespace {

/// The kernel's files say that they are empty.
std::string kernel_file(const std::string& path) {
  const Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  constexpr std::size_t enough = 16384;
  std::string text(enough, '\0');
  const ssize_t got = fd ? ::read(fd.get(), text.data(), text.size()) : 0;
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

std::optional<std::int64_t> memory_of_group(const std::string& folder) {
  return agents::parse_group_memory(kernel_file(folder + "/memory.max"),
                                    kernel_file(folder + "/memory.current"),
                                    kernel_file(folder + "/memory.stat"));
}

std::optional<std::int64_t> least(std::optional<std::int64_t> a, std::optional<std::int64_t> b) {
  if (!a || !b) return a ? a : b;
  return std::min(*a, *b);
}

/// Of the first hierarchy, as a container sees its own there.
std::optional<std::int64_t> memory_of_old_group() {
  const std::string folder = "/sys/fs/cgroup/memory";
  return agents::parse_group_memory(kernel_file(folder + "/memory.limit_in_bytes"),
                                    kernel_file(folder + "/memory.usage_in_bytes"),
                                    kernel_file(folder + "/memory.stat"));
}

/// The group that we are in, and those that it stands in: the tightest counts.
std::optional<std::int64_t> memory_of_groups() {
  const std::string root = "/sys/fs/cgroup";
  const std::string text = kernel_file("/proc/self/cgroup");
  auto found = least(memory_of_group(root), memory_of_old_group());
  std::string group(agents::parse_own_group(text).value_or("/"));
  for (; group.size() > 1; group.resize(group.rfind('/')))
    found = least(found, memory_of_group(root + group));
  return found;
}

}  // namespace

agents::MachineState machine_state() {
  agents::MachineState state;
  state.load = agents::parse_load(kernel_file("/proc/loadavg")).value_or(0);
  state.memory =
      least(agents::parse_available_memory(kernel_file("/proc/meminfo")), memory_of_groups());
  return state;
}

}  // namespace gitplan::commands
