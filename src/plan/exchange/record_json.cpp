#include "plan/exchange/record_json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/toml_json.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"
#include "plan/toml.hpp"
#include "plan/toml_literal.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::exchange {
namespace {

void put(Json& object, std::string_view key, const std::string& value) {
  if (!value.empty()) object[std::string(key)] = value;
}
void put(Json& object, std::string_view key, const std::optional<std::string>& value) {
  if (value) object[std::string(key)] = *value;
}
void put(Json& object, std::string_view key, const std::vector<std::string>& value) {
  if (!value.empty()) object[std::string(key)] = value;
}
void put(Json& object, std::string_view key, std::int64_t value) {
  object[std::string(key)] = value;
}
void put(Json& object, std::string_view key, bool value) {
  if (value) object[std::string(key)] = value;
}
void put(Json& object, std::string_view key, Status value) {
  object[std::string(key)] = to_string(value);
}
void put(Json& object, std::string_view key, const std::optional<Priority>& value) {
  if (value) object[std::string(key)] = to_string(*value);
}

bool read_member(const Json& value, std::string& member) {
  if (!value.is_string()) return false;
  member = value.get<std::string>();
  return true;
}
bool read_member(const Json& value, std::optional<std::string>& member) {
  return read_member(value, member.emplace());
}
bool read_member(const Json& value, std::vector<std::string>& member) {
  if (!value.is_array()) return false;
  for (const Json& item : value) {
    if (!read_member(item, member.emplace_back())) return false;
  }
  return true;
}
bool read_member(const Json& value, std::int64_t& member) {
  if (!value.is_number_integer()) return false;
  member = value.get<std::int64_t>();
  return true;
}
bool read_member(const Json& value, bool& member) {
  if (!value.is_boolean()) return false;
  member = value.get<bool>();
  return true;
}
bool read_member(const Json& value, Status& member) {
  const auto status = value.is_string() ? parse_status(value.get<std::string>()) : std::nullopt;
  if (status) member = *status;
  return status.has_value();
}
bool read_member(const Json& value, std::optional<Priority>& member) {
  member = value.is_string() ? parse_priority(value.get<std::string>()) : std::nullopt;
  return member.has_value();
}

template <class Record>
Json record_json(const Record& record) {
  Json object = Json::object();
  for (const toml_io::Field<Record>& field : toml_io::fields<Record>()) {
    std::visit([&](auto member) { put(object, field.key, record.*member); }, field.member);
  }
  return object;
}

template <class Record>
bool read_record(const Json& object, Record& record) {
  if (!object.is_object()) return false;
  for (const toml_io::Field<Record>& field : toml_io::fields<Record>()) {
    const auto found = object.find(std::string(field.key));
    if (found == object.end()) continue;
    if (!std::visit([&](auto member) { return read_member(*found, record.*member); }, field.member))
      return false;
  }
  return true;
}

Json foreign_json(const std::vector<ForeignKey>& foreign) {
  Json object = Json::object();
  for (const auto& [key, literal] : foreign) object[key] = literal;
  return object;
}

/// Keys with their literals, as far as they still are what TOML understands.
std::vector<ForeignKey> foreign_of(const Json& object) {
  std::vector<ForeignKey> keys;
  const auto found = object.find("foreign");
  if (found == object.end() || !found->is_object()) return keys;
  for (const auto& [key, literal] : found->items()) {
    if (literal.is_string() && is_literal(literal.get<std::string>()))
      keys.emplace_back(key, literal.get<std::string>());
  }
  return keys;
}

/// Some keys of ours were none once.
bool is_key_of_tasks(std::string_view key) {
  const auto all = toml_io::fields<Task>();
  return std::ranges::find(all, key, &toml_io::Field<Task>::key) != all.end();
}

}  // namespace

std::optional<std::string> toml_literal(const Json& value) {
  if (value.is_string()) return toml_io::quote(value.get<std::string>());
  if (value.is_boolean()) return value.get<bool>() ? "true" : "false";
  if (value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX) return std::nullopt;
  if (value.is_number_integer()) return fmt::format("{}", value.get<std::int64_t>());
  if (value.is_number_float()) return fmt::format("{:#}", value.get<double>());
  if (!value.is_structured()) return std::nullopt;
  std::vector<std::string> items;
  for (const auto& [key, item] : value.items()) {
    const auto literal = toml_literal(item);
    if (!literal) continue;
    items.push_back(value.is_object() ? fmt::format("{} = {}", toml_io::key_literal(key), *literal)
                                      : *literal);
  }
  const std::string inside = text::join(items, ", ");
  return value.is_object() ? fmt::format("{{ {} }}", inside) : fmt::format("[{}]", inside);
}

