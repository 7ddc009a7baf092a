// YAML text and a place in it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gitplan::exchange {

/// What is wrong with YAML text, and where.
struct YamlProblem {
  std::string what;
  std::size_t place = 0;
};

class YamlText {
 public:
  explicit YamlText(std::string_view text) : text_(text) {}

  [[nodiscard]] std::size_t place() const { return place_; }
  [[nodiscard]] bool at_end() const { return place_ >= text_.size(); }
  /// NUL at the end.
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return place_ + ahead < text_.size() ? text_[place_ + ahead] : '\0';
  }
  /// At the end of the text, or of a line.
  [[nodiscard]] bool at_line_end() const { return at_end() || peek() == '\n'; }
  /// From `begin` to here.
  [[nodiscard]] std::string_view since(std::size_t begin) const {
    return text_.substr(begin, place_ - begin);
  }
  [[nodiscard]] std::string_view rest_of_line() const;
  /// Spaces that the line begins with at whose begin this is.
  [[nodiscard]] std::size_t indent() const;

  void next(std::size_t count = 1) { place_ += count; }
  void skip_spaces();
  /// Spaces, comments and line ends; so that what follows is no blank.
  void skip_blank();
  /// Lines that are blank or a comment; to the begin of the next one.
  void skip_blank_lines();
  /// To the next line. Throws YamlProblem if more than a comment is left of this one.
  void end_line();

  [[noreturn]] void fail(std::string what) const { fail_at(place_, std::move(what)); }
  [[noreturn]] static void fail_at(std::size_t place, std::string what) {
    throw YamlProblem{std::move(what), place};
  }

 private:
  std::string_view text_;
  std::size_t place_ = 0;
};

}  // namespace gitplan::exchange
