// The plan and its tasks as values. They hold what plan.toml says, well or badly formed alike:
// `check` judges. What changes a plan is a function from Plan to Plan (plan/edits.hpp).
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gitplan {

inline constexpr std::int64_t format_version = 1;

enum class Status { pending, in_progress, completed, failed, cancelled };
enum class Priority { critical, high, medium, low };  // best first

std::string_view to_string(Status status);
std::string_view to_string(Priority priority);
std::optional<Status> parse_status(std::string_view text);
std::optional<Priority> parse_priority(std::string_view text);

/// A key that is not ours, with its value as a one-line TOML literal (`"text"`, `[1, 2]`, `{ a = 1
/// }`).
using ForeignKey = std::pair<std::string, std::string>;

struct Task {
  std::string id;
  std::string description;
  Status status = Status::pending;  ///< as recorded; the status users see is derived (commands/)
  std::vector<std::string> preconditions;
  std::vector<std::string> provides;
  std::vector<std::string> depends_on;
  std::vector<std::string> files;
  std::optional<std::string> estimated_time;
  std::optional<Priority> priority;  ///< medium if absent
  std::optional<std::string> slug;
  std::optional<std::string> external_id;
  std::optional<std::string> part_of;  ///< the task whose subtask it is, by id; of imported ones
  std::optional<std::string> details;  ///< what its worker needs to know beyond the description
  std::optional<std::string> test_strategy;  ///< how it is known to work
  std::optional<std::string> agent;          ///< which kind of worker it wants
  std::optional<std::string> reason;         ///< why it failed or was given up
  bool needs_decision = false;               ///< failed with a question for the user
  std::optional<std::string> question;       ///< the last one for the user, until it is completed
  std::optional<std::string> answer;         ///< to it, or what else the next attempt is to know
  std::vector<ForeignKey>
      foreign;  ///< only of a task that comes from input, never read from plan.toml

  [[nodiscard]] Priority effective_priority() const { return priority.value_or(Priority::medium); }
  bool operator==(const Task&) const = default;
};

/// Without what goes with a status: the reason, the question and its answer.
void clear_outcome(Task& task);

/// One update that carried a note.
struct Update {
  std::int64_t version = 0;
  std::string at;  ///< RFC 3339, "2025-01-12T14:52:10Z"
  std::string note;
  bool operator==(const Update&) const = default;
};

struct Plan {
  std::string session_id;
  std::int64_t version = 1;
  std::string flow_branch = "flow";
  std::string created_at;  ///< RFC 3339
  std::string cleaned_at;  ///< the same: when its metadata was taken out of flow; empty: it was not
  std::string user_request;
  std::string architecture;
  std::string design_patterns;
  std::string technology_stack;
  std::string estimated_total_time;
  std::string dependency_graph;
  std::string hold;        ///< why nothing of it may start; empty: it may
  std::string claim_refs;  ///< where machines keep their claims on the remote, if not as usual
  std::vector<std::string> provides;  ///< capabilities that exist before the first task
  std::vector<Update> updates;
  std::vector<Task> tasks;
  std::vector<ForeignKey>
      foreign;  ///< only of a plan that comes from input, never read from plan.toml
  bool operator==(const Plan&) const = default;

  /// The index of the first task whose id is numerically equal; nothing if there is none.
  [[nodiscard]] std::optional<std::size_t> find(std::string_view id) const;
};

/// What the metadata file of a task branch says (`.plan/<session>/<NNN>-<slug>.toml`). No status.
struct TaskFile {
  std::string id;
  std::string branch;
  std::string description;
  std::vector<std::string> preconditions;
  std::vector<std::string> provides;
  std::vector<std::string> depends_on;
  std::vector<std::string> enables;
  std::vector<std::string> parallel_with;
  std::vector<std::string> files;
  std::optional<std::string> details;
  std::optional<std::string> test_strategy;
  std::optional<std::string> agent;
  std::optional<std::string> estimated_time;
  std::optional<Priority> priority;
  std::string session_id;
  std::string session_goal;
  std::string plan_branch;
  std::string plan_version;  ///< "v1"
  std::vector<std::string> completed_tasks;
  std::string created_at;
  bool operator==(const TaskFile&) const = default;
};

}  // namespace gitplan
