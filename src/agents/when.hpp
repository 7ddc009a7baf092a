// The time that an agent names, at which it can work again.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.hpp"

namespace gitplan::agents {

/// RFC 3339 ("2025-01-12T15:00:00Z"); seconds since 1970, or thousandths of them where there are 13
/// digits and more; a duration from `now` on, as estimates are written ("5 hours", "90s", "45": of
/// minutes); a time of day in the local zone: "15:04", "3pm", "3:04 PM". Of a time of day the next
/// one is meant, or one that passed a few minutes ago, as clocks differ. Nothing for anything else.
std::optional<Seconds> parse_when(std::string_view text, Seconds now);

}  // namespace gitplan::agents
