#include "supervisor/worker_log.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "base/fd.hpp"
#include "base/text.hpp"

namespace gitplan::supervisor {
namespace {

constexpr std::size_t most_bytes_a_line = 4096;

/// At most `bytes` of what stands behind the first `skipped` ones; of all where it was shortened to
/// fewer than those since.
std::string end_of(const std::string& file, std::size_t bytes, std::int64_t skipped = 0) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  struct stat info {};
  if (!fd || ::fstat(fd.get(), &info) != 0 || !S_ISREG(info.st_mode)) return {};
  if (skipped > info.st_size) skipped = 0;
  const off_t start = std::max<off_t>(skipped, info.st_size - static_cast<off_t>(bytes));
  std::string text(bytes, '\0');
  const ssize_t got = ::pread(fd.get(), text.data(), text.size(), start);
  text.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  return text;
}

/// How long the escape sequence is that `text` starts with: colours, movements, titles.
std::size_t escape_length(std::string_view text) {
  const auto in = [&](std::size_t at, char first, char last) {
    return at < text.size() && text[at] >= first && text[at] <= last;
  };
  std::size_t end = 1;
  if (in(1, ']', ']')) {
    while (end < text.size() && text[end] != '\a' && text[end] != '\x1b') ++end;
    if (in(end, '\x1b', '\x1b')) ++end;
  } else if (in(1, '[', '[')) {
    ++end;
    while (in(end, ' ', '?')) ++end;
  } else {
    while (in(end, ' ', '/')) ++end;
  }
  return std::min(end + 1, text.size());
}

std::string without_escapes(std::string_view text) {
  std::string shown;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\x1b') {
      i += escape_length(text.substr(i));
    } else {
      shown += text[i++];
    }
  }
  return shown;
}

}  // namespace

std::vector<std::string> last_lines(const std::string& file, std::size_t count,
                                    std::int64_t skipped) {
  const std::string text = end_of(file, count * most_bytes_a_line, skipped);
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(text, '\n')) lines.emplace_back(line);
  if (!lines.empty() && lines.back().empty()) lines.pop_back();
  if (lines.size() > count) lines.erase(lines.begin(), lines.end() - static_cast<long>(count));
  for (std::string& line : lines) {
    if (line.size() > most_bytes_a_line) line.erase(0, line.size() - most_bytes_a_line);
    line = without_escapes(line);
  }
  return lines;
}

std::int64_t log_size(const std::string& file) {
  struct stat info {};
  return ::lstat(file.c_str(), &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : 0;
}

std::string last_line(const std::string& file, std::int64_t skipped) {
  const std::string text = without_escapes(end_of(file, most_bytes_a_line, skipped));
  const auto lines = text::split(text, '\n');
  for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
    const std::string_view shown = text::trim(*line);
    const auto overwritten = shown.rfind('\r');
    const std::string_view last =
        overwritten == std::string_view::npos ? shown : shown.substr(overwritten + 1);
    if (!text::trim(last).empty()) return std::string(text::trim(last));
  }
  return {};
}

}  // namespace gitplan::supervisor
