// What stands on the lines of a TOML text, as positions: white space, comments, keys, strings,
// values. Tables and the rest of a document are the business of toml_layout.hpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "plan/toml_layout.hpp"

namespace gitplan::toml_io {

/// Goes through a text; what is no TOML is thrown as a ScanFailure.
class ValueScanner {
 public:
  ValueScanner(std::string_view text, std::size_t position) : text_(text), position_(position) {}

  /// White space, comments and line ends.
  void blank();
  /// Of the array here.
  std::vector<Span> items();
  /// Of the inline table here.
  std::vector<Pair> pairs();
  [[nodiscard]] std::size_t position() const { return position_; }
  /// Where a character that is not ASCII follows a line continuation is put into `places`.
  void collect_continued(std::vector<std::size_t>& places) { continued_ = &places; }

 protected:
  [[nodiscard]] bool at_end() const { return position_ == text_.size(); }
  [[nodiscard]] bool at(char c) const { return !at_end() && text_[position_] == c; }
  [[nodiscard]] bool at(std::string_view word) const {
    return text_.substr(position_).starts_with(word);
  }
  [[noreturn]] void fail(std::string_view problem) const { throw ScanFailure{problem, position_}; }
  void expect(char c, std::string_view problem) {
    if (!at(c)) fail(problem);
    ++position_;
  }
  void spaces() {
    while (at(' ') || at('\t')) ++position_;
  }
  void rest_of_line();
  /// The first part of its name is decoded where that is asked for.
  enum class Names { decoded, counted };
  KeyName key(Names names);
  /// Inside of `level` levels.
  Pair pair(int level, Names names);

  std::string_view text_;
  std::size_t position_;

 private:
  bool line_end();
  void comment();
  void key_part(std::string* decoded);
  void value(int level);
  void scalar();
  template <class OnItem>
  void array(int level, OnItem on_item);
  template <class OnPair>
  void inline_table(int level, Names names, OnPair on_pair);
  void string(char quote, bool escapes);
  [[noreturn]] void endless(std::size_t begin);
  void long_string(char quote, bool escapes);
  void escape(std::size_t begin);
  bool continuation();
  void check_level(int level) const;

  std::vector<std::size_t>* continued_ = nullptr;
};

}  // namespace gitplan::toml_io
