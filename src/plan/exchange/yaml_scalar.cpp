#include "plan/exchange/yaml_scalar.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace gitplan::exchange {
namespace {

/// What so many line ends inside a scalar say.
std::string folded(std::size_t line_ends) {
  return line_ends == 1 ? " " : std::string(line_ends - 1, '\n');
}

/// The lines of a block, and what its head says of them.
class Block {
 public:
  Block(YamlText& text, std::size_t indent) : text_(&text), least_(indent + 1) {}

  std::string read() {
    read_head();
    collect();
    const std::size_t end = lines_.size();
    while (!lines_.empty() && lines_.back().empty()) lines_.pop_back();
    std::string all = is_folded_ ? fold() : text::join(lines_, "\n");
    if (end_ == '+') return all + std::string(end - lines_.size() + (all.empty() ? 0 : 1), '\n');
    return end_ == '-' || all.empty() ? all : all + "\n";
  }

 private:
  void read_head() {
    is_folded_ = text_->peek() == '>';
    for (text_->next(); !text_->at_line_end(); text_->next()) {
      const char c = text_->peek();
      if (c == '-' || c == '+') {
        end_ = c;
      } else if (c >= '1' && c <= '9') {
        given_ = least_ - 1 + static_cast<std::size_t>(c - '0');
      } else {
        break;
      }
    }
    text_->end_line();
  }

  void collect() {
    std::size_t indent = given_;
    for (; !text_->at_end(); text_->next(text_->rest_of_line().size() + 1)) {
      const std::string_view line = text_->rest_of_line();
      const bool is_blank = text::trim(line).empty();
      if (indent == 0 && !is_blank) indent = std::max(text_->indent(), least_);
      if (!is_blank && text_->indent() < indent) return;
      lines_.emplace_back(line.substr(std::min(indent, line.size())));
      if (is_blank && indent == 0) lines_.back().clear();
    }
  }

  /// A line end between two lines is a space, but not beside lines that are indented more.
  [[nodiscard]] std::string fold() const {
    const auto is_apart = [](const std::string& line) { return line.front() == ' '; };
    std::string all;
    const std::string* before = nullptr;
    std::size_t line_ends = 0;
    for (const std::string& line : lines_) {
      if (!line.empty()) {
        const bool apart = before != nullptr && (is_apart(*before) || is_apart(line));
        if (line_ends > 0)
          all += apart || before == nullptr ? std::string(line_ends, '\n') : folded(line_ends);
        all += line;
        before = &line;
        line_ends = 0;
      }
      ++line_ends;
    }
    return all;
  }

  YamlText* text_;
  std::size_t least_;      ///< columns that a line of it is indented
  std::size_t given_ = 0;  ///< 0: as its first line
  bool is_folded_ = false;
  char end_ = ' ';
  std::vector<std::string> lines_;
};

}  // namespace

std::string read_plain(YamlText& text, std::string_view ends) {
  const std::size_t begin = text.place();
  for (text.next(); !text.at_line_end() && ends.find(text.peek()) == std::string_view::npos;
       text.next()) {
    const char before = text.since(begin).back();
    if (text.peek() == '#' && (before == ' ' || before == '\t')) break;
  }
  return std::string(text::trim(text.since(begin)));
}

std::string read_plain_lines(YamlText& text, std::size_t indent) {
  std::string all = read_plain(text, "");
  bool has_comment = text.peek() == '#';
  text.end_line();
  while (!has_comment) {
    YamlText below = text;
    std::size_t line_ends = 1;
    for (; !below.at_end() && text::trim(below.rest_of_line()).empty(); ++line_ends)
      below.next(below.rest_of_line().size() + 1);
    const bool goes_on = !below.at_end() && below.indent() > indent &&
                         text::trim(below.rest_of_line()).front() != '#';
    if (!goes_on) break;
    text = below;
    text.skip_spaces();
    all += folded(line_ends) + read_plain(text, "");
    has_comment = text.peek() == '#';
    text.end_line();
  }
  return all;
}

std::string read_block(YamlText& text, std::size_t indent) { return Block(text, indent).read(); }

}  // namespace gitplan::exchange
