// The lines of JSON that the process beside a run says that keeps its claims.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "supervisor/keeper_news.hpp"

namespace gitplan::commands {

std::string encode(const supervisor::KeeperNews& news);  ///< with its newline
std::optional<supervisor::KeeperNews> parse_keeper_news(std::string_view line);

}  // namespace gitplan::commands
