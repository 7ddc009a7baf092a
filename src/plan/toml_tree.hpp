// TOML trees, of TOML or of JSON text, and what they say of a plan. For the .cpp files that include
// toml++.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>

#include "plan/toml.hpp"

namespace toml {
inline namespace v3 {
class node;
class table;
}  // namespace v3
}  // namespace toml

namespace gitplan::toml_io {

enum class Source {
  stored,      ///< a plan.toml of ours: unknown keys stay where they are, in its text
  input,       ///< TOML that becomes part of a plan: unknown keys are kept
  json_input,  ///< the same as JSON; keys that our own JSON output derives are dropped
};

/// Parses a text that passed the guards: size, UTF-8, levels. Throws Error(fatal).
toml::table parse_document(std::string_view text, std::string_view name);

/// Throws Error(fatal) if `text` is over max_bytes, not UTF-8, or nothing but white space.
void require_text(std::string_view text, std::string_view name);

/// Where nodes stand that were not read from TOML.
using NodeLines = std::unordered_map<const toml::node*, int>;

/// Throws Error(fatal) for a newer `format`.
ParsedPlan read_plan(const toml::table& document, std::string_view name, Source source,
                     const NodeLines* lines = nullptr);

/// Throws Error(fatal), with "did you mean", if there are none. `form` is how they would stand
/// there.
void require_tasks(const toml::table& document, std::string_view name, std::string_view form);

/// A value as a one-line literal.
std::string node_literal(const toml::node& node);

/// A parse error, with the way out where `name` tells which plan it is.
[[noreturn]] void throw_unreadable(std::string_view name, std::string_view problem);

}  // namespace gitplan::toml_io
