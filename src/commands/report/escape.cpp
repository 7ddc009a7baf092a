#include "commands/report/escape.hpp"

#include <fmt/format.h>

#include "base/text.hpp"

namespace gitplan::commands {
namespace {

std::string on_one_line(std::string_view text) { return text::printable(text::fold_space(text)); }

}  // namespace

std::string html(std::string_view text, Breaks breaks) {
  const std::string safe =
      breaks == Breaks::keep ? text::printable(text, text::Lines::keep) : on_one_line(text);
  std::string out;
  for (const char c : safe) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string markdown(std::string_view text) {
  constexpr std::string_view markup = "\\`*_{}[]()<>#|~$^=+-!@:";
  constexpr std::string_view only_in_words = "-+!:()=";  // harmless but at the start of a line
  std::string out;
  const std::string safe = on_one_line(text);
  for (std::size_t i = 0; i < safe.size(); ++i) {
    const char c = safe[i];
    const bool plain = i > 0 && only_in_words.find(c) != std::string_view::npos && c != ':';
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else if (c == '@' || (c == ':' && safe.compare(i, 3, "://") == 0)) {
      out += fmt::format("&#{};", static_cast<int>(c));  // neither mention nor link
    } else {
      if (markup.find(c) != std::string_view::npos && !plain && (c != ':')) out += '\\';
      out += c;
    }
  }
  // "1. " starts a list.
  const std::size_t digits = out.find_first_not_of("0123456789");
  if (digits != 0 && digits != std::string::npos && out[digits] == '.') out.insert(digits, "\\");
  return out;
}

std::string mermaid(std::string_view text) {
  std::string out;
  for (const char c : on_one_line(text)) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = std::isalnum(byte) != 0 || byte >= 0x80 || c == ' ' || c == '.' ||
                       c == ',' || c == '/' || c == '-' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("#{};", byte);
  }
  return out;
}

std::string dot(std::string_view text) {
  std::string out = "\"";
  for (const char c : on_one_line(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
    if (c == '&') out += "amp;";  // labels know HTML's entities
  }
  return out + "\"";
}

}  // namespace gitplan::commands
