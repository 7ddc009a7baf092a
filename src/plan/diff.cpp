#include "plan/diff.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <unordered_map>

#include "base/text.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan {
namespace {

FieldValue value_of(const std::string& value) {
  return value.empty() ? FieldValue() : FieldValue(value);
}
FieldValue value_of(const std::optional<std::string>& value) {
  return value ? FieldValue(*value) : FieldValue();
}
FieldValue value_of(const std::vector<std::string>& value) {
  return value.empty() ? FieldValue() : FieldValue(value);
}
FieldValue value_of(std::int64_t value) { return value; }
FieldValue value_of(bool value) { return value ? FieldValue(true) : FieldValue(); }
FieldValue value_of(Status value) { return std::string(to_string(value)); }
FieldValue value_of(const std::optional<Priority>& value) {
  return value ? FieldValue(std::string(to_string(*value))) : FieldValue();
}

template <class Record>
FieldValue value_of(const Record& record, const toml_io::Field<Record>& field) {
  return std::visit([&](auto member) { return value_of(record.*member); }, field.member);
}

template <class Record>
bool is_left_out(std::string_view key, TaskChange::Kind kind) {
  if (std::is_same_v<Record, Plan>) return key == "version" || key == "created_at";
  return kind != TaskChange::Kind::changed && (key == "id" || key == "description");
}

template <class Record>
std::vector<FieldChange> compare_fields(const Record& before, const Record& after,
                                        TaskChange::Kind kind = TaskChange::Kind::changed) {
  std::vector<FieldChange> changes;
  for (const toml_io::Field<Record>& field : toml_io::fields<Record>()) {
    if (is_left_out<Record>(field.key, kind)) continue;
    FieldValue old_value = value_of(before, field);
    FieldValue new_value = value_of(after, field);
    if (kind == TaskChange::Kind::added) old_value = std::monostate();
    if (kind == TaskChange::Kind::removed) new_value = std::monostate();
    if (old_value == new_value) continue;
    changes.push_back({std::string(field.key), std::move(old_value), std::move(new_value)});
  }
  return changes;
}

std::string key_of(const Task& task) {
  const auto number = task_number(task.id);
  return number ? format_task_id(*number) : task.id;
}

/// Hands out the tasks of the earlier version by id; of duplicates, the first that is left.
class Earlier {
 public:
  explicit Earlier(const Plan& plan) {
    for (const Task& task : plan.tasks) by_key_[key_of(task)].push_back(&task);
  }
  const Task* take_out(const Task& task) {
    const auto found = by_key_.find(key_of(task));
    if (found == by_key_.end() || found->second.empty()) return nullptr;
    const Task* first = found->second.front();
    found->second.erase(found->second.begin());
    return first;
  }

 private:
  std::unordered_map<std::string, std::vector<const Task*>> by_key_;
};

std::vector<TaskChange> compare_tasks(const Plan& before, const Plan& after) {
  std::vector<TaskChange> changes;
  Earlier earlier(before);
  for (const Task& task : after.tasks) {
    const Task* old = earlier.take_out(task);
    const auto kind = old == nullptr ? TaskChange::Kind::added : TaskChange::Kind::changed;
    auto fields = compare_fields(old == nullptr ? Task() : *old, task, kind);
    if (old != nullptr && fields.empty()) continue;
    changes.push_back({kind, task.id, task.description, std::move(fields)});
  }
  Earlier later(after);
  for (const Task& task : before.tasks) {
    if (later.take_out(task) != nullptr) continue;
    constexpr auto kind = TaskChange::Kind::removed;
    changes.push_back({kind, task.id, task.description, compare_fields(task, Task(), kind)});
  }
  return changes;
}

std::vector<Update> added_notes(const Plan& before, const Plan& after) {
  std::vector<Update> added;
  for (const Update& update : after.updates) {
    if (std::ranges::find(before.updates, update) == before.updates.end()) added.push_back(update);
  }
  return added;
}

/// "completed 001, 002 and 40 more"
std::string with_ids(std::string_view verb, const std::vector<std::string>& ids) {
  constexpr std::size_t most = 6;
  std::vector<std::string> shown_ids;
  for (std::size_t i = 0; i < std::min(ids.size(), most); ++i) shown_ids.push_back(shown(ids[i]));
  std::string text = fmt::format("{} {}", verb, text::join(shown_ids, ", "));
  if (ids.size() > most) text += fmt::format(" and {} more", ids.size() - most);
  return text;
}

std::string verb_of(const std::string& status) {
  if (status == "in_progress") return "in progress:";
  if (status == "pending") return "pending again:";
  return status;
}

/// What became of tasks, by verb in the order of their first appearance.
class ByVerb {
 public:
  void add(const std::string& verb, const std::string& id) {
    for (auto& [known, ids] : groups_) {
      if (known == verb) return ids.push_back(id);
    }
    groups_.push_back({verb, {id}});
  }
  [[nodiscard]] std::vector<std::string> parts() const {
    std::vector<std::string> parts;
    for (const auto& [verb, ids] : groups_) parts.push_back(with_ids(verb, ids));
    return parts;
  }

 private:
  std::vector<std::pair<std::string, std::vector<std::string>>> groups_;
};

void summarize(const TaskChange& task, ByVerb& verbs) {
  if (task.kind == TaskChange::Kind::added) return verbs.add("added", task.id);
  if (task.kind == TaskChange::Kind::removed) return verbs.add("removed", task.id);
  const bool moved =
      std::ranges::find(task.fields, "status", &FieldChange::key) != task.fields.end();
  std::vector<std::string> others;
  for (const FieldChange& field : task.fields) {
    const bool goes_with_status = field.key == "reason" || field.key == "needs_decision" ||
                                  field.key == "question" || field.key == "answer";
    if (field.key == "status") {
      verbs.add(verb_of(std::get<std::string>(field.after)), task.id);
    } else if (!moved || !goes_with_status) {
      others.push_back(field.key);
    }
  }
  if (!others.empty()) verbs.add(fmt::format("{} of", text::join(others, ", ")), task.id);
}

}  // namespace

PlanChange compare(const Plan& before, const Plan& after) {
  return {compare_fields(before, after), compare_tasks(before, after), added_notes(before, after),
          added_notes(after, before)};
}

std::string summary(const PlanChange& change) {
  ByVerb verbs;
  for (const TaskChange& task : change.tasks) summarize(task, verbs);
  std::vector<std::string> parts = verbs.parts();
  for (const FieldChange& field : change.fields) parts.push_back(field.key);
  if (!change.notes.empty() || !change.lost_notes.empty()) parts.emplace_back("note");
  return text::join(parts, "; ");
}

}  // namespace gitplan
