// Lines from a descriptor, however they are split over reads.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace gitplan::mcp {

struct Line {
  std::string text;       ///< without its end ("\n" or "\r\n")
  bool too_long = false;  ///< it was longer than the limit; `text` is empty
};

class LineReader {
 public:
  explicit LineReader(int fd, std::size_t max_bytes = 64U << 20U)
      : fd_(fd), max_bytes_(max_bytes) {}

  enum class Wait { for_input, not_at_all };
  /// Reads what there is, once. A descriptor that cannot be read has ended.
  void fill(Wait wait);
  [[nodiscard]] bool ended() const { return ended_; }
  /// The next whole line that was read; at the end of input also one without an end.
  std::optional<Line> next();

 private:
  std::optional<Line> take_line(std::size_t length, std::size_t ending);
  void give_back_memory();

  int fd_;
  std::size_t max_bytes_;
  std::string buffer_;
  std::size_t start_ = 0;     ///< of the next line
  std::size_t searched_ = 0;  ///< no line ends before
  bool skipping_ = false;     ///< inside a line that is too long
  bool ended_ = false;
};

}  // namespace gitplan::mcp
