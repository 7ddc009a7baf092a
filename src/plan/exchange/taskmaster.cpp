// Task Master's tasks.json: {"<list>": {"tasks": [{id, title, …, subtasks}], "metadata": {…}}}, or
// {"tasks": […]} of its first versions.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan::exchange {
namespace {

const Json* tasks_in(const Json& list) {
  if (!list.is_object()) return nullptr;
  const auto tasks = list.find("tasks");
  return tasks != list.end() && tasks->is_array() ? &*tasks : nullptr;
}

/// The list by its name. A file without named lists has one, "master".
const Json& find_list(const Json& document, std::string_view name, const std::string& wanted) {
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
                               "--tag={} <path>",
                               text::shell_quote(lists.front()))});
}

struct Reader {
  std::string_view name;
  const ImportOptions* options = nullptr;
  Warnings warnings;
  std::vector<Item> items;
  std::set<std::string> tops;  ///< ids of tasks that are no subtasks
};

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

/// "24" of 24 and "24", "24.2" of a subtask's own number 2.
std::string full_id(const std::string& id, const std::string& parent) {
  return parent.empty() ? id : fmt::format("{}.{}", parent, id);
}

std::optional<std::uint32_t> wanted_number(const std::string& id) { return task_number(id); }

void read_details(const Json& entry, Task& task) {
  const std::string summary = text_at(entry, "description").value_or("");
  const std::string details = text_at(entry, "details").value_or("");
  std::string all = summary == task.description ? "" : summary;
  if (!details.empty()) all += (all.empty() ? "" : "\n\n") + details;
  const Json joined{{"details", all}};
  carry(joined, "details", "details", task);
  carry(entry, "testStrategy", "test_strategy", task);
  carry(entry, "acceptanceCriteria", "acceptance_criteria", task);
}

Json said(const Json& entry) {
  return Json{{"title", entry.value("title", Json())},
              {"status", entry.value("status", Json())},
              {"priority", entry.value("priority", Json())},
              {"dependencies", entry.value("dependencies", Json::array())}};
}

/// `number` in a subtask's list names the sibling, else the task; "5.2" names what it says.
std::string resolve(const std::string& word, const std::string& parent,
                    const std::set<std::string>& siblings, const Reader& reader) {
  if (reader.options->subtasks == Subtasks::left_out) return word.substr(0, word.find('.'));
  if (parent.empty() || word.find('.') != std::string::npos) return word;
  if (siblings.contains(word) || !reader.tops.contains(word)) return full_id(word, parent);
  return word;
}

void read_entry(Reader& reader, const Json& entry, const Item* parent,
                const std::set<std::string>& siblings) {
  const std::string above = parent == nullptr ? "" : parent->external_id;
  const auto id = entry.is_object() ? text_at(entry, "id") : std::nullopt;
  if (!id || id->empty()) {
    throw Error(ErrorKind::fatal,
                fmt::format("{}: a {} without an id", reader.name,
                            above.empty() ? std::string("task")
                                          : fmt::format("subtask of '{}'", shown(above))));
  }
  Item item;
  item.external_id = full_id(*id, above);
  item.parent = above;
  if (above.empty()) item.number = wanted_number(*id);
  item.task.description = text_at(entry, "title").value_or("");
  const std::string status = text_at(entry, "status").value_or("pending");
  item.task.status = status_of(status, item.external_id, reader.warnings);
  const std::string priority = text_at(entry, "priority").value_or("");
  item.task.priority = parse_priority(priority);
  if (!priority.empty() && !item.task.priority) {
    reader.warnings.add("priority", fmt::format("priority '{}' became medium", shown(priority, 40)),
                        item.external_id);
  }
  if (parent != nullptr && priority.empty()) item.task.priority = parent->task.priority;
  if (status == "deferred") item.task.priority = Priority::low;
  read_details(entry, item.task);
  for (const std::string& word : texts_at(entry, "dependencies"))
    item.depends_on.push_back(resolve(word, above, siblings, reader));
  recall_metadata(entry, said(entry), item);
  const bool open = item.task.status == Status::pending || item.task.status == Status::in_progress;
  if (parent != nullptr && open && !item.ours && parent->task.status == Status::completed) {
    reader.warnings.add("open_subtask", "open, though their task is done", item.external_id);
  }
  if (parent != nullptr && open && parent->task.status == Status::cancelled)
    item.task.status = Status::cancelled;
  const Item own = item;
  reader.items.push_back(std::move(item));

  const auto subtasks = entry.find("subtasks");
  if (subtasks == entry.end() || !subtasks->is_array() ||
      reader.options->subtasks == Subtasks::left_out) {
    return;
  }
  std::set<std::string> parts;
  for (const Json& subtask : *subtasks) {
    if (const auto part = subtask.is_object() ? text_at(subtask, "id") : std::nullopt)
      parts.insert(*part);
  }
  constexpr std::ptrdiff_t most_levels = 8;
  if (std::count(own.external_id.begin(), own.external_id.end(), '.') >= most_levels) return;
  for (const Json& subtask : *subtasks) read_entry(reader, subtask, &own, parts);
}

