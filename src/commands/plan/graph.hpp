// `git plan graph`: the DAG of a plan, for people and for other programs.
#pragma once

#include <string>
#include <vector>

#include "schedule/rails.hpp"
#include "session/json.hpp"
#include "session/view.hpp"

namespace gitplan::commands {

/// One way in which a task may get what it needs.
struct GraphEdge {
  TaskIndex from = 0;
  TaskIndex to = 0;
  std::string capability;    ///< what is provided; empty: by depends_on
  bool alternative = false;  ///< another task provides it too, earlier or as well
  bool implied = false;      ///< other edges say as much
};

struct PlanGraph {
  schedule::Drawing drawing;
  std::vector<GraphEdge> edges;    ///< by task, in the order of its needs
  std::size_t edges_left_out = 0;  ///< alternatives, where very many tasks provide the same
};
PlanGraph plan_graph(const PlanView& view);

/// Its rows of text, with at most so many rails.
schedule::Rails graph_rails(const PlanGraph& graph, int most);

/// `nodes[]` (id, description, status, wave), `edges[]` (from, to, capability, alternative,
/// implied), `unreachable[]`.
Json to_json(const PlanView& view, const PlanGraph& graph);
/// For Graphviz.
std::string graph_dot(const PlanView& view, const PlanGraph& graph);
/// For Mermaid: a flowchart without fences.
std::string graph_mermaid(const PlanView& view, const PlanGraph& graph);

}  // namespace gitplan::commands
