// Lines at the end of a terminal that are drawn again and again, such as a run's workers.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "commands/wave/run.hpp"

namespace gitplan::cli {

class LiveLines {
 public:
  /// On a file descriptor; draws nothing where that is no terminal, or a dumb one.
  explicit LiveLines(int fd);
  LiveLines(const LiveLines&) = delete;
  LiveLines& operator=(const LiveLines&) = delete;
  ~LiveLines() { clear(); }

  [[nodiscard]] bool is_live() const { return live_; }
  /// As wide as the terminal is now.
  [[nodiscard]] int columns() const;
  /// Takes the place of what was drawn before, in one write.
  void draw(const std::vector<std::string>& lines);
  /// Text that stays, above the lines.
  void print(const std::string& text);
  void clear();
  /// Lets the lines stand as they are.
  void keep() { drawn_.clear(); }

 private:
  enum class Wipe { nothing, all };
  [[nodiscard]] std::size_t rows() const;
  [[nodiscard]] std::string text_of_lines() const;
  [[nodiscard]] std::string back_to_start(Wipe wipe) const;
  int fd_;
  bool live_;
  std::vector<std::string> drawn_;
};

/// The title of a task, by its id.
using TitleOf = std::function<std::string(const std::string&)>;

/// One line a worker: slot, task, elapsed time, its title where that is wanted, the last line of
/// its output. Cut to `columns`.
std::vector<std::string> worker_lines(const std::vector<supervisor::WorkerRecord>& workers,
                                      int columns, const TitleOf& title_of = {});

}  // namespace gitplan::cli
