// Tasks of a plan's text as pieces of their own, so that two texts which both got new tasks in the
// same place can be merged.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::toml_io {

struct CutText {
  std::string rest;
  std::vector<std::string> pieces;  ///< a [[tasks]] table each, with the comments directly above it
};
/// Takes out the tasks at these places of its list, in rising order. Nothing where tasks are no
/// [[tasks]] tables. The text is one that parse_plan takes.
std::optional<CutText> cut_tasks(std::string_view text, std::span<const std::size_t> tasks);

/// Puts pieces behind the last task of the text.
std::string append_pieces(std::string_view text, std::span<const std::string> pieces);

}  // namespace gitplan::toml_io
