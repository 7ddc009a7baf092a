#include "schedule/name_pattern.hpp"

#include <algorithm>
#include <optional>
#include <span>
#include <utility>

#include "schedule/character_class.hpp"

namespace gitplan::schedule {

namespace {

using Kind = Token::Kind;

bool is_single(const Token& token) { return token.kind != Kind::any_text; }

std::vector<Token> literal_tokens(std::string_view name) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < name.size();) {
    const GlobCharacter character = character_at(name, at);
    tokens.push_back({Kind::character, character.code, {}});
    at += character.bytes;
  }
  return tokens;
}

std::vector<Token> glob_tokens(std::string_view glob) {
  std::vector<Token> tokens;
  for (std::size_t at = 0; at < glob.size();) {
    if (glob[at] == '*') {
      if (tokens.empty() || is_single(tokens.back())) tokens.push_back({Kind::any_text, 0, {}});
      ++at;
    } else if (glob[at] == '?') {
      tokens.push_back({Kind::any_character, 0, {}});
      ++at;
    } else if (auto parsed = glob[at] == '[' ? parse_class(glob.substr(at)) : std::nullopt) {
      tokens.push_back({Kind::set, 0, std::move(parsed->set)});
      at += parsed->bytes;
    } else {
      if (glob[at] == '\\' && at + 1 < glob.size()) ++at;
      const GlobCharacter character = character_at(glob, at);
      tokens.push_back({Kind::character, character.code, {}});
      at += character.bytes;
    }
  }
  return tokens;
}

/// What a glob of quoted and plain characters only stands for, or nothing.
std::optional<std::string> quoted_text(std::string_view glob, std::span<const Token> tokens) {
  std::string text;
  for (const Token& token : tokens) {
    if (token.kind != Kind::character) return {};
  }
  for (std::size_t at = 0; at < glob.size(); ++at) {
    if (glob[at] == '\\' && at + 1 < glob.size()) ++at;
    text += glob[at];
  }
  return text;
}

bool share_a_character(const Token& a, const Token& b) {
  if (a.kind == Kind::any_character) return b.kind != Kind::set || !b.set.empty();
  if (b.kind == Kind::any_character) return share_a_character(b, a);
  if (a.kind == Kind::set && b.kind == Kind::set) return intersect(a.set, b.set);
  if (a.kind == Kind::set) return contains(a.set, b.character);
  if (b.kind == Kind::set) return contains(b.set, a.character);
  return a.character == b.character;
}

/// Walks the product of both globs: which pairs of places some text leads to. `next` is what the
/// rest of `row` becomes one token of `a` later.
void step(const Token* token, std::span<const Token> b, std::vector<char>& row,
          std::vector<char>& next) {
  const bool any_text = token != nullptr && !is_single(*token);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    if (row[j] == 0) continue;
    if (any_text) next[j] = 1;
    if (j == b.size()) continue;
    if (any_text || !is_single(b[j])) row[j + 1] = 1;
    if (token == nullptr) continue;
    if (!is_single(b[j])) {
      next[j] = 1;
    } else if (!any_text && share_a_character(*token, b[j])) {
      next[j + 1] = 1;
    }
  }
}

bool share_a_text(std::span<const Token> a, std::span<const Token> b) {
  std::vector<char> row(b.size() + 1);
  std::vector<char> next(b.size() + 1);
  row[0] = 1;
  for (const Token& token : a) {
    step(&token, b, row, next);
    std::swap(row, next);
    std::fill(next.begin(), next.end(), 0);
  }
  step(nullptr, b, row, next);
  return row[b.size()] != 0;
}

bool has_extension(std::span<const Token> tokens) {
  return tokens.size() > 2 &&
         std::any_of(tokens.begin() + 1, tokens.end() - 1, [](const Token& token) {
           return token.kind == Kind::character && token.character == '.';
         });
}

}  // namespace

NamePattern any_depth() {
  NamePattern pattern;
  pattern.any_depth = true;
  pattern.literal = false;
  return pattern;
}

NamePattern literal_name(std::string_view name) {
  NamePattern pattern;
  pattern.text = name;
  const std::size_t dot = name.rfind('.', name.size() < 2 ? 0 : name.size() - 2);
  pattern.has_extension = dot != std::string_view::npos && dot > 0;
  return pattern;
}

NamePattern parse_name(std::string_view glob) {
  if (glob == "**") return any_depth();
  if (glob.find_first_of("*?[\\") == std::string_view::npos) return literal_name(glob);
  std::vector<Token> tokens = glob_tokens(glob);
  if (const auto text = quoted_text(glob, tokens)) return literal_name(*text);
  NamePattern pattern;
  pattern.tokens = std::move(tokens);
  pattern.has_extension = has_extension(pattern.tokens);
  pattern.literal = false;
  return pattern;
}

bool can_match(const NamePattern& pattern) {
  return std::none_of(pattern.tokens.begin(), pattern.tokens.end(), [](const Token& token) {
    return token.kind == Kind::set && token.set.empty();
  });
}

bool share_a_name(const NamePattern& a, const NamePattern& b) {
  if (a.literal && b.literal) return a.text == b.text;
  if (a.literal) return share_a_text(literal_tokens(a.text), b.tokens);
  if (b.literal) return share_a_text(a.tokens, literal_tokens(b.text));
  return share_a_text(a.tokens, b.tokens);
}

}  // namespace gitplan::schedule
