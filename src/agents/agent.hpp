// Agents by name: what git config says of each, and who takes over for whom.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::agents {

/// The one that `wave.command`, -x or -- gives.
inline constexpr std::string_view default_agent = "default";

struct Agent {
  std::string name;
  std::string command;  ///< a line for a shell; empty: it has none
  std::optional<std::chrono::seconds> timeout;
  int retries = 0;
  std::optional<int> most_at_once;
  std::string fallback;  ///< who takes its tasks while it is parked; empty: nobody
  std::string not_now;   ///< a pattern, see not_now.hpp; empty: exit status 75 alone says so
  bool operator==(const Agent&) const = default;
};

using Agents = std::map<std::string, Agent>;

/// The agent itself, its fallback, that one's fallback and so on: each once, as far as they are
/// there.
std::vector<std::string> fallback_chain(const Agents& agents, const std::string& name);

/// Names in the order in which they take over for each other, the first one again at the end;
/// nothing if no chain of fallbacks comes back to where it was.
std::optional<std::vector<std::string>> find_circle(const Agents& agents);

/// An agent whose fallback is not there; nothing if each is.
const Agent* with_unknown_fallback(const Agents& agents);

}  // namespace gitplan::agents
