#include "plan/merge_plans.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "plan/edits.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"

namespace gitplan {
namespace {

using Kind = MergeConflict::Kind;

/// Ids are the same if they are numerically equal.
std::string key_of(const std::string& id) {
  const auto number = task_number(id);
  return number ? format_task_id(*number) : id;
}

using TasksById = std::map<std::string, const Task*>;

TasksById by_id(const Plan& plan) {
  TasksById tasks;
  for (const Task& task : plan.tasks) tasks.emplace(key_of(task.id), &task);
  return tasks;
}

const Task* find(const TasksById& tasks, const std::string& key) {
  const auto found = tasks.find(key);
  return found == tasks.end() ? nullptr : found->second;
}

std::string word_of(const std::string& value) { return value; }
std::string word_of(const std::optional<std::string>& value) { return value.value_or(""); }
std::string word_of(Status value) { return std::string(to_string(value)); }
std::string word_of(const std::optional<Priority>& value) {
  return value ? std::string(to_string(*value)) : "";
}

/// Texts and words as they are, other values as TOML.
template <class Record>
std::string shown(const Record& record, const toml_io::Field<Record>& field) {
  return std::visit(
      [&](auto member) {
        if constexpr (requires { word_of(record.*member); }) {
          return word_of(record.*member);
        } else {
          return toml_io::literal(record, field).value_or("");
        }
      },
      field.member);
}

/// Puts into `merged`, which is theirs, what ours changed. The keys that both changed differently.
template <class Record>
std::vector<MergeConflict> merge_fields(const std::string& task, const Record& base,
                                        const Record& ours, Record& merged) {
  std::vector<MergeConflict> conflicts;
  for (const toml_io::Field<Record>& field : toml_io::fields<Record>()) {
    if (field.key == "version" || same(base, ours, field) || same(ours, merged, field)) continue;
    if (!same(base, merged, field)) {
      conflicts.push_back(
          {Kind::key, task, std::string(field.key), shown(ours, field), shown(merged, field)});
      continue;
    }
    std::visit([&](auto member) { merged.*member = ours.*member; }, field.member);
  }
  return conflicts;
}

/// Task ids in a list of ours, where they have become others.
void follow(std::vector<std::string>& ids, const std::map<std::string, std::string>& renamed) {
  for (std::string& id : ids) {
    const auto found = renamed.find(key_of(id));
    if (found != renamed.end()) id = found->second;
  }
}

class Merge {
 public:
  Merge(const Plan& base, const Plan& ours, const Plan& theirs,
        const std::function<bool(const Task&)>& is_pinned)
      : base_(&base),
        ours_(ours),
        theirs_(&theirs),
        is_pinned_(&is_pinned),
        in_base_(by_id(base)),
        in_theirs_(by_id(theirs)) {
    result_.plan = theirs;
  }

  MergedPlans run() {
    rename_taken();
    merge_own_keys();
    merge_their_tasks();
    add_our_tasks();
    merge_updates();
    if (result_.plan != *theirs_)
      result_.plan.version = std::max(ours_.version, theirs_->version) + 1;
    return std::move(result_);
  }

 private:
  void conflict(Kind kind, const std::string& task, std::string ours = {},
                std::string theirs = {}) {
    result_.conflicts.push_back({kind, task, {}, std::move(ours), std::move(theirs)});
  }

  void add(std::vector<MergeConflict> conflicts) {
    for (MergeConflict& one : conflicts) result_.conflicts.push_back(std::move(one));
  }

  [[nodiscard]] bool is_added(const Task& ours) const {
    return find(in_base_, key_of(ours.id)) == nullptr;
  }

  /// Ours, where theirs has another task under its id.
  [[nodiscard]] bool is_taken(const Task& ours) const {
    const Task* theirs = find(in_theirs_, key_of(ours.id));
    return is_added(ours) && theirs != nullptr && !toml_io::same(ours, *theirs);
  }

  void rename_taken() {
    std::map<std::string, std::string> renamed;
    std::vector<Task*> moved;
    Plan all = *theirs_;
    all.tasks.insert(all.tasks.end(), ours_.tasks.begin(), ours_.tasks.end());
    for (Task& task : ours_.tasks) {
      if (!is_taken(task)) continue;
      if ((*is_pinned_)(task)) {
        conflict(Kind::id, task.id, task.description,
                 find(in_theirs_, key_of(task.id))->description);
        continue;
      }
      const std::string id = edits::next_free_id(all);
      renamed.emplace(key_of(task.id), id);
      result_.renamed.push_back({task.id, id});
      all.tasks.push_back(task);
      all.tasks.back().id = id;
      moved.push_back(&task);
    }
    for (Task& task : ours_.tasks) rename_in(task, renamed);
    for (std::size_t i = 0; i < moved.size(); ++i) moved[i]->id = result_.renamed[i].to;
  }

  /// Only what ours wrote means the task of ours.
  void rename_in(Task& task, const std::map<std::string, std::string>& renamed) const {
    const Task* before = find(in_base_, key_of(task.id));
    if (before == nullptr || before->depends_on != task.depends_on)
      follow(task.depends_on, renamed);
    const bool is_ours = before == nullptr || before->part_of != task.part_of;
    const auto found =
        is_ours && task.part_of ? renamed.find(key_of(*task.part_of)) : renamed.end();
    if (found != renamed.end()) task.part_of = found->second;
  }

  void merge_own_keys() { add(merge_fields("", *base_, ours_, result_.plan)); }

  void merge_their_tasks() {
    const TasksById in_ours = by_id(ours_);
    std::erase_if(result_.plan.tasks, [&](Task& theirs) {
      const std::string key = key_of(theirs.id);
      const Task* before = find(in_base_, key);
      const Task* ours = find(in_ours, key);
      if (before == nullptr) return false;
      if (ours == nullptr) return is_removed(*before, theirs);
      add(merge_fields(theirs.id, *before, *ours, theirs));
      return false;
    });
  }

  bool is_removed(const Task& before, const Task& theirs) {
    if (toml_io::same(before, theirs)) return true;
    conflict(Kind::removed, theirs.id);
    return false;
  }

  void add_our_tasks() {
    for (const Task& ours : ours_.tasks) {
      const std::string key = key_of(ours.id);
      if (find(in_theirs_, key) != nullptr) continue;
      const Task* before = find(in_base_, key);
      if (before == nullptr) {
        result_.plan.tasks.push_back(ours);
      } else if (!toml_io::same(*before, ours)) {
        conflict(Kind::removed, ours.id);
      }
    }
  }

  void merge_updates() {
    auto& all = result_.plan.updates;
    for (const Update& one : ours_.updates) {
      const bool is_known = std::ranges::find(base_->updates, one) != base_->updates.end() ||
                            std::ranges::find(all, one) != all.end();
      if (!is_known) all.push_back(one);
    }
  }

  const Plan* base_;
  Plan ours_;
  const Plan* theirs_;
  const std::function<bool(const Task&)>* is_pinned_;
  TasksById in_base_;
  TasksById in_theirs_;
  MergedPlans result_;
};

}  // namespace

MergedPlans merge_plans(const Plan& base, const Plan& ours, const Plan& theirs,
                        const std::function<bool(const Task& ours)>& is_pinned) {
  return Merge(base, ours, theirs, is_pinned).run();
}

}  // namespace gitplan
