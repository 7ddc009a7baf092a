// What git leaves in a file that it could not merge.
#pragma once

#include <string_view>

namespace gitplan::exchange {

enum class Marker { none, ours, base, theirs, end };

/// "<<<<<<< …", "||||||| …", "=======" or ">>>>>>> …".
Marker marker_of(std::string_view line);

/// Throws Error(fatal) with the line where a conflict begins, if one does.
void refuse_conflict_markers(std::string_view text, std::string_view name);

}  // namespace gitplan::exchange
