#include "cli/wave/live.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/clock.hpp"
#include "base/text.hpp"

namespace gitplan::cli {
namespace {

bool is_smart_terminal(int fd) {
  const char* kind = std::getenv("TERM");
  return ::isatty(fd) != 0 && kind != nullptr && std::strcmp(kind, "dumb") != 0;
}

void write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written < 0 && errno != EINTR && errno != EAGAIN) return;  // the terminal has gone
    if (written > 0) text.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string elapsed(Seconds seconds) {
  constexpr Seconds hour = 3600;
  seconds = std::max<Seconds>(0, seconds);
  return seconds < hour
             ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
             : fmt::format("{}:{:02}:{:02}", seconds / hour, seconds / 60 % 60, seconds % 60);
}

}  // namespace

LiveLines::LiveLines(int fd) : fd_(fd), live_(is_smart_terminal(fd)) {}

int LiveLines::columns() const {
  winsize size{};
  constexpr int usual = 80;
  return ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

/// To the first of the lines, and everything below wiped.
std::string LiveLines::back_to_start() const {
  if (drawn_.empty()) return "";
  // A terminal that became narrower since shows a line as several.
  const int width = columns();
  int rows = 0;
  for (const std::string& line : drawn_) rows += 1 + std::max(0, text::width(line) - 1) / width;
  return fmt::format("\r\x1b[{}A\x1b[J", rows);
}

void LiveLines::draw(const std::vector<std::string>& lines) {
  if (!live_ || lines == drawn_) return;
  std::string frame = back_to_start();
  for (const std::string& line : lines) frame += line + "\n";
  drawn_ = lines;
  write_all(fd_, frame);
}

void LiveLines::print(const std::string& text) {
  std::string frame = back_to_start() + text;
  for (const std::string& line : drawn_) frame += line + "\n";
  write_all(fd_, frame);
}

void LiveLines::clear() {
  write_all(fd_, back_to_start());
  drawn_.clear();
}

std::vector<std::string> worker_lines(const std::vector<supervisor::WorkerRecord>& workers,
                                      int columns) {
  std::vector<std::string> lines;
  const Seconds time = now();
  for (const auto& worker : workers) {
    const std::string time_taken = elapsed(time - worker.attempt_started);
    const std::string what = worker.phase == supervisor::WorkerRecord::Phase::ended
                                 ? "merging"
                                 : text::printable(commands::last_output(worker));
    const std::string attempt =
        worker.attempt > 1 ? fmt::format(" (attempt {})", worker.attempt) : "";
    lines.push_back(text::cut(fmt::format("  worker-{:<3} {}  {:>7}{}  {}", worker.worker,
                                          text::printable(worker.task), time_taken, attempt, what),
                              columns - 1));
  }
  return lines;
}

}  // namespace gitplan::cli
