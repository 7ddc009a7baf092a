#include "plan/exchange/yaml_scalar.hpp"

#include <charconv>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace gitplan::exchange {
namespace {

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}

  FrontMatter::Value value() {
    skip_space();
    if (!at_end() && peek() == '[') return list();
    FrontMatter::Value result;
    bool quoted = false;
    std::string item = scalar("", quoted);
    if (quoted || !is_null(item)) result.items.push_back(std::move(item));
    skip_space();
    if (!at_end() && peek() != '#') throw std::string("something stands behind the value");
    return result;
  }

 private:
  static bool is_null(std::string_view item) {
    return item.empty() || item == "null" || item == "~";
  }
  [[nodiscard]] bool at_end() const { return at_ >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at_]; }
  void skip_space() {
    while (!at_end() && (peek() == ' ' || peek() == '\t' || peek() == '\n')) ++at_;
  }

  FrontMatter::Value list() {
    FrontMatter::Value result;
    result.is_list = true;
    ++at_;
    for (;;) {
      skip_space();
      if (at_end()) throw std::string("a list is not closed");
      if (peek() == ']') break;
      bool quoted = false;
      std::string item = scalar(",]", quoted);
      if (quoted || !is_null(item)) result.items.push_back(std::move(item));
      skip_space();
      if (!at_end() && peek() == ',') ++at_;
    }
    ++at_;
    return result;
  }

  /// Up to one of `ends`, a comment, or the end.
  std::string scalar(std::string_view ends, bool& quoted) {
    quoted = !at_end() && (peek() == '"' || peek() == '\'');
    if (quoted) return peek() == '"' ? double_quoted() : single_quoted();
    std::string item;
    for (; !at_end() && ends.find(peek()) == std::string_view::npos; ++at_) {
      const bool comment = peek() == '#' && at_ > 0 && text_[at_ - 1] == ' ';
      if (comment) break;
      item += peek();
    }
    return std::string(text::trim(item));
  }

  std::string single_quoted() {
    std::string item;
    for (++at_; !at_end(); ++at_) {
      if (peek() != '\'') {
        item += peek();
      } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '\'') {
        item += '\'';
        ++at_;
      } else {
        ++at_;
        return item;
      }
    }
    throw std::string("a quote is not closed");
  }

  std::string double_quoted() {
    std::string item;
    for (++at_; !at_end(); ++at_) {
      if (peek() == '"') {
        ++at_;
        return item;
      }
      if (peek() == '\\') {
        escape(item);
      } else {
        item += peek();
      }
    }
    throw std::string("a quote is not closed");
  }

  void escape(std::string& item) {
    ++at_;
    if (at_end()) throw std::string("a quote is not closed");
    constexpr std::string_view letters = "nrt0\"\\/ ";
    constexpr std::string_view meanings("\n\r\t\0\"\\/ ", 8);
    const char letter = peek();
    if (const auto known = letters.find(letter); known != std::string_view::npos) {
      item += meanings[known];
      return;
    }
    const std::size_t digits = letter == 'x' ? 2 : letter == 'u' ? 4 : letter == 'U' ? 8 : 0;
    unsigned code = 0;
    const std::string_view hex = text_.substr(at_ + 1, digits);
    const auto [end, error] = std::from_chars(hex.data(), hex.data() + hex.size(), code, 16);
    const bool good = digits > 0 && error == std::errc{} && end == hex.data() + digits &&
                      code <= 0x10FFFF && (code < 0xD800 || code > 0xDFFF);
    if (!good) throw std::string("an unknown escape in a quote");
    text::append(item, code);
    at_ += digits;
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

}  // namespace

bool is_whole(std::string_view text) {
  const char opening = text.empty() ? ' ' : text.front();
  if (opening != '"' && opening != '\'' && opening != '[') return true;
  try {
    Scanner(text).value();
  } catch (const std::string& problem) {
    return problem.find("not closed") == std::string::npos;
  }
  return true;
}

FrontMatter::Value parse_flow(std::string_view text) { return Scanner(text).value(); }

}  // namespace gitplan::exchange
