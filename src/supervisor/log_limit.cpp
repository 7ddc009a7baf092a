#include "supervisor/log_limit.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/fd.hpp"

namespace gitplan::supervisor {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view notice = "[what was written before is not kept: see wave.maxLog]\n";
constexpr std::size_t chunk = 65536;
using Buffer = std::array<char, chunk>;

std::int64_t size_of(const Fd& file) {
  struct stat info {};
  return ::fstat(file.get(), &info) == 0 && S_ISREG(info.st_mode) ? info.st_size : 0;
}

/// Behind the next line end; where none is near, as it is.
std::int64_t line_begin(const Fd& file, std::int64_t from) {
  Buffer buffer;
  const ssize_t got = ::pread(file.get(), buffer.data(), buffer.size(), from);
  const std::string_view text(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  const auto newline = text.find('\n');
  return newline == std::string_view::npos ? from : from + static_cast<std::int64_t>(newline) + 1;
}

/// Copies all from there on, also what is added meanwhile, towards the beginning. Returns the new
/// end.
std::int64_t move_down(const Fd& file, std::int64_t from, std::int64_t to) {
  Buffer buffer;
  for (;;) {
    const ssize_t got = ::pread(file.get(), buffer.data(), buffer.size(), from);
    if (got <= 0) return to;
    const ssize_t put = ::pwrite(file.get(), buffer.data(), static_cast<std::size_t>(got), to);
    if (put <= 0) return to;
    from += put;
    to += put;
  }
}

}  // namespace

std::string log_path(const std::string& folder, const std::string& session, const std::string& task,
                     int attempt) {
  return fmt::format("{}/{}/{}-{}.log", folder, session, task, attempt);
}

std::string last_log(const std::string& folder, const std::string& session, const std::string& task,
                     Seconds since) {
  std::string log;
  struct stat info {};
  for (int attempt = 1;; ++attempt) {
    const std::string next = log_path(folder, session, task, attempt);
    if (::lstat(next.c_str(), &info) != 0) break;
    if (S_ISREG(info.st_mode) && info.st_mtime >= since) log = next;
  }
  return log;
}

std::int64_t LogLimit::of_attempt(int attempt) const { return attempt > 1 ? most / 2 : most; }

std::int64_t LogLimit::of_earlier(int attempt) const { return most / 2 / std::max(1, attempt - 1); }

void limit_log(const std::string& path, std::int64_t most) {
  const Fd file(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
  const std::int64_t size = file ? size_of(file) : 0;
  if (size <= most) return;
  const std::int64_t from = line_begin(file, size - most / 2);
  const auto head = static_cast<std::int64_t>(notice.size());
  if (from < head || ::pwrite(file.get(), notice.data(), notice.size(), 0) != head) return;
  const std::int64_t end = move_down(file, from, head);
  if (::ftruncate(file.get(), end) != 0) return;
}

void delete_old_logs(const std::string& folder, Seconds since,
                     const std::set<std::string>& in_use) {
  std::error_code error;
  std::vector<fs::path> sessions;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    if (it->is_directory(error) && !it->is_symlink(error)) sessions.push_back(it->path());
  }
  for (const fs::path& session : sessions) {
    std::vector<fs::path> old;
    for (fs::directory_iterator it(session, error), end; !error && it != end; it.increment(error)) {
      struct stat info {};
      if (::lstat(it->path().c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
          info.st_mtime <= since && !in_use.contains(it->path().string()))
        old.push_back(it->path());
    }
    for (const fs::path& file : old) fs::remove(file, error);
    ::rmdir(session.c_str());  // unless something is left in it
  }
}

}  // namespace gitplan::supervisor
