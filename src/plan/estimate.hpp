// Durations as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace gitplan {

/// Seconds of "8 minutes", "8 min", "1h 30m", "90s", "1.5 hours", "8" (minutes), "PT8M", "2 days";
/// case and spacing are free. Nothing if it is no duration, negative, or over 366 days. "~" or
/// "about" before it is fine.
std::optional<double> parse_duration(std::string_view text);

/// "45 min", "1 h 30 min", "90 s": short, for tables.
std::string format_minutes(double minutes);

}  // namespace gitplan
