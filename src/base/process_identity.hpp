// Who a process is, and what can be told of its life from here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gitplan {

/// Where a process id means something: one boot of one kernel, one pid namespace in it. A container
/// and its host, or a machine before and after a reboot, give the same id to different processes.
struct ProcessSpace {
  std::uint64_t boot = 0;           ///< of /proc/sys/kernel/random/boot_id; 0: not known
  std::uint64_t pid_namespace = 0;  ///< inode of /proc/self/ns/pid; 0: not known
  bool operator==(const ProcessSpace&) const = default;
};

/// A process, by id, the start time that keeps the id from naming another one later, and the space
/// that both belong to.
struct ProcessIdentity {
  int pid = 0;
  std::uint64_t start_time = 0;  ///< clock ticks since boot, field 22 of /proc/PID/stat
  ProcessSpace space = {};
  bool operator==(const ProcessIdentity&) const = default;
};

/// The space that this process runs in.
ProcessSpace this_space();
ProcessIdentity this_process();
/// Of a process of this space; nothing if there is none, or /proc is another space's.
std::optional<ProcessIdentity> identify_process(int pid);

/// The process that started it, or took it over; 0 if nothing tells.
int parent_of(int pid);
/// This process, or the one that started it, and so on, is a child of that one.
bool comes_from(int pid);

/// What /proc tells: `elsewhere` is a process of which it tells nothing, as it is of another space
/// (or /proc itself is).
enum class Life { alive, dead, elsewhere };
Life life_of(const ProcessIdentity& process);
/// A process of this space that lives. Of those elsewhere nobody here can say so: git/presence.hpp
/// can.
bool is_alive(const ProcessIdentity& process);

/// "<pid><separator><start time>", and where it is known "<separator><boot><separator><namespace>":
/// the form that files and their names keep.
std::string encode(const ProcessIdentity& process, char separator);
/// The reverse, of the front of `text`; pid 0 if it is none. A space that is not noted is not
/// known, and is taken for this one.
ProcessIdentity decode_process(std::string_view text, char separator);

}  // namespace gitplan
