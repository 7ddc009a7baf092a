// One component of a path in a task's `files`: a name, or a glob over names.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::schedule {

/// Characters, as sorted ranges that do not touch; '/' is never among them. A byte that is not
/// UTF-8 counts as a character of its own, above Unicode.
struct CharacterRange {
  char32_t first;
  char32_t last;
};
using CharacterSet = std::vector<CharacterRange>;

/// One step of a glob over a name.
struct Token {
  enum class Kind { character, any_character, set, any_text } kind = Kind::character;
  char32_t character = 0;
  CharacterSet set;
};

struct NamePattern {
  bool any_depth = false;      ///< "**": any number of components
  bool literal = true;         ///< matches `text` only
  std::string text;            ///< of a literal, unquoted
  std::vector<Token> tokens;   ///< of a glob
  bool has_extension = false;  ///< a dot stands in it, not at its start: "a.c", "*.c"
};

NamePattern any_depth();
NamePattern literal_name(std::string_view name);
/// A glob as gitignore has it: `*`, `?`, `[…]`, `\`. "**" is any_depth().
NamePattern parse_name(std::string_view glob);

/// False for a pattern that no name matches, such as "[b-a]".
bool can_match(const NamePattern& pattern);
/// True if some name matches both; neither may be any_depth. O(|a| * |b|).
bool share_a_name(const NamePattern& a, const NamePattern& b);

}  // namespace gitplan::schedule