/// Where each task goes: "5", or "5.2" under the task whose external id is "5".
class Places {
 public:
  explicit Places(const Plan& plan) {
    std::set<std::string> used;
    for (const Task& task : plan.tasks) {
      const std::string wanted = task.external_id.value_or("");
      const auto number = task_number(wanted);
      if (number && wanted == fmt::format("{}", *number) && used.insert(wanted).second)
        ids_[task.id] = wanted;
    }
    for (const Task& task : plan.tasks) {
      const std::string wanted = task.external_id.value_or("");
      const auto dot = wanted.find('.');
      if (dot == std::string::npos || ids_.contains(task.id)) continue;
      const auto part = task_number(wanted.substr(dot + 1));
      const bool fits = part && wanted.substr(dot + 1) == fmt::format("{}", *part) &&
                        used.contains(wanted.substr(0, dot));
      if (fits && used.insert(wanted).second) ids_[task.id] = wanted;
    }
    std::uint32_t next = 1;
    for (const std::string& id : used) next = std::max(next, task_number(id).value_or(0) + 1);
    for (const Task& task : plan.tasks) {
      if (ids_.contains(task.id)) continue;
      std::string id = fmt::format("{}", task_number(task.id).value_or(next));
      while (!used.insert(id).second) id = fmt::format("{}", next++);
      ids_[task.id] = id;
    }
  }
  [[nodiscard]] const std::string& of(const std::string& id) const { return ids_.at(id); }

 private:
  std::map<std::string, std::string> ids_;
};

std::string word_of(Status status) {
  switch (status) {
    case Status::completed:
      return "done";
    case Status::in_progress:
      return "in-progress";
    case Status::cancelled:
      return "cancelled";
    case Status::failed:
      return "blocked";
    case Status::pending:
      break;
  }
  return "pending";
}

std::string word_of(Priority priority) { return std::string(to_string(priority)); }

/// "5" as the number 5, as Task Master writes it; "5.2" as it is.
Json id_json(const std::string& id) {
  const auto number = task_number(id);
  return number ? Json(*number) : Json(id);
}

Json entry_of(const Plan& plan, const Task& task, std::size_t place, const Places& places) {
  const std::string& id = places.of(task.id);
  const auto dot = id.find('.');
  Json dependencies = Json::array();
  for (const std::string& needed : task.depends_on) {
    const auto found = plan.find(needed);
    if (found) dependencies.push_back(id_json(places.of(plan.tasks[*found].id)));
  }
  Json entry;
  entry["id"] = id_json(dot == std::string::npos ? id : id.substr(dot + 1));
  entry["title"] = task.description;
  entry["description"] = task.description;
  entry["status"] = word_of(task.status);
  entry["priority"] = word_of(task.effective_priority());
  entry["dependencies"] = std::move(dependencies);
  for (const auto& [ours, theirs] :
       {std::pair{"details", "details"}, std::pair{"test_strategy", "testStrategy"}}) {
    const Json value = foreign_value(task.foreign, ours);
    entry[theirs] = value.is_string() ? value : Json("");
  }
  entry["metadata"] = metadata_of(task, place, said(entry));
  entry["subtasks"] = Json::array();
  return entry;
}

}  // namespace

Imported from_taskmaster(std::string_view text, std::string_view name,
                         const ImportOptions& options) {
  const Json document = parse_json(text, name);
  const Json& list = find_list(document, name, options.list);
  Reader reader{name, &options, {}, {}, {}};
  const Json& tasks = *tasks_in(list);
  for (const Json& entry : tasks) {
    if (const auto id = entry.is_object() ? text_at(entry, "id") : std::nullopt)
      reader.tops.insert(*id);
  }
  for (const Json& entry : tasks) read_entry(reader, entry, nullptr, {});
  Imported imported = assemble(std::move(reader.items), options, reader.warnings);
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

std::string to_taskmaster(const Plan& plan) {
  const Places places(plan);
  Json tasks = Json::array();
  std::map<std::string, std::size_t> tops;
  std::vector<std::pair<std::string, Json>> parts;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const std::string& id = places.of(plan.tasks[i].id);
    Json entry = entry_of(plan, plan.tasks[i], i, places);
    if (const auto dot = id.find('.'); dot != std::string::npos) {
      parts.emplace_back(id.substr(0, dot), std::move(entry));
    } else {
      tops[id] = tasks.size();
      tasks.push_back(std::move(entry));
    }
  }
  for (auto& [parent, entry] : parts) {
    entry.erase("subtasks");
    tasks[tops.at(parent)]["subtasks"].push_back(std::move(entry));
  }
  Json metadata{{"created", plan.created_at},
                {"description", plan.user_request},
                {"git_plan", plan_json(plan)}};
  const Json document{{"master", {{"tasks", std::move(tasks)}, {"metadata", std::move(metadata)}}}};
  return document.dump(2, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

}  // namespace gitplan::exchange
