// plan.toml as an editor shows it: under a heading of errors, above a block that explains.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "git/oid.hpp"

namespace gitplan::commands {

/// What goes into the editor. `errors` stand first, as comments; what follows says what to do, and
/// on which commit the text is based.
std::string present_text(std::string_view text, std::span<const std::string> errors,
                         std::string_view heading, const git::Oid& base);
/// How many lines stand above the text when there are that many errors.
std::size_t lines_above(std::size_t errors);

struct EditedText {
  std::string text;  ///< without what `present_text` added; what was written beneath it is kept
  std::optional<git::Oid> base;  ///< as noted in it; nothing: it did not come from `present_text`
};
EditedText take_text(std::string_view content);

/// The line, from 1, of a conflict marker that `git merge-file` left.
std::optional<int> conflict_marker(std::string_view text);

}  // namespace gitplan::commands
