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

/// Without the escape sequences that Style adds.
std::string without_colors(std::string_view line) {
  std::string plain;
  for (auto escape = line.find('\x1b'); escape != std::string_view::npos;
       escape = line.find('\x1b')) {
    plain += line.substr(0, escape);
    const auto end = line.find('m', escape);
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
  }
  return plain.append(line);
}

std::string elapsed(Seconds seconds) {
  constexpr Seconds hour = 3600;
  seconds = std::max<Seconds>(0, seconds);
  return seconds < hour
             ? fmt::format("{}:{:02}", seconds / 60, seconds % 60)
             : fmt::format("{}:{:02}:{:02}", seconds / hour, seconds / 60 % 60, seconds % 60);
}

std::string what_of(const supervisor::WorkerRecord& worker, Seconds time) {
  using Phase = supervisor::WorkerRecord::Phase;
  if (worker.phase == Phase::ended) return "merging";
  if (worker.phase != Phase::parked) return text::printable(commands::last_output(worker));
  const std::string agent = text::printable(worker.agent);
  return worker.waits_until > time
             ? fmt::format("parked until {}: {}", local_time(worker.waits_until, time), agent)
             : "parked: " + agent;
}

}  // namespace

LiveLines::LiveLines(int fd) : fd_(fd), live_(is_smart_terminal(fd)) {}

int LiveLines::columns() const {
  winsize size{};
  constexpr int usual = 80;
  return ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

std::size_t LiveLines::rows() const {
  winsize size{};
  constexpr std::size_t usual = 24;
  constexpr unsigned short least = 2;
  return ::ioctl(fd_, TIOCGWINSZ, &size) == 0 && size.ws_row >= least ? size.ws_row : usual;
}

/// Each over what stood there: a line that stays the same does not flicker.
std::string LiveLines::text_of_lines() const {
  std::string text;
  for (const std::string& line : drawn_) text += line + "\x1b[K\n";
  return text;
}

/// To the first of the lines.
std::string LiveLines::back_to_start(Wipe wipe) const {
  if (drawn_.empty()) return "";
  // A terminal that became narrower since shows a line as several.
  const int width = columns();
  int rows = 0;
  for (const std::string& line : drawn_)
    rows += 1 + std::max(0, text::width(without_colors(line)) - 1) / width;
  return fmt::format("\r\x1b[{}A{}", rows, wipe == Wipe::all ? "\x1b[J" : "");
}

void LiveLines::draw(const std::vector<std::string>& lines) {
  if (!live_ || lines == drawn_) return;
  const std::string before = back_to_start(Wipe::nothing);
  drawn_ = lines;
  // What would scroll away could not be drawn over.
  drawn_.resize(std::min(drawn_.size(), rows() - 1));
  write_all(fd_, before + text_of_lines() + "\x1b[J");
}

void LiveLines::print(const std::string& text) {
  write_all(fd_, back_to_start(Wipe::all) + text + text_of_lines());
}

void LiveLines::clear() {
  write_all(fd_, back_to_start(Wipe::all));
  drawn_.clear();
}

std::vector<std::string> worker_lines(const std::vector<supervisor::WorkerRecord>& workers,
                                      int columns, const TitleOf& title_of) {
  constexpr int title_columns = 28;
  std::vector<std::string> lines;
  const Seconds time = now();
  for (const auto& worker : workers) {
    const std::string time_taken = elapsed(time - worker.attempt_started);
    const std::string what = what_of(worker, time);
    const std::string attempt =
        worker.attempt > 1 ? fmt::format(" (attempt {})", worker.attempt) : "";
    const std::string title =
        title_of ? text::cut(title_of(worker.task), title_columns) + "  " : std::string();
    lines.push_back(
        text::cut(fmt::format("  worker-{:<3} {}  {:>7}{}  {}{}", worker.worker,
                              text::printable(worker.task), time_taken, attempt, title, what),
                  columns - 1));
  }
  return lines;
}

}  // namespace gitplan::cli
