// Text from metadata as it may stand in other languages.
#pragma once

#include <string>
#include <string_view>

namespace gitplan::commands {

enum class Breaks { fold, keep };

/// In HTML and SVG, as content or in a quoted attribute. Control characters are shown as escapes.
std::string html(std::string_view text, Breaks breaks = Breaks::fold);
/// On one line of Markdown, as text: nothing in it is markup, a link or HTML.
std::string markdown(std::string_view text);
/// In a quoted label, or a task's name, of Mermaid.
std::string mermaid(std::string_view text);
/// A quoted string of DOT.
std::string dot(std::string_view text);

}  // namespace gitplan::commands
