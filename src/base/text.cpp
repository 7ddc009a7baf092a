#include "base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/utf8.hpp"

namespace gitplan::text {

namespace {

bool is_space(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\v' || c == '\f';
}

bool is_shell_safe(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_@%+=:,./-").find(c) != std::string_view::npos;
}

}  // namespace

std::string_view trim(std::string_view text) {
  while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
  return text;
}

std::string fold_space(std::string_view text) {
  std::string folded;
  folded.reserve(text.size());
  for (char c : trim(text)) {
    if (!is_space(c)) {
      folded += c;
    } else if (folded.back() != ' ') {
      folded += ' ';
    }
  }
  return folded;
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  pieces.reserve(1 + static_cast<std::size_t>(std::ranges::count(text, separator)));
  std::size_t start = 0;
  for (std::size_t end = text.find(separator); end != std::string_view::npos;
       end = text.find(separator, start)) {
    pieces.push_back(text.substr(start, end - start));
    start = end + 1;
  }
  pieces.push_back(text.substr(start));
  return pieces;
}

std::string join(std::span<const std::string> pieces, std::string_view separator) {
  std::string joined;
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (i > 0) joined += separator;
    joined += pieces[i];
  }
  return joined;
}

std::string count(long long n, std::string_view singular, std::string_view plural) {
  return fmt::format("{} {}", n, n == 1 ? singular : plural);
}

namespace {

/// $'…', in which every byte of what could not be shown is an octal number, and so are quotes and
/// backslashes: a shell that does not know $'…' (dash, fish) still sees one quoted string.
std::string ansi_c_quote(std::string_view word) {
  std::string quoted = "$'";
  for (std::size_t i = 0; i < word.size();) {
    const std::string_view character = word.substr(i, decode(word, i).bytes);
    const bool is_shown =
        character != "'" && character != "\\" && printable(character) == character;
    for (const char c : character) {
      if (is_shown) {
        quoted += c;
      } else {
        quoted += fmt::format("\\{:03o}", static_cast<unsigned char>(c));
      }
    }
    i += character.size();
  }
  return quoted + "'";
}

/// Quotes and backslashes stand outside of '…', in which fish takes backslashes for escapes.
std::string quote_in_all_shells(std::string_view word) {
  std::string quoted;
  bool is_open = false;
  const auto put_quote = [&] {
    quoted += '\'';
    is_open = !is_open;
  };
  for (const char c : word) {
    const bool is_special = c == '\'' || c == '\\';
    if (is_open == is_special) put_quote();
    if (is_special) quoted += '\\';
    quoted += c;
  }
  if (is_open) put_quote();
  return quoted.empty() ? "''" : quoted;
}

}  // namespace

std::string shell_quote(std::string_view word) {
  // zsh expands =, fish % where a word begins.
  const bool is_begun_safely = !word.empty() && word.front() != '=' && word.front() != '%';
  if (is_begun_safely && std::ranges::all_of(word, is_shell_safe)) return std::string(word);
  if (printable(word) != word) return ansi_c_quote(word);
  return quote_in_all_shells(word);
}

std::string on_one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    if (c == '\n') {
      line += "\\n";
    } else if (c == '\\') {
      line += "\\\\";
    } else {
      line += c;
    }
  }
  return line;
}

std::string from_one_line(std::string_view line) {
  std::string text;
  for (std::size_t i = 0; i < line.size(); ++i) {
    if (line[i] != '\\' || i + 1 == line.size()) {
      text += line[i];
      continue;
    }
    ++i;
    text += line[i] == 'n' ? '\n' : line[i];
  }
  return text;
}

}  // namespace gitplan::text
