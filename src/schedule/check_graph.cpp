#include "schedule/check_graph.hpp"

#include <fmt/format.h>

#include <limits>
#include <utility>

#include "base/text.hpp"
#include "schedule/overlap.hpp"
#include "schedule/suggestions.hpp"
#include "schedule/task_names.hpp"

namespace gitplan::schedule {

namespace {

constexpr std::size_t most_overlaps = 100;
constexpr std::size_t most_named = 5;  // tasks or files in one message
constexpr std::size_t whole = std::numeric_limits<std::size_t>::max();

class GraphCheck {
 public:
  GraphCheck(const Graph& graph, const Waves& waves, std::span<const int> task_lines)
      : graph_(graph), plan_(graph.plan()), waves_(waves), task_lines_(task_lines) {}

  Diagnostics run() && {
    check_cycles();
    check_preconditions();
    check_provides();
    check_files();
    return std::move(found_);
  }

 private:
  void add(Severity severity, std::string code, TaskIndex task, std::string message) {
    Diagnostic diagnostic{severity, std::move(code), std::move(message), plan_.tasks[task].id, {}};
    if (task < task_lines_.size()) diagnostic.line = task_lines_[task];
    found_.push_back(std::move(diagnostic));
  }

  void check_cycles() {
    for (const std::vector<TaskIndex>& cycle : find_cycles(graph_, waves_)) {
      add(Severity::error, "cycle", cycle.front(), cycle_message(graph_, cycle, whole));
    }
  }

  void check_preconditions() {
    Suggestions suggestions(graph_);
    for (TaskIndex task = 0; task < graph_.size(); ++task) {
      for (const Need& need : graph_.needs(task)) {
        if (need.kind != Need::Kind::capability || !graph_.providers(need.index).empty()) continue;
        const std::string& name = graph_.capability(need.index);
        add(Severity::warning, "unprovided", task,
            fmt::format("task '{}': no task provides '{}'{}", name_of(plan_, task),
                        text::printable(name), hint_at(suggestions.suggest(name))));
      }
    }
  }

  [[nodiscard]] std::string hint_at(std::optional<CapabilityIndex> meant) const {
    if (!meant) return {};
    const auto providers = graph_.providers(*meant);
    const std::string hint =
        fmt::format("; did you mean '{}'", text::printable(graph_.capability(*meant)));
    if (providers.empty()) return hint + "?";
    return fmt::format("{} (task {})?", hint, name_of(plan_, providers.front()));
  }

  void check_provides() {
    for (CapabilityIndex capability = 0; capability < graph_.capability_count(); ++capability) {
      const auto providers = graph_.providers(capability);
      if (providers.size() < 2) continue;
      const std::string name = text::printable(graph_.capability(capability));
      const auto [first, second] = std::pair(providers[0], providers[1]);
      const std::string message =
          providers.size() == 2 ? fmt::format("tasks {} and {} both provide '{}'",
                                              name_of(plan_, first), name_of(plan_, second), name)
                                : fmt::format("tasks {} all provide '{}'",
                                              list_of(plan_, providers, most_named), name);
      add(Severity::warning, "provided_twice", second, message);
    }
  }

  void check_files() {
    GlobWork work;
    std::size_t left = most_overlaps;
    for (std::size_t wave = 0; wave < waves_.waves.size() && left > 0; ++wave) {
      for (const Overlap& overlap : find_overlaps(plan_, waves_.waves[wave], left, work)) {
        add(Severity::warning, "overlapping_files", overlap.second,
            fmt::format("tasks {} and {} of wave {} touch the same files: {}",
                        name_of(plan_, overlap.first), name_of(plan_, overlap.second), wave + 1,
                        list_files(overlap.files)));
        --left;
      }
    }
    if (work.left == 0)
      found_.push_back({Severity::warning,
                        "files_not_compared",
                        "the globs in 'files' are too many, or too long, to compare them all",
                        "",
                        {}});
  }

  static std::string list_files(const std::vector<std::string>& files) {
    std::string list;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (i == most_named) return fmt::format("{} and {} more", list, files.size() - most_named);
      list += fmt::format("{}'{}'", i > 0 ? ", " : "", text::printable(files[i]));
    }
    return list;
  }

  const Graph& graph_;
  const Plan& plan_;
  const Waves& waves_;
  std::span<const int> task_lines_;
  Diagnostics found_;
};

}  // namespace

Diagnostics check_graph(const Graph& graph, const Waves& waves, std::span<const int> task_lines) {
  return GraphCheck(graph, waves, task_lines).run();
}

}  // namespace gitplan::schedule
