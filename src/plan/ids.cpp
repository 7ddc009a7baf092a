#include "plan/ids.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace gitplan {
namespace {

constexpr std::size_t max_session = 64;
constexpr std::size_t max_slug = 50;
constexpr std::size_t max_digits = 6;
constexpr std::size_t min_digits = 3;
constexpr std::size_t max_branch = 240;  // "<branch>.lock" must fit into a file name

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_word(char c) { return is_digit(c) || is_lower(c); }
bool all_digits(std::string_view text) { return std::ranges::all_of(text, is_digit); }

/// The ASCII letters that people read in U+00C0 to U+00FF; ' ' where there are none.
constexpr std::string_view latin_letters =
    "aaaaaaaceeeeiiiidnooooo ouuuuy saaaaaaaceeeeiiiidnooooo ouuuuy y";

/// `description` in lower case, with everything but ASCII letters and digits made a space.
std::string plain_words(std::string_view description) {
  std::string words;
  for (std::size_t i = 0; i < description.size(); ++i) {
    const char c = description[i];
    const auto byte = static_cast<unsigned char>(c);
    if (c >= 'A' && c <= 'Z') {
      words += static_cast<char>(c - 'A' + 'a');
    } else if (is_word(c)) {
      words += c;
    } else if (byte == 0xC3 && i + 1 < description.size() &&
               (static_cast<unsigned char>(description[i + 1]) & 0xC0U) == 0x80U) {
      words += latin_letters[static_cast<unsigned char>(description[++i]) & 0x3FU];
    } else if (c != '\'') {  // don't -> dont
      words += ' ';
    }
  }
  return words;
}

bool is_ref_component(std::string_view component) {
  constexpr std::string_view forbidden = " ~^:?*[\\";
  return !component.empty() && component.front() != '.' && !component.ends_with(".lock") &&
         component.find("..") == std::string_view::npos &&
         component.find("@{") == std::string_view::npos &&
         std::ranges::none_of(component, [&](char c) {
           return static_cast<unsigned char>(c) < 0x20 || c == 0x7f ||
                  forbidden.find(c) != std::string_view::npos;
         });
}

}  // namespace

bool is_session(std::string_view text) {
  if (text.empty() || text.size() > max_session || !is_word(text.front())) return false;
  const bool grammar = std::ranges::all_of(
      text, [](char c) { return is_word(c) || c == '.' || c == '_' || c == '-'; });
  return grammar && text.back() != '.' && is_ref_component(text);
}

bool is_seed_session(std::string_view text) {
  constexpr std::string_view prefix = "session-";
  constexpr std::size_t date = 8;
  constexpr std::size_t time = 6;
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return text.size() == date + 1 + time && text[date] == '-' && all_digits(text.substr(0, date)) &&
         all_digits(text.substr(date + 1));
}

bool is_task_id(std::string_view text) {
  return text.size() >= min_digits && text.size() <= max_digits && all_digits(text);
}

std::optional<std::uint32_t> task_number(std::string_view text) {
  if (text.empty() || text.size() > max_digits || !all_digits(text)) return std::nullopt;
  std::uint32_t number = 0;
  for (const char c : text) number = number * 10 + static_cast<std::uint32_t>(c - '0');
  return number;
}

bool same_task(std::string_view a, std::string_view b) {
  if (a == b) return true;
  const auto number = task_number(a);
  return number && number == task_number(b);
}

std::string format_task_id(std::uint32_t number) { return fmt::format("{:03}", number); }

bool is_agent_name(std::string_view text) {
  constexpr std::size_t longest = 50;
  const auto is_letter = [](char c) { return is_word(c) || (c >= 'A' && c <= 'Z'); };
  return !text.empty() && text.size() <= longest && is_letter(text.front()) &&
         std::ranges::all_of(
             text, [&](char c) { return is_letter(c) || c == '.' || c == '_' || c == '-'; });
}

bool is_slug(std::string_view text) {
  if (text.empty() || text.size() > max_slug || text.front() == '-' || text.back() == '-') {
    return false;
  }
  return text.find("--") == std::string_view::npos &&
         std::ranges::all_of(text, [](char c) { return is_word(c) || c == '-'; });
}

std::string derive_slug(std::string_view description) {
  const std::string words = plain_words(description);
  std::string slug;
  for (std::size_t i = 0; i < words.size();) {
    if (words[i] == ' ') {
      ++i;
      continue;
    }
    const std::size_t end = std::min(words.find(' ', i), words.size());
    const std::string_view word = std::string_view(words).substr(i, end - i);
    if (slug.empty()) {
      slug = word.substr(0, max_slug);
    } else if (slug.size() + 1 + word.size() <= max_slug) {
      slug.append("-").append(word);
    } else {
      break;
    }
    i = end;
  }
  return slug.empty() ? "task" : slug;
}

std::optional<TaskName> parse_task_name(std::string_view text) {
  const std::size_t dash = text.find('-');
  if (dash == std::string_view::npos) return std::nullopt;
  const std::string_view id = text.substr(0, dash);
  const std::string_view slug = text.substr(dash + 1);
  if (!is_task_id(id) || !is_slug(slug)) return std::nullopt;
  return TaskName{std::string(id), std::string(slug)};
}

bool is_branch_name(std::string_view text) {
  if (text.empty() || text.size() > max_branch || text.front() == '-' || text.back() == '.' ||
      text == "HEAD" || text == "@" || text.starts_with("refs/") || text.starts_with("heads/")) {
    return false;
  }
  while (true) {
    const std::size_t slash = text.find('/');
    if (!is_ref_component(text.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    text.remove_prefix(slash + 1);
  }
}

bool is_reserved_branch(std::string_view branch) {
  return branch == "plan" || branch == "task" || branch.starts_with("plan/") ||
         branch.starts_with("task/");
}

}  // namespace gitplan