void carry(const Json& object, const char* from, std::string_view key, Task& task) {
  const auto found = object.find(from);
  if (found == object.end() || found->is_null() || found->empty()) return;
  if (found->is_string() && found->get<std::string>().empty()) return;
  if (auto literal = toml_literal(*found)) task.foreign.emplace_back(key, *std::move(literal));
}

std::string prose_at(const Json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end()) return "";
  if (!found->is_array()) return std::string(text::trim(text_of(*found).value_or("")));
  std::vector<std::string> lines;
  for (const Json& item : *found) {
    const auto line = text_of(item);
    if (line && !text::trim(*line).empty()) lines.push_back(fmt::format("- {}", text::trim(*line)));
  }
  return text::join(lines, "\n");
}

Json foreign_value(const std::vector<ForeignKey>& foreign, std::string_view key) {
  for (const auto& [name, literal] : foreign) {
    if (name == key) return Json::parse(literal_as_json(literal), nullptr, false);
  }
  return nullptr;
}

Json task_json(const Task& task) {
  Json object = record_json(task);
  if (!task.foreign.empty()) object["foreign"] = foreign_json(task.foreign);
  return object;
}

std::optional<Task> task_of(const Json& object) {
  Task task;
  if (!read_record(object, task)) return std::nullopt;
  task.foreign = foreign_of(object);
  std::erase_if(task.foreign, [](const ForeignKey& one) { return is_key_of_tasks(one.first); });
  return task;
}

Json plan_json(const Plan& plan) {
  Json object = record_json(plan);
  Json updates = Json::array();
  for (const Update& update : plan.updates) updates.push_back(record_json(update));
  if (!updates.empty()) object["updates"] = std::move(updates);
  if (!plan.foreign.empty()) object["foreign"] = foreign_json(plan.foreign);
  return object;
}

std::optional<Plan> plan_of(const Json& object) {
  Plan plan;
  plan.flow_branch.clear();  // left out where it is empty, as any other text
  if (!read_record(object, plan)) return std::nullopt;
  if (const auto updates = object.find("updates"); updates != object.end()) {
    for (const Json& update : *updates) {
      if (!read_record(update, plan.updates.emplace_back())) return std::nullopt;
    }
  }
  plan.foreign = foreign_of(object);
  return plan;
}

Json metadata_of(const Task& task, std::size_t place, Json as) {
  return Json{{"git_plan", {{"task", task_json(task)}, {"place", place}, {"as", std::move(as)}}}};
}

void recall_metadata(const Json& entry, const Json& now, Item& item) {
  const auto metadata = entry.find("metadata");
  if (metadata == entry.end() || !metadata->is_object()) return;
  const auto noted = metadata->find("git_plan");
  if (noted == metadata->end() || !noted->is_object() || !noted->contains("task")) return;
  auto ours = task_of((*noted)["task"]);
  if (!ours) return;
  const Json as = noted->value("as", Json::object());
  const auto unchanged = [&](const char* key) {
    return as.is_object() && as.contains(key) && now.contains(key) && as[key] == now[key];
  };
  Task task = *ours;
  if (!unchanged("title")) task.description = item.task.description;
  if (!unchanged("status")) {
    task.status = item.task.status;
    clear_outcome(task);
  }
  if (!unchanged("priority")) task.priority = item.task.priority;
  if (!unchanged("details")) task.details = item.task.details;
  if (!unchanged("test_strategy")) task.test_strategy = item.task.test_strategy;
  item.same_dependencies = unchanged("dependencies");
  if (item.same_dependencies) item.depends_on.clear();
  item.task = std::move(task);
  item.ours = std::move(ours);
  if (noted->contains("place") && (*noted)["place"].is_number_unsigned())
    item.place = (*noted)["place"].get<std::size_t>();
}

}  // namespace gitplan::exchange
