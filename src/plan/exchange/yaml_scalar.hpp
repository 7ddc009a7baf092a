// YAML's scalars: quoted, plain, and blocks of lines.
#pragma once

#include <string>
#include <string_view>

#include "plan/exchange/yaml_text.hpp"

namespace gitplan::exchange {

/// Each begins at the scalar's first character, ends behind its last one and throws YamlProblem.

/// In '…' or "…", over as many lines as it takes.
std::string read_quoted(YamlText& text);
/// Up to the end of the line, a comment, or one of `ends`; trimmed. Takes one character at least.
std::string read_plain(YamlText& text, std::string_view ends);
/// A plain scalar that goes on in the lines below that are indented more than `indent`. Ends behind
/// its last line.
std::string read_plain_lines(YamlText& text, std::size_t indent);
/// After '|' or '>': the lines below that are indented more than `indent`. Ends behind them.
std::string read_block(YamlText& text, std::size_t indent);

}  // namespace gitplan::exchange
