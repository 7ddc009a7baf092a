// Lines of what arrives in pieces.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace gitplan::supervisor {

/// Hands on each whole line without its newline, but for those longer than `longest_line`
/// (process_runner.hpp).
class LineReader {
 public:
  LineReader() = default;
  explicit LineReader(std::function<void(std::string_view line)> said) : said_(std::move(said)) {}

  void add(std::string_view text);
  /// Nothing more comes: what stands behind the last newline is a line, too.
  void end();

 private:
  void keep(std::string_view part);
  void hand_on();

  std::function<void(std::string_view line)> said_;
  std::string line_;  ///< its part that has arrived
  bool too_long_ = false;
};

}  // namespace gitplan::supervisor
