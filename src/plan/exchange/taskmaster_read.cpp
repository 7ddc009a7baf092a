// Task Master's tasks.json: {"<list>": {"tasks": [{id, title, …, subtasks}], "metadata": {…}}}, or
// {"tasks": […]} of its first versions.
#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/exchange/taskmaster_ids.hpp"
#include "plan/exchange/taskmaster_said.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan::exchange {
namespace {

/// Of a task.
constexpr auto keys_of_tasks = std::to_array<std::string_view>({"acceptanceCriteria",
                                                                "actualEffort",
                                                                "assignee",
                                                                "category",
                                                                "codebasePatterns",
                                                                "complexity",
                                                                "complexityReasoning",
                                                                "complexityScore",
                                                                "created",
                                                                "createdAt",
                                                                "databaseId",
                                                                "dependencies",
                                                                "dependents",
                                                                "description",
                                                                "details",
                                                                "effort",
                                                                "existingInfrastructure",
                                                                "expansionPrompt",
                                                                "id",
                                                                "implementationApproach",
                                                                "isSubtask",
                                                                "metadata",
                                                                "parent",
                                                                "parentId",
                                                                "parentTaskId",
                                                                "previousStatus",
                                                                "priority",
                                                                "recommendedSubtasks",
                                                                "relevantFiles",
                                                                "scopeBoundaries",
                                                                "skills",
                                                                "status",
                                                                "subtasks",
                                                                "tags",
                                                                "technicalConstraints",
                                                                "testStrategy",
                                                                "title",
                                                                "updated",
                                                                "updatedAt"});

const Json* tasks_in(const Json& list) {
  if (!list.is_object()) return nullptr;
  const auto tasks = list.find("tasks");
  return tasks != list.end() && tasks->is_array() ? &*tasks : nullptr;
}

/// The list by its name. A file without named lists has one, "master".
const Json& find_list(const Json& document, std::string_view name, const ImportOptions& options) {
  const std::string& wanted = options.list;
  if (!document.is_object()) throw Error(ErrorKind::fatal, fmt::format("{}: no JSON object", name));
  if (tasks_in(document) != nullptr && wanted == "master") return document;
  std::vector<std::string> lists;
  for (const auto& [key, value] : document.items()) {
    if (tasks_in(value) == nullptr) continue;
    if (key == wanted) return value;
    lists.push_back(key);
  }
  if (lists.empty())
    throw Error(ErrorKind::fatal, fmt::format("{}: no list of tasks as Task Master has it", name));
  std::vector<std::string> names;
  for (const auto& list : lists) names.push_back(fmt::format("'{}'", shown(list)));
  throw Error(ErrorKind::not_found,
              fmt::format("{}: no list named '{}'; there {} {}", name, shown(wanted),
                          lists.size() == 1 ? "is" : "are", text::join(names, ", ")),
              Hint{fmt::format("to import another one, run: git plan import --from=taskmaster "
                               "--tag={} {}",
                               text::shell_quote(lists.front()), text::shell_quote(options.file))});
}

Status status_of(const std::string& word, const std::string& id, Warnings& warnings) {
  if (word == "done" || word == "completed") return Status::completed;
  if (word == "cancelled") return Status::cancelled;
  if (word == "in-progress") return Status::in_progress;
  if (word == "pending") return Status::pending;
  if (word == "review") {
    warnings.add("status", "status 'review' became in_progress", id);
    return Status::in_progress;
  }
  const std::string_view extra = word == "deferred" ? ", with low priority" : "";
  warnings.add("status", fmt::format("status '{}' became pending{}", shown(word, 40), extra), id);
  return Status::pending;
}

void read_guidance(const Json& entry, Task& task) {
  const std::string summary = prose_at(entry, "description");
  if (summary != text::trim(task.description)) add_paragraph(task.details, "", summary);
  add_paragraph(task.details, "", prose_at(entry, "details"));
  add_paragraph(task.test_strategy, "", prose_at(entry, "testStrategy"));
  add_paragraph(task.test_strategy, "", prose_at(entry, "acceptanceCriteria"));
}

/// Nothing where there is none, or it is no text and no number.
std::string id_of(const Json& entry) {
  return entry.is_object() ? text_at(entry, "id").value_or("") : "";
}

class Reader {
 public:
  Reader(const ImportOptions& options, Warnings& warnings)
      : options_(&options), warnings_(&warnings) {}

  std::vector<Item> run(const Json& tasks) {
    collect_ids(tasks, "");
    read_list(tasks, nullptr);
    return std::move(items_);
  }

 private:
  /// The subtasks that are to become tasks; null: none.
  [[nodiscard]] const Json* parts_of(const Json& entry) const {
    const auto subtasks = entry.find("subtasks");
    const bool wanted = options_->subtasks == Subtasks::as_tasks;
    return wanted && subtasks != entry.end() && subtasks->is_array() ? &*subtasks : nullptr;
  }

