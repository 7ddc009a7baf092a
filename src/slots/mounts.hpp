// What is mounted below a folder: it belongs to somebody else, whatever stands around it.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace gitplan {

/// The mount points of /proc/self/mountinfo (proc(5)), in its order.
std::vector<std::string> parse_mount_points(std::string_view mountinfo);

/// Those at or below an absolute folder. None where the kernel does not tell.
std::vector<std::string> mount_points_below(const std::string& folder);

}  // namespace gitplan
