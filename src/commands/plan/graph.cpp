#include "commands/plan/graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/text.hpp"
#include "commands/plan/show.hpp"
#include "commands/report/escape.hpp"

namespace gitplan::commands {
namespace {

bool is_drawn(const schedule::Drawing& drawing, TaskIndex from, TaskIndex to) {
  const auto row = drawing.predecessors[to];
  return std::find(row.begin(), row.end(), from) != row.end();
}

std::string label(const PlanView& view, TaskIndex index, int columns) {
  const std::string description = text::printable(text::fold_space(view.task(index).description));
  return fmt::format("{} {}", view.task(index).id, text::cut(description, columns));
}

/// Names that any task id, however wrong, can have in other languages.
std::string node(TaskIndex index) { return fmt::format("t{}", index); }

std::string_view dot_style(Status status) {
  switch (status) {
    case Status::completed:
      return R"(fillcolor="#dafbe1" color="#1a7f37")";
    case Status::in_progress:
      return R"(fillcolor="#ddf4ff" color="#0969da")";
    case Status::failed:
      return R"(fillcolor="#ffebe9" color="#cf222e")";
    case Status::cancelled:
      return R"(fillcolor="#eaeef2" color="#6e7781" fontcolor="#6e7781")";
    case Status::pending:
      break;
  }
  return R"(fillcolor="#ffffff" color="#6e7781")";
}

/// One line between two tasks for all that the one gives the other.
std::vector<GraphEdge> lines(const PlanGraph& graph) {
  std::vector<GraphEdge> drawn;
  std::map<std::pair<TaskIndex, TaskIndex>, std::size_t> places;
  for (const GraphEdge& edge : graph.edges) {
    if (edge.implied) continue;
    const auto [place, is_new] = places.try_emplace({edge.from, edge.to}, drawn.size());
    if (is_new) {
      drawn.push_back(edge);
    } else {
      GraphEdge& same = drawn[place->second];
      same.alternative = same.alternative && edge.alternative;
    }
  }
  return drawn;
}

}  // namespace

namespace {

/// From each provider; where there are very many, from the first ones and that which is drawn. Of a
/// graph that has very many such edges in all, only one for each need is left.
void add_edges(const PlanView& view, schedule::CapabilityIndex capability, TaskIndex task,
               PlanGraph& graph) {
  constexpr std::size_t most = 20;
  const std::span<const TaskIndex> all = view.graph().providers(capability);
  constexpr std::size_t most_in_all = 100'000;
  const std::size_t most_here = graph.edges.size() < most_in_all ? most : 1;
  const auto first = all.first(std::min(all.size(), most_here));
  const auto rest = all.subspan(first.size());
  const auto add = [&](TaskIndex provider) {
    graph.edges.push_back(
        {provider, task, view.graph().capability(capability), all.size() > 1, false});
  };
  std::ranges::for_each(first, add);
  if (rest.empty()) return;
  graph.edges_left_out += rest.size();
  for (const TaskIndex drawn : graph.drawing.predecessors[task]) {
    if (!std::ranges::binary_search(rest, drawn)) continue;
    add(drawn);
    --graph.edges_left_out;
  }
}

}  // namespace

PlanGraph plan_graph(const PlanView& view) {
  PlanGraph graph;
  graph.drawing = schedule::drawing_of(view.graph(), view.waves());
  for (TaskIndex task = 0; task < view.size(); ++task) {
    for (const schedule::Need& need : view.graph().needs(task)) {
      if (need.kind == schedule::Need::Kind::unknown_task) continue;
      if (need.kind == schedule::Need::Kind::task) {
        graph.edges.push_back({need.index, task, "", false, false});
        continue;
      }
      add_edges(view, need.index, task, graph);
    }
  }
  for (GraphEdge& edge : graph.edges) {
    const bool forward = graph.drawing.layer_of[edge.from] < graph.drawing.layer_of[edge.to];
    edge.implied = forward && !edge.alternative && !is_drawn(graph.drawing, edge.from, edge.to);
    // The provider that comes first is the one that is waited for.
    if (edge.alternative) edge.alternative = !is_drawn(graph.drawing, edge.from, edge.to);
  }
  return graph;
}

schedule::Rails graph_rails(const PlanGraph& graph, int most) {
  return schedule::rails_of(graph.drawing, schedule::lay_out(graph.drawing), most);
}

Json to_json(const PlanView& view, const PlanGraph& graph) {
  Json nodes = Json::array();
  for (TaskIndex i = 0; i < view.size(); ++i) {
    Json one{{"id", view.task(i).id},
             {"description", view.task(i).description},
             {"status", to_string(view.status(i))}};
    if (view.waves().wave_of[i] > 0) one["wave"] = view.waves().wave_of[i];
    nodes.push_back(std::move(one));
  }
  Json edges = Json::array();
  for (const GraphEdge& edge : graph.edges) {
    Json one{{"from", view.task(edge.from).id}, {"to", view.task(edge.to).id}};
    if (!edge.capability.empty()) one["capability"] = edge.capability;
    one["alternative"] = edge.alternative;
    one["implied"] = edge.implied;
    edges.push_back(std::move(one));
  }
  Json object = new_object();
  object["plan_branch"] = view.branch();
  object["plan_version"] = view.version();
  object["nodes"] = std::move(nodes);
  object["edges"] = std::move(edges);
  if (graph.edges_left_out > 0) object["edges_left_out"] = graph.edges_left_out;
  object["unreachable"] = unreachable_objects(view);
  return object;
}

std::string graph_dot(const PlanView& view, const PlanGraph& graph) {
  std::string text = fmt::format(
      "digraph {} {{\n  rankdir=LR;\n  node [shape=box style=\"rounded,filled\" "
      "fontname=\"sans-serif\"];\n  edge [color=\"#6e7781\"];\n",
      dot(view.session()));
  for (int layer = 0; layer < graph.drawing.layers; ++layer) {
    text += "  { rank=same;\n";
    for (TaskIndex i = 0; i < view.size(); ++i) {
      if (graph.drawing.layer_of[i] != layer) continue;
      constexpr int columns = 60;
      text += fmt::format("    {} [label={} {}];\n", node(i), dot(label(view, i, columns)),
                          dot_style(view.status(i)));
    }
    text += "  }\n";
  }
  for (const GraphEdge& edge : lines(graph)) {
    text += fmt::format("  {} -> {}{};\n", node(edge.from), node(edge.to),
                        edge.alternative ? " [style=dashed]" : "");
  }
  return text + "}\n";
}

std::string graph_mermaid(const PlanView& view, const PlanGraph& graph) {
  std::string text = "flowchart LR\n";
  for (TaskIndex i = 0; i < view.size(); ++i) {
    constexpr int columns = 48;
    text += fmt::format("  {}[\"{}\"]:::{}\n", node(i), mermaid(label(view, i, columns)),
                        to_string(view.status(i)));
  }
  for (const GraphEdge& edge : lines(graph)) {
    text += fmt::format("  {} {} {}\n", node(edge.from), edge.alternative ? "-.->" : "-->",
                        node(edge.to));
  }
  // Strong borders with text in the page's own colour: fit for light pages and dark ones.
  text += "  classDef completed stroke:#1a7f37,stroke-width:2px\n";
  text += "  classDef in_progress stroke:#0969da,stroke-width:2px\n";
  text += "  classDef failed stroke:#cf222e,stroke-width:2px\n";
  text += "  classDef cancelled stroke:#8c959f,stroke-dasharray:4\n";
  return text + "  classDef pending stroke:#8c959f\n";
}

}  // namespace gitplan::commands
