#include <array>
#include <charconv>

#include "base/utf8.hpp"
#include "plan/exchange/yaml_scalar.hpp"

namespace gitplan::exchange {
namespace {

class Quoted {
 public:
  explicit Quoted(YamlText& text) : text_(&text), begin_(text.place()), quote_(text.peek()) {}

  std::string read() {
    text_->next();
    while (!at_closing_quote()) {
      if (text_->at_end()) YamlText::fail_at(begin_, "a quote or a bracket is not closed");
      if (text_->peek() == '\n') {
        fold();
      } else if (quote_ == '"' && text_->peek() == '\\') {
        escape();
      } else {
        item_ += text_->peek();
        // Two single quotes are one.
        text_->next(quote_ == '\'' && text_->peek() == '\'' ? 2 : 1);
      }
    }
    text_->next();
    return std::move(item_);
  }

 private:
  [[nodiscard]] bool at_closing_quote() const {
    return text_->peek() == quote_ && (quote_ == '"' || text_->peek(1) != '\'');
  }

  /// A line end is a space, blank lines are line ends; spaces beside it say nothing.
  void fold() {
    while (item_.size() > escaped_ && (item_.back() == ' ' || item_.back() == '\t'))
      item_.pop_back();
    std::size_t line_ends = 0;
    for (; text_->peek() == '\n'; text_->skip_spaces()) {
      text_->next();
      ++line_ends;
    }
    item_ += line_ends == 1 ? std::string(" ") : std::string(line_ends - 1, '\n');
    escaped_ = item_.size();
  }

  void escape() {
    text_->next();
    if (text_->at_end()) YamlText::fail_at(begin_, "a quote or a bracket is not closed");
    const char kind = text_->peek();
    if (kind == '\n') {
      text_->next();
      text_->skip_spaces();
    } else if (kind == 'x' || kind == 'u' || kind == 'U') {
      text::append(item_, character(kind));
    } else {
      text::append(item_, meaning(kind));
      text_->next();
    }
    escaped_ = item_.size();
  }

  [[nodiscard]] char32_t meaning(char kind) const {
    constexpr std::string_view kinds = "0abt\tnvfre \"/\\N_LP";
    constexpr std::array<char32_t, kinds.size()> meanings = {
        0,    '\a', '\b', '\t', '\t', '\n', '\v', '\f',   '\r',
        0x1B, ' ',  '"',  '/',  '\\', 0x85, 0xA0, 0x2028, 0x2029};
    const auto known = kinds.find(kind);
    if (known == std::string_view::npos) text_->fail("an unknown escape in a quote");
    return meanings[known];
  }

  /// Hexadecimal digits; outside the first plane also as a pair of surrogates, as JSON has them.
  char32_t character(char kind) {
    const unsigned code = digits(kind);
    const bool is_first = kind == 'u' && code >= 0xD800 && code < 0xDC00;
    if (!is_first) return checked(code);
    if (text_->peek() != '\\' || text_->peek(1) != 'u') return checked(code);
    text_->next();
    const unsigned second = digits('u');
    if (second < 0xDC00 || second > 0xDFFF) return checked(code);
    return 0x10000 + ((code - 0xD800) << 10U) + (second - 0xDC00);
  }

  unsigned digits(char kind) {
    const std::size_t count = kind == 'x' ? 2 : kind == 'u' ? 4 : 8;
    const std::string_view line = text_->rest_of_line();
    const std::string_view hex = line.substr(1, count);
    unsigned code = 0;
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    if (error != std::errc{} || hex.size() != count || end != hex.data() + count)
      text_->fail("an unknown escape in a quote");
    text_->next(1 + count);
    return code;
  }

  [[nodiscard]] char32_t checked(unsigned code) const {
    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
      text_->fail("an unknown escape in a quote");
    return code;
  }

  YamlText* text_;
  std::size_t begin_;
  char quote_;
  std::string item_;
  std::size_t escaped_ = 0;  ///< so much of it stays, spaces included
};

}  // namespace

std::string read_quoted(YamlText& text) { return Quoted(text).read(); }

}  // namespace gitplan::exchange
