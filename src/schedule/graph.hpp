// The DAG of a plan: capabilities and depends_on in one graph. Pure: no I/O, no clock. Tasks are
// named by their index in Plan::tasks. Everything here is linear in tasks plus edges, or in tasks
// log tasks.
//
// It is an AND-OR graph: a task needs every `depends_on` and every precondition (AND), and any one
// provider of a precondition will do (OR).
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "plan/plan.hpp"
#include "schedule/interner.hpp"
#include "schedule/rows.hpp"

namespace gitplan::schedule {

using TaskIndex = std::uint32_t;
using CapabilityIndex = std::uint32_t;

/// One need of a task that is not met from outside.
struct Need {
  enum class Kind { task, capability, unknown_task } kind = Kind::task;
  std::uint32_t index =
      0;  ///< TaskIndex, CapabilityIndex, or position in depends_on (unknown_task)
  std::uint32_t position = 0;  ///< where it stands in the task's preconditions or depends_on
};

/// Capabilities are compared by text::fold_space. The plan must outlive the graph, unchanged.
class Graph {
 public:
  /// `given`: capabilities that exist before the first task (the plan's own `provides` and other
  /// sessions'). A repeated task id: the first one is meant.
  Graph(const Plan& plan, std::span<const std::string> given);

  [[nodiscard]] const Plan& plan() const { return *plan_; }
  [[nodiscard]] std::size_t size() const { return need_starts_.size() - 1; }
  /// Preconditions, then depends_on, each in order and once.
  [[nodiscard]] std::span<const Need> needs(TaskIndex task) const {
    return std::span(needs_).subspan(need_starts_[task],
                                     need_starts_[task + 1] - need_starts_[task]);
  }
  /// What the task provides, given capabilities among it, each once.
  [[nodiscard]] std::span<const CapabilityIndex> provides(TaskIndex task) const {
    return provides_[task];
  }
  /// In plan order.
  [[nodiscard]] std::span<const TaskIndex> providers(CapabilityIndex capability) const {
    return providers_[capability];
  }
  [[nodiscard]] bool is_given(CapabilityIndex capability) const { return given_[capability]; }
  /// The capability's text, white space folded.
  [[nodiscard]] const std::string& capability(CapabilityIndex capability) const {
    return capabilities_.text(capability);
  }
  [[nodiscard]] std::size_t capability_count() const { return capabilities_.size(); }
  /// Of each task, how many ids are smaller (compare_ids); equal ids in plan order.
  [[nodiscard]] const std::vector<std::uint32_t>& id_ranks() const { return id_ranks_; }

 private:
  std::vector<Edge> read_provides();
  void read_needs();

  const Plan* plan_;
  Interner capabilities_;
  Rows provides_;
  Rows providers_;
  std::vector<bool> given_;
  std::vector<Need> needs_;
  std::vector<std::size_t> need_starts_;
  std::vector<std::uint32_t> id_ranks_;
};

}  // namespace gitplan::schedule
