// The program that a line for a shell starts, as far as the line shows it.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gitplan::agents {

/// The first word that is no assignment and no `exec`; nothing where it is quoted, expanded, or a
/// word of the shell's own language.
std::optional<std::string> program_of(std::string_view line);

/// The shell has it itself: "test", "[", "true".
bool is_built_in(std::string_view program);

}  // namespace gitplan::agents
