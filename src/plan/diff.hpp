// What changed between two versions of a plan, as values: for `plan diff`, and in one line for
// `plan log`.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "plan/plan.hpp"

namespace gitplan {

/// A key's value; monostate: it is not set.
using FieldValue =
    std::variant<std::monostate, std::string, std::vector<std::string>, std::int64_t, bool>;

struct FieldChange {
  std::string key;
  FieldValue before;
  FieldValue after;
  bool operator==(const FieldChange&) const = default;
};

struct TaskChange {
  enum class Kind { added, removed, changed } kind = Kind::changed;
  std::string id;           ///< as the later version writes it
  std::string description;  ///< of the later version
  std::vector<FieldChange>
      fields;  ///< of added and removed tasks: every key that is set, but id and description
  bool operator==(const TaskChange&) const = default;
};

struct PlanChange {
  std::vector<FieldChange> fields;   ///< top-level keys; neither version nor created_at
  std::vector<TaskChange> tasks;     ///< in the order of the later version; removed ones last
  std::vector<Update> notes;         ///< that only the later version has
  std::vector<Update> lost_notes{};  ///< that only the earlier one has
  bool operator==(const PlanChange&) const = default;
  [[nodiscard]] bool empty() const {
    return fields.empty() && tasks.empty() && notes.empty() && lost_notes.empty();
  }
};

/// Tasks are the same if their ids are numerically equal.
PlanChange compare(const Plan& before, const Plan& after);

/// "completed 001, 002; added 004; 003: priority; architecture; note"; "" if nothing changed.
/// Printable.
std::string summary(const PlanChange& change);

}  // namespace gitplan
