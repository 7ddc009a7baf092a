#include "agents/not_now.hpp"

#include <fmt/format.h>
#include <regex.h>

#include <algorithm>
#include <array>

#include "agents/when.hpp"
#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::agents {
namespace {

constexpr int exit_not_now = 75;

std::string message_of(int failure, const regex_t& expression) {
  std::array<char, 200> text{};
  ::regerror(failure, &expression, text.data(), text.size());
  return text.data();
}

NotNow named_time(std::string_view text, Seconds now) {
  NotNow word;
  const std::string_view named = text::trim(text);
  word.until = parse_when(named, now);
  if (!word.until) word.unread = named.substr(0, 100);
  return word;
}

}  // namespace

struct Pattern::Compiled {
  regex_t expression{};
  Compiled() = default;
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;
  ~Compiled() { ::regfree(&expression); }
};

Pattern::Pattern(const std::string& text) {
  const auto compiled = std::make_shared<Compiled>();
  const int failure = ::regcomp(&compiled->expression, text.c_str(), REG_EXTENDED);
  if (failure != 0) {
    throw Error(ErrorKind::fatal, fmt::format("bad pattern '{}': {}", text::printable(text),
                                              message_of(failure, compiled->expression)));
  }
  compiled_ = compiled;
}

std::optional<std::string> Pattern::last_match(std::span<const std::string> lines) const {
  std::array<regmatch_t, 10> groups{};  // the whole first
  for (auto last = lines.rbegin(); last != lines.rend(); ++last) {
    const std::string& line = *last;
    if (::regexec(&compiled_->expression, line.c_str(), groups.size(), groups.data(), 0) != 0)
      continue;
    const auto group = std::find_if(groups.begin() + 1, groups.end(),
                                    [](const regmatch_t& one) { return one.rm_so >= 0; });
    if (group == groups.end()) return "";
    return line.substr(static_cast<std::size_t>(group->rm_so),
                       static_cast<std::size_t>(group->rm_eo - group->rm_so));
  }
  return std::nullopt;
}

std::optional<NotNow> not_now(const LastWords& words, const Pattern* pattern) {
  if (words.exit_status == 0) return std::nullopt;
  std::optional<std::string> matched;
  if (pattern != nullptr) matched = pattern->last_match(words.lines);
  if (words.exit_status != exit_not_now && !matched) return std::nullopt;
  for (const auto& named : {words.named, matched}) {
    if (named && !text::trim(*named).empty()) return named_time(*named, words.said_at);
  }
  return NotNow{};
}

}  // namespace gitplan::agents