  void collect_ids(const Json& entries, const std::string& parent) {
    for (const Json& entry : entries) {
      const std::string id = id_of(entry);
      if (id.empty()) continue;
      const std::string full = full_id(id, parent);
      ids_.add(full);
      if (const Json* parts = parts_of(entry)) collect_ids(*parts, full);
    }
  }

  void read_list(const Json& entries, const Item* parent) {
    std::size_t place = 0;
    for (const Json& entry : entries) {
      ++place;
      if (!id_of(entry).empty()) {
        read_entry(entry, parent);
        continue;
      }
      const std::string where = parent == nullptr
                                    ? fmt::format("task {} of the list", place)
                                    : fmt::format("subtask {} of {}", place, parent->external_id);
      warnings_->add("left_out", "what has no id is left out", where);
    }
  }

  void read_entry(const Json& entry, const Item* parent) {
    Item item;
    item.parent = parent == nullptr ? "" : parent->external_id;
    item.external_id = full_id(id_of(entry), item.parent);
    if (parent == nullptr) item.number = task_number(item.external_id);
    item.task.description = text_at(entry, "title").value_or("");
    const std::string status = text_at(entry, "status").value_or("pending");
    item.task.status = status_of(status, item.external_id, *warnings_);
    read_priority(entry, parent, item);
    if (status == "deferred") item.task.priority = Priority::low;
    read_guidance(entry, item.task);
    read_dependencies(entry, item);
    for (const auto& [key, value] : entry.items())
      foreign_keys_.look_at(key, item.external_id, *warnings_);
    recall_metadata(entry, taskmaster_said(entry), item);
    if (parent != nullptr) settle_with(*parent, item);
    const Item own = item;
    items_.push_back(std::move(item));
    read_parts(entry, own);
  }

  void read_parts(const Json& entry, const Item& whole) {
    if (const Json* parts = parts_of(entry)) return read_list(*parts, &whole);
    const auto subtasks = entry.find("subtasks");
    if (subtasks != entry.end() && !subtasks->is_null() && !subtasks->is_array())
      warnings_->add("left_out", "subtasks that are no list are left out", whole.external_id);
  }

  void read_priority(const Json& entry, const Item* parent, Item& item) {
    const std::string priority = text_at(entry, "priority").value_or("");
    item.task.priority = parse_priority(priority);
    if (!priority.empty() && !item.task.priority) {
      warnings_->add("priority", fmt::format("priority '{}' became medium", shown(priority, 40)),
                     item.external_id);
    }
    if (parent != nullptr && priority.empty()) item.task.priority = parent->task.priority;
  }

  void read_dependencies(const Json& entry, Item& item) {
    const auto value = entry.find("dependencies");
    if (value == entry.end() || value->is_null()) return;
    std::vector<std::string> other;
    for (const std::string& text : dependency_words(*value, other)) {
      for (const std::string& word : ids_.split(text))
        item.depends_on.push_back(resolve(word, item.parent));
    }
    for (const std::string& what : other) {
      warnings_->add("unknown_dependency",
                     fmt::format("a dependency that names no task is left out, '{}'", shown(what)),
                     item.external_id);
    }
  }

  /// Without subtasks, who waits for a part waits for its whole.
  [[nodiscard]] std::string resolve(const std::string& word, const std::string& parent) const {
    std::string id = ids_.resolve(word, parent);
    if (options_->subtasks == Subtasks::as_tasks || ids_.contains(id)) return id;
    return ids_.resolve(id.substr(0, id.find('.')), parent);
  }

  /// What a settled task says of the parts that are still open.
  void settle_with(const Item& parent, Item& item) {
    if (item.task.status != Status::pending && item.task.status != Status::in_progress) return;
    if (!item.ours && parent.task.status == Status::completed)
      warnings_->add("open_subtask", "open, though their task is done", item.external_id);
    if (parent.task.status == Status::cancelled) item.task.status = Status::cancelled;
  }

  const ImportOptions* options_;
  Warnings* warnings_;
  ForeignKeys foreign_keys_{keys_of_tasks};
  TaskMasterIds ids_;
  std::vector<Item> items_;
};

}  // namespace

Imported from_taskmaster(std::string_view text, std::string_view name,
                         const ImportOptions& options) {
  const Json document = parse_json(text, name);
  const Json& list = find_list(document, name, options);
  const Json& tasks = *tasks_in(list);
  Warnings warnings;
  std::vector<Item> items = Reader(options, warnings).run(tasks);
  if (items.empty() && !tasks.empty())
    throw Error(ErrorKind::fatal, fmt::format("{}: no task with an id in it", name));
  Imported imported = assemble(std::move(items), options, warnings);
  const Json metadata = list.value("metadata", Json::object());
  if (!metadata.is_object()) return imported;
  if (const auto plan = plan_of(metadata.value("git_plan", Json()))) {
    auto added = std::move(imported.plan.tasks);
    imported.plan = *plan;
    imported.plan.tasks = std::move(added);
  } else {
    imported.plan.user_request = text_at(metadata, "description").value_or("");
  }
  return imported;
}

}  // namespace gitplan::exchange
