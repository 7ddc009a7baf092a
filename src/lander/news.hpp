// What a lander says to its run: one line of JSON each.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "supervisor/supervisor.hpp"

namespace gitplan::lander {

/// With its newline.
std::string encode(const supervisor::LanderNews& news);
/// Nothing for what no `encode` has written.
std::optional<supervisor::LanderNews> parse_news(std::string_view line);

/// The part of it that files keep, on one line.
std::string encode(const supervisor::Landing& landing);
std::optional<supervisor::Landing> parse_landing(std::string_view line);

}  // namespace gitplan::lander
