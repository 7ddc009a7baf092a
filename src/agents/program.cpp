#include "agents/program.hpp"

#include <algorithm>
#include <array>

#include "base/text.hpp"

namespace gitplan::agents {
namespace {

bool is_name(std::string_view text) {
  return !text.empty() && std::ranges::all_of(text, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  });
}

bool is_assignment(std::string_view word) {
  const auto equals = word.find('=');
  return equals != std::string_view::npos && is_name(word.substr(0, equals));
}

template <std::size_t count>
bool is_one_of(std::string_view word, const std::array<std::string_view, count>& words) {
  return std::ranges::find(words, word) != words.end();
}

}  // namespace

bool is_built_in(std::string_view program) {
  constexpr std::array<std::string_view, 22> words{
      ":",      ".",     "[",      "cd",   "command", "echo", "eval", "exit",
      "export", "false", "printf", "read", "set",     "test", "trap", "true",
      "ulimit", "umask", "unset",  "wait", "kill",    "type"};
  return is_one_of(program, words);
}

std::optional<std::string> program_of(std::string_view line) {
  constexpr std::array<std::string_view, 8> language{"if",   "while", "until", "for",
                                                     "case", "{",     "!",     "function"};
  for (std::string_view rest = text::trim(line); !rest.empty();) {
    const std::string_view word = rest.substr(0, rest.find_first_of(" \t\n"));
    rest = text::trim(rest.substr(word.size()));
    if (word.find_first_of("\"'$`\\()|&;<>*?~") != std::string_view::npos) return std::nullopt;
    if (is_assignment(word) || word == "exec") continue;
    return is_one_of(word, language) ? std::nullopt : std::optional(std::string(word));
  }
  return std::nullopt;
}

}  // namespace gitplan::agents
