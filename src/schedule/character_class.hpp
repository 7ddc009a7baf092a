// Bracket expressions of globs: "[a-z]", "[!_]", "[[:digit:]]".
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "schedule/name_pattern.hpp"

namespace gitplan::schedule {

struct CharacterClass {
  CharacterSet set;
  std::size_t bytes = 0;  ///< of the glob, brackets included
};

/// The bracket expression at the start of `glob`, which starts with '['; nothing if it is not
/// closed.
std::optional<CharacterClass> parse_class(std::string_view glob);

/// The character at `position`, and how many bytes it takes; see CharacterRange.
struct GlobCharacter {
  char32_t code = 0;
  std::size_t bytes = 1;
};
GlobCharacter character_at(std::string_view text, std::size_t position);

bool contains(const CharacterSet& set, char32_t character);
bool intersect(const CharacterSet& a, const CharacterSet& b);

}  // namespace gitplan::schedule
