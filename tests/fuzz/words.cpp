// Durations, ids, slugs, branch names, times and text for terminals: each against what its header
// promises, names also against git's rules for refs.
#include <array>
#include <cmath>

#include "base/clock.hpp"
#include "fuzz/fuzz.hpp"
#include "plan/estimate.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"

namespace gitplan::fuzz {
namespace {

// git-check-ref-format(1), rule by rule.
bool is_ref_part(std::string_view part) {
  return !part.empty() && !part.starts_with('.') && !part.ends_with(".lock");
}

bool is_ref(std::string_view ref) {
  for (const std::string_view part : text::split(ref, '/')) {
    if (!is_ref_part(part)) return false;
  }
  for (const char c : ref) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || std::string_view(" ~^:?*[\\").find(c) != std::string::npos) {
      return false;
    }
  }
  return ref.find("..") == std::string::npos && ref.find("@{") == std::string::npos &&
         !ref.ends_with('.');
}

void durations(const std::string& word) {
  const auto seconds = parse_duration(word);
  if (!seconds) return;
  require(!std::signbit(*seconds) && *seconds <= 366 * 86400.0, "a duration is 0 to 366 days",
          {word});
  require_printable(format_minutes(*seconds / 60));
}

void branch_names(const std::string& word) {
  const bool fine = is_ref("refs/heads/" + word) && !word.starts_with('-') && word != "HEAD";
  require(!is_branch_name(word) || fine, "git takes a branch name", {word});
  // Longer ones, those that no terminal shows and "@" may be refused for reasons of our own.
  const bool usual = fine && word.size() <= 200 && word != "@" && text::printable(word) == word;
  require(!usual || is_branch_name(word), "a name that git takes is one", {word});
  require(!is_session(word) || is_ref("refs/heads/plan/" + word), "git takes a session", {word});
}

void ids(const std::string& word) {
  const std::string slug = derive_slug(word);
  require(is_slug(slug), "a slug is made of any text", {word, slug});
  require(!is_slug(word) || slug == word, "a slug is its own slug", {word, slug});
  if (is_task_id(word)) {
    const auto number = task_number(word);
    require(number && same_task(word, format_task_id(*number)), "an id has its number", {word});
  }
  if (const auto name = parse_task_name(word)) {
    require(name->id + "-" + name->slug == word && is_ref("refs/heads/task/" + word),
            "a task's name is its id and its slug", {word});
  }
}

void shown(const std::string& word, int columns) {
  const std::string line = text::printable(word);
  require(text::is_utf8(line) && !text::has_control(line), "what is shown is plain text", {word});
  require(text::printable(line) == line, "printable twice is once", {word, line});
  const std::string lines = text::printable(word, text::Lines::keep);
  require(text::printable(lines, text::Lines::keep) == lines, "printable twice is once", {word});
  const std::string cut = text::cut(line, columns);
  require(text::width(cut) <= std::max(columns, 0) && text::is_utf8(cut), "a cut text fits",
          {word, cut});
  require(text::width(line) > columns || cut == line, "what fits is not cut", {word, cut});
  const std::string folded = text::fold_space(word);
  require(text::fold_space(folded) == folded, "folded twice is once", {word});
}

// As POSIX shells read the words that shell_quote() makes of text without control characters.
std::optional<std::string> unquoted(std::string_view word) {
  constexpr std::string_view kSpecial = " \t\n|&;<>()$`\"*?[]#!{}";
  std::string text;
  for (std::size_t i = 0; i < word.size(); ++i) {
    if (word[i] == '\'') {
      const std::size_t end = word.find('\'', i + 1);
      if (end == std::string_view::npos) return std::nullopt;
      text += word.substr(i + 1, end - i - 1);
      i = end;
    } else if (word[i] == '\\' && i + 1 < word.size()) {
      text += word[++i];
    } else if (kSpecial.find(word[i]) != std::string_view::npos || (i == 0 && word[i] == '~')) {
      return std::nullopt;
    } else {
      text += word[i];
    }
  }
  return text;
}

void quoted(const std::string& word) {
  const std::string for_shell = text::shell_quote(word);
  require_printable(for_shell);
  if (text::printable(word) == word) {
    require(unquoted(for_shell) == word, "a shell reads the word", {word, for_shell});
  }
  if (!text::is_utf8(word)) return;
  const std::string literal = toml_io::quote(word);
  const auto list = toml_io::parse_list("[" + literal + "]");
  require(list == std::vector<std::string>{word}, "a quoted text comes back", {word, literal});
}

void times(const std::string& word) {
  const auto time = parse_rfc3339(word);
  if (!time) return;
  require(parse_rfc3339(rfc3339(*time)) == time, "a time comes back", {word, rfc3339(*time)});
  require_printable(ago(*time, 1736692200));
  session_name(*time);
}

void likeness(const std::string& word) {
  if (word.size() > 40) return;
  const std::string begin = word.substr(0, word.size() / 2);
  const std::string end = word.substr(begin.size());
  require(text::edit_distance(begin, end) == text::edit_distance(end, begin),
          "a distance is the same both ways", {begin, end});
  require(text::edit_distance(word, word) == 0, "a word is near itself", {word});
  const std::array<std::string, 2> candidates = {begin, end};
  text::did_you_mean(word, candidates);
}

}  // namespace

void play(Input& input) {
  const int columns = static_cast<int>(input.below(100)) - 2;
  const std::string word = input.rest();
  durations(word);
  ids(word);
  branch_names(word);
  shown(word, columns);
  quoted(word);
  times(word);
  likeness(word);
}

}  // namespace gitplan::fuzz
