// beads' issues.jsonl: one issue a line, {id, title, status, priority, issue_type, dependencies:
// [{issue_id, depends_on_id, type}], …}.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/estimate.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::exchange {
namespace {

struct Reader {
  Warnings warnings;
  std::vector<Item> items;
  std::optional<Plan> plan;  ///< of an export of ours
};

Status status_of(const std::string& word, const std::string& id, Warnings& warnings) {
  if (word == "open") return Status::pending;
  if (word == "closed") return Status::completed;
  if (word == "in_progress") return Status::in_progress;
  // Blocked says what the dependencies say.
  if (word != "blocked")
    warnings.add("status", fmt::format("status '{}' became pending", shown(word, 40)), id);
  return Status::pending;
}

constexpr std::array<Priority, 5> priorities = {Priority::critical, Priority::high,
                                                Priority::medium, Priority::low, Priority::low};

void read_priority(const Json& issue, Item& item, Warnings& warnings) {
  const auto found = issue.find("priority");
  if (found == issue.end() || found->is_null()) return;
  if (found->is_number_integer()) {
    const auto level = found->get<std::int64_t>();
    if (level >= 0 && level < static_cast<std::int64_t>(priorities.size())) {
      item.task.priority = priorities.at(static_cast<std::size_t>(level));
      return;
    }
  }
  warnings.add("priority", fmt::format("priority '{}' became medium", shown(found->dump(), 40)),
               item.external_id);
}

/// What waits for what; `blocks` and `parent-child` order work, the other types tell of it.
void read_dependency(const Json& dependency, Item& item, Warnings& warnings) {
  if (!dependency.is_object()) return;
  const auto needed = text_at(dependency, "depends_on_id");
  const std::string from = text_at(dependency, "issue_id").value_or(item.external_id);
  if (!needed || from != item.external_id) return;
  const std::string type = text_at(dependency, "type").value_or("blocks");
  if (type == "blocks") {
    item.depends_on.push_back(*needed);
  } else if (type == "parent-child") {
    item.parent = *needed;
  } else {
    warnings.add(
        "dependency_type",
        fmt::format("a dependency of type '{}' orders no work and is left out", shown(type, 40)),
        item.external_id);
  }
}

Json said(const Json& issue, const Item& item) {
  return Json{{"title", issue.value("title", Json())},
              {"status", issue.value("status", Json())},
              {"priority", issue.value("priority", Json())},
              {"dependencies", item.depends_on}};
}

void read_rest(const Json& issue, Task& task) {
  for (const auto& [theirs, ours] :
       {std::pair{"description", "details"}, std::pair{"design", "design"},
        std::pair{"acceptance_criteria", "acceptance_criteria"}, std::pair{"notes", "notes"},
        std::pair{"labels", "labels"}, std::pair{"issue_type", "issue_type"},
        std::pair{"assignee", "assignee"}, std::pair{"external_ref", "external_ref"}}) {
    carry(issue, theirs, ours, task);
  }
  const auto minutes = issue.find("estimated_minutes");
  if (minutes != issue.end() && minutes->is_number_integer() && minutes->get<std::int64_t>() > 0)
    task.estimated_time = fmt::format("{} minutes", minutes->get<std::int64_t>());
}

/// The issue that stands for the whole of an exported plan.
std::optional<Plan> exported_plan(const Json& issue) {
  const Json metadata = issue.value("metadata", Json());
  if (!metadata.is_object()) return std::nullopt;
  const Json noted = metadata.value("git_plan", Json());
  return noted.is_object() && noted.contains("plan") ? plan_of(noted["plan"]) : std::nullopt;
}

void read_issue(Reader& reader, const Json& issue, std::string_view where) {
  const auto id = issue.is_object() ? text_at(issue, "id") : std::nullopt;
  if (!id || id->empty())
    throw Error(ErrorKind::fatal, fmt::format("{}: an issue without an id", where));
  const std::string status = text_at(issue, "status").value_or("open");
  if (status == "tombstone") return;
  if (auto plan = exported_plan(issue)) {
    reader.plan = std::move(plan);
    return;
  }
  Item item;
  item.external_id = *id;
  const auto dash = id->rfind('-');
  if (dash != std::string::npos) item.number = task_number(id->substr(dash + 1));
  item.task.description = text_at(issue, "title").value_or("");
  item.task.status = status_of(status, *id, reader.warnings);
  read_priority(issue, item, reader.warnings);
  for (const Json& dependency : issue.value("dependencies", Json::array()))
    read_dependency(dependency, item, reader.warnings);
  read_rest(issue, item.task);
  recall_metadata(issue, said(issue, item), item);
  reader.items.push_back(std::move(item));
}

void read_lines(Reader& reader, std::string_view text, std::string_view name) {
  int number = 0;
  for (const std::string_view line : text::split(text, '\n')) {
    ++number;
    if (text::trim(line).empty()) continue;
    const std::string where = fmt::format("{}: line {}", name, number);
    read_issue(reader, parse_json(line, where), where);
  }
}

/// Ids as beads has them: its own where it gave them, else bd-<number>.
class Names {
 public:
  explicit Names(const Plan& plan) {
    for (const Task& task : plan.tasks) {
      std::string name = task.external_id.value_or("");
      const bool fits = name.find('-') != std::string::npos && !text::has_control(name) &&
                        name.find(' ') == std::string::npos;
      if (!fits) name = fmt::format("bd-{}", task_number(task.id).value_or(0));
      for (int n = 2; !used_.insert(name).second; ++n)
        name = fmt::format("bd-{}.{}", task_number(task.id).value_or(0), n);
      names_.push_back(name);
    }
    whole_ = "bd-plan";
    for (int n = 2; used_.contains(whole_); ++n) whole_ = fmt::format("bd-plan-{}", n);
  }
  [[nodiscard]] const std::string& of(std::size_t task) const { return names_[task]; }
  [[nodiscard]] const std::string& whole() const { return whole_; }

