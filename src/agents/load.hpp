// Whether the machine bears one more worker. What it says of itself is read elsewhere; here it is
// text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace gitplan::agents {

struct LoadLimit {
  std::optional<double> most_load;  ///< as make's
  std::int64_t least_memory = 0;    ///< bytes that must be left; 0: no bound
  [[nodiscard]] bool bounds() const { return most_load || least_memory > 0; }
};

struct MachineState {
  double load = 0;                     ///< of the last minute, or what runs now if that is more
  std::optional<std::int64_t> memory;  ///< bytes that can be had; unknown where nothing says so
};

bool bears_another(const LoadLimit& limit, const MachineState& machine);

/// /proc/loadavg: "0.52 0.58 0.59 3/612 12345". The one who asks does not count as running.
std::optional<double> parse_load(std::string_view text);
/// MemAvailable of /proc/meminfo.
std::optional<std::int64_t> parse_available_memory(std::string_view text);
/// What a control group leaves of its memory: its limit ("max": none), what it uses, and
/// memory.stat, of which inactive files can be had back.
std::optional<std::int64_t> parse_group_memory(std::string_view limit, std::string_view used,
                                               std::string_view stat);
/// The path of the group in the second hierarchy: "0::/a/b" of /proc/self/cgroup.
std::optional<std::string_view> parse_own_group(std::string_view text);

}  // namespace gitplan::agents
