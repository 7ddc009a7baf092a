#include "agents/agent.hpp"

#include <algorithm>

namespace gitplan::agents {
namespace {

const Agent* fallback_of(const Agents& agents, const Agent& agent) {
  const auto found = agents.find(agent.fallback);
  return found == agents.end() ? nullptr : &found->second;
}

/// Up to the first agent that comes again.
std::vector<std::string> followed(const Agents& agents, const Agent* agent) {
  std::vector<std::string> names;
  for (; agent != nullptr; agent = fallback_of(agents, *agent)) {
    const bool again = std::ranges::find(names, agent->name) != names.end();
    names.push_back(agent->name);
    if (again) break;
  }
  return names;
}

}  // namespace

std::vector<std::string> fallback_chain(const Agents& agents, const std::string& name) {
  const auto first = agents.find(name);
  if (first == agents.end()) return {};
  auto names = followed(agents, &first->second);
  if (std::ranges::count(names, names.back()) > 1) names.pop_back();
  return names;
}

std::optional<std::vector<std::string>> find_circle(const Agents& agents) {
  for (const auto& [name, agent] : agents) {
    auto names = followed(agents, &agent);
    if (names.size() > 1 && names.front() == names.back()) return names;
  }
  return std::nullopt;
}

const Agent* with_unknown_fallback(const Agents& agents) {
  for (const auto& [name, agent] : agents) {
    if (!agent.fallback.empty() && fallback_of(agents, agent) == nullptr) return &agent;
  }
  return nullptr;
}

}  // namespace gitplan::agents
