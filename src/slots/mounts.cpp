#include "slots/mounts.hpp"

#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan {
namespace {

bool is_octal(char c) { return c >= '0' && c <= '7'; }

/// Blanks, line ends and backslashes are written as "\\040".
std::string unescape(std::string_view word) {
  std::string plain;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const bool escaped = word[i] == '\\' && i + 3 < word.size() && is_octal(word[i + 1]) &&
                         is_octal(word[i + 2]) && is_octal(word[i + 3]);
    if (!escaped) {
      plain += word[i];
      continue;
    }
    plain +=
        static_cast<char>((word[i + 1] - '0') * 64 + (word[i + 2] - '0') * 8 + (word[i + 3] - '0'));
    i += 3;
  }
  return plain;
}

}  // namespace

std::vector<std::string> parse_mount_points(std::string_view mountinfo) {
  constexpr std::size_t mount_point = 4;  // the fifth field
  std::vector<std::string> points;
  for (const std::string_view line : text::split(mountinfo, '\n')) {
    const auto fields = text::split(line, ' ');
    if (fields.size() > mount_point) points.push_back(unescape(fields[mount_point]));
  }
  return points;
}

std::vector<std::string> mount_points_below(const std::string& folder) {
  std::error_code error;
  const std::string top = std::filesystem::weakly_canonical(folder, error).string();
  if (error) return {};
  try {
    constexpr std::size_t more_than_enough = 16U << 20U;
    const auto mountinfo = read_file("/proc/self/mountinfo", more_than_enough);
    std::vector<std::string> points = parse_mount_points(mountinfo.value_or(""));
    std::erase_if(points, [&](const std::string& point) {
      return point != top && !point.starts_with(top + "/");
    });
    return points;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace gitplan