 private:
  std::vector<std::string> names_;
  std::set<std::string> used_;
  std::string whole_;
};

std::string word_of(Status status) {
  switch (status) {
    case Status::completed:
    case Status::cancelled:
      return "closed";
    case Status::in_progress:
      return "in_progress";
    case Status::failed:
      return "blocked";
    case Status::pending:
      break;
  }
  return "open";
}

Json edge(const std::string& from, const std::string& to, std::string_view type,
          const std::string& at) {
  return Json{{"issue_id", from}, {"depends_on_id", to}, {"type", type}, {"created_at", at}};
}

Json head(const std::string& id, const std::string& title, Status status, const Plan& plan) {
  Json issue{{"id", id}, {"title", title}, {"status", word_of(status)}};
  issue["created_at"] = plan.created_at;
  issue["updated_at"] = plan.created_at;
  if (status == Status::completed || status == Status::cancelled) {
    issue["closed_at"] = plan.created_at;
    issue["close_reason"] = to_string(status);
  }
  return issue;
}

Json issue_of(const Plan& plan, std::size_t index, const Names& names) {
  const Task& task = plan.tasks[index];
  Json issue = head(names.of(index), task.description, task.status, plan);
  issue["priority"] = static_cast<int>(task.effective_priority());
  issue["issue_type"] = "task";
  for (const auto& [ours, theirs] :
       {std::pair{"details", "description"}, std::pair{"design", "design"},
        std::pair{"acceptance_criteria", "acceptance_criteria"}, std::pair{"notes", "notes"},
        std::pair{"labels", "labels"}, std::pair{"issue_type", "issue_type"},
        std::pair{"assignee", "assignee"}}) {
    Json value = foreign_value(task.foreign, ours);
    if (!value.is_null() && !value.is_discarded()) issue[theirs] = std::move(value);
  }
  constexpr double seconds_a_minute = 60;
  if (const auto time = parse_duration(task.estimated_time.value_or("")))
    issue["estimated_minutes"] = static_cast<std::int64_t>(*time / seconds_a_minute + 0.5);
  Json edges = Json::array();
  std::vector<std::string> needs;
  for (const std::string& id : task.depends_on) {
    const auto found = plan.find(id);
    if (!found) continue;
    needs.push_back(names.of(*found));
    edges.push_back(edge(names.of(index), needs.back(), "blocks", plan.created_at));
  }
  edges.push_back(edge(names.of(index), names.whole(), "parent-child", plan.created_at));
  issue["dependencies"] = std::move(edges);
  Json as{{"title", issue["title"]},
          {"status", issue["status"]},
          {"priority", issue["priority"]},
          {"dependencies", needs}};
  issue["metadata"] = metadata_of(task, index, std::move(as));
  return issue;
}

std::string line_of(const Json& issue) {
  return issue.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

bool is_settled(const Task& task) {
  return task.status == Status::completed || task.status == Status::cancelled;
}

}  // namespace

Imported from_beads(std::string_view text, std::string_view name, const ImportOptions& options) {
  toml_io::require_text(text, name);
  Reader reader;
  if (text::trim(text).starts_with('[')) {
    for (const Json& issue : parse_json(text, name)) read_issue(reader, issue, name);
  } else {
    read_lines(reader, text, name);
  }
  if (reader.items.empty() && !reader.plan)
    throw Error(ErrorKind::fatal, fmt::format("{}: no issues in it", name));
  Imported imported = assemble(std::move(reader.items), options, reader.warnings);
  if (reader.plan) {
    auto added = std::move(imported.plan.tasks);
    imported.plan = *std::move(reader.plan);
    imported.plan.tasks = std::move(added);
  }
  return imported;
}

std::string to_beads(const Plan& plan) {
  const Names names(plan);
  const bool done =
      !plan.tasks.empty() && std::all_of(plan.tasks.begin(), plan.tasks.end(), is_settled);
  Json whole =
      head(names.whole(), plan.user_request.empty() ? "plan/" + plan.session_id : plan.user_request,
           done ? Status::completed : Status::pending, plan);
  whole["priority"] = static_cast<int>(Priority::medium);
  whole["issue_type"] = "epic";
  whole["metadata"] = Json{{"git_plan", {{"plan", plan_json(plan)}}}};
  std::string lines = line_of(whole);
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) lines += line_of(issue_of(plan, i, names));
  return lines;
}

}  // namespace gitplan::exchange
