#include "agents/agent.hpp"

#include <catch2/catch.hpp>

namespace gitplan::agents {
namespace {

using Names = std::vector<std::string>;

/// {"a", "b"}: a falls back to b.
Agents with(const std::vector<std::pair<std::string, std::string>>& all) {
  Agents agents;
  for (const auto& [name, fallback] : all) {
    Agent agent;
    agent.name = name;
    agent.fallback = fallback;
    agents[name] = agent;
  }
  return agents;
}

TEST_CASE("a chain of fallbacks ends where none is named") {
  const Agents agents = with({{"a", "b"}, {"b", "c"}, {"c", ""}});
  CHECK(fallback_chain(agents, "a") == Names{"a", "b", "c"});
  CHECK(fallback_chain(agents, "c") == Names{"c"});
  CHECK(fallback_chain(agents, "d").empty());
  CHECK_FALSE(find_circle(agents));
  CHECK(with_unknown_fallback(agents) == nullptr);
}

TEST_CASE("circles are named, and followed once") {
  const Agents agents = with({{"a", "b"}, {"b", "c"}, {"c", "b"}});
  CHECK(fallback_chain(agents, "a") == Names{"a", "b", "c"});
  CHECK(find_circle(agents) == Names{"b", "c", "b"});
  CHECK(find_circle(with({{"a", "a"}})) == Names{"a", "a"});
}

TEST_CASE("a fallback that is not there is found") {
  const Agents agents = with({{"a", "b"}});
  REQUIRE(with_unknown_fallback(agents) != nullptr);
  CHECK(fallback_chain(agents, "a") == Names{"a"});
}

}  // namespace
}  // namespace gitplan::agents
