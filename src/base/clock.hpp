// Wall-clock time, in whole seconds of UTC since 1970.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gitplan {

using Seconds = std::int64_t;

/// Now. $GIT_PLAN_TEST_DATE (for tests: seconds, or a file that has them) takes its place where
/// set.
Seconds now();

/// "2025-01-12T14:30:00Z"
std::string rfc3339(Seconds time);

/// The reverse, also of "2025-01-12T15:30:00.25+01:00" and with a space for the T; fractions of a
/// second are dropped. Nothing if it is no such time.
std::optional<Seconds> parse_rfc3339(std::string_view text);

/// "session-20250112-143000", in local time as people read it.
std::string session_name(Seconds time);

/// "15:04" in local time, with the day before it where it is another one than of `now`:
/// "2025-03-05 15:04".
std::string local_time(Seconds time, Seconds now);

/// "2 hours ago", as git says it.
std::string ago(Seconds then, Seconds now);

}  // namespace gitplan
