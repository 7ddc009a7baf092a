#include "schedule/character_class.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/utf8.hpp"

namespace gitplan::schedule {

namespace {

constexpr char32_t beyond_unicode = 0x110000;
constexpr char32_t last_character = beyond_unicode + 0xFF;

using NamedClass = std::pair<std::string_view, std::string_view>;  // pairs of first and last

// clang-format off
constexpr std::array<NamedClass, 12> named_classes = {{
    {"alnum", "09AZaz"},
    {"alpha", "AZaz"},
    {"blank", "  \t\t"},
    {"cntrl", "\x01\x1f\x7f\x7f"},
    {"digit", "09"},
    {"graph", "!~"},
    {"lower", "az"},
    {"print", " ~"},
    {"punct", "!/:@[`{~"},
    {"space", "  \t\r"},
    {"upper", "AZ"},
    {"xdigit", "09AFaf"},
}};
// clang-format on

/// Adds a class such as [:alpha:] if one starts here; returns its bytes, or 0.
std::size_t add_named_class(std::string_view glob, CharacterSet& set) {
  if (!glob.starts_with("[:")) return 0;
  const std::size_t end = glob.find(":]", 2);
  if (end == std::string_view::npos) return 0;
  for (const auto& [name, ranges] : named_classes) {
    if (name != glob.substr(2, end - 2)) continue;
    for (std::size_t i = 0; i < ranges.size(); i += 2) {
      set.push_back({static_cast<char32_t>(ranges[i]), static_cast<char32_t>(ranges[i + 1])});
    }
    return end + 2;
  }
  return 0;
}

void sort_and_merge(CharacterSet& set) {
  std::sort(set.begin(), set.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  CharacterSet merged;
  for (const CharacterRange& range : set) {
    if (range.first > range.last) continue;
    if (merged.empty() || range.first > merged.back().last + 1) {
      merged.push_back(range);
    } else {
      merged.back().last = std::max(merged.back().last, range.last);
    }
  }
  set = std::move(merged);
}

CharacterSet complement(const CharacterSet& sorted) {
  CharacterSet rest;
  char32_t next = 1;
  for (const CharacterRange& range : sorted) {
    if (range.first > next) rest.push_back({next, range.first - 1});
    next = range.last + 1;
  }
  if (next <= last_character) rest.push_back({next, last_character});
  return rest;
}

CharacterSet without_slash(const CharacterSet& sorted) {
  CharacterSet kept;
  for (const CharacterRange& range : sorted) {
    if (range.first > '/' || range.last < '/') {
      kept.push_back(range);
      continue;
    }
    if (range.first < '/') kept.push_back({range.first, '/' - 1});
    if (range.last > '/') kept.push_back({'/' + 1, range.last});
  }
  return kept;
}

/// A character of a bracket expression, unquoted.
GlobCharacter class_character(std::string_view glob, std::size_t at) {
  if (glob[at] != '\\' || at + 1 >= glob.size()) return character_at(glob, at);
  GlobCharacter quoted = character_at(glob, at + 1);
  ++quoted.bytes;
  return quoted;
}

}  // namespace

GlobCharacter character_at(std::string_view text, std::size_t position) {
  const text::Character character = text::decode(text, position);
  if (character.valid) return {character.code_point, character.bytes};
  return {beyond_unicode + character.code_point, 1};
}

std::optional<CharacterClass> parse_class(std::string_view glob) {
  std::size_t at = 1;
  const bool negated = at < glob.size() && (glob[at] == '!' || glob[at] == '^');
  if (negated) ++at;
  CharacterSet set;
  for (const std::size_t first = at; at < glob.size() && (glob[at] != ']' || at == first);) {
    if (const std::size_t bytes = add_named_class(glob.substr(at), set); bytes > 0) {
      at += bytes;
      continue;
    }
    const GlobCharacter from = class_character(glob, at);
    at += from.bytes;
    GlobCharacter to = from;
    if (at + 1 < glob.size() && glob[at] == '-' && glob[at + 1] != ']') {
      to = class_character(glob, at + 1);
      at += 1 + to.bytes;
    }
    set.push_back({from.code, to.code});
  }
  if (at >= glob.size()) return {};
  sort_and_merge(set);
  if (negated) set = complement(set);
  return CharacterClass{without_slash(set), at + 1};
}

bool contains(const CharacterSet& set, char32_t character) {
  return std::any_of(set.begin(), set.end(), [character](const CharacterRange& range) {
    return range.first <= character && character <= range.last;
  });
}

bool intersect(const CharacterSet& a, const CharacterSet& b) {
  for (std::size_t i = 0, j = 0; i < a.size() && j < b.size();) {
    if (a[i].last < b[j].first) {
      ++i;
    } else if (b[j].last < a[i].first) {
      ++j;
    } else {
      return true;
    }
  }
  return false;
}

}  // namespace gitplan::schedule
