// beads' issues.jsonl: one issue a line, {id, title, status, priority, issue_type, dependencies:
// [{issue_id, depends_on_id, type}], …}.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/beads_edges.hpp"
#include "plan/exchange/beads_records.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan::exchange {
namespace {

/// Of an issue.
constexpr auto keys_of_issues = std::to_array<std::string_view>({"_type",
                                                                 "acceptance_criteria",
                                                                 "actor",
                                                                 "agent_state",
                                                                 "assignee",
                                                                 "await_id",
                                                                 "await_type",
                                                                 "bonded_from",
                                                                 "close_reason",
                                                                 "closed_at",
                                                                 "closed_by_session",
                                                                 "comment_count",
                                                                 "comments",
                                                                 "compacted_at",
                                                                 "compacted_at_commit",
                                                                 "compaction_level",
                                                                 "content_hash",
                                                                 "created_at",
                                                                 "created_by",
                                                                 "creator",
                                                                 "crystallizes",
                                                                 "defer_until",
                                                                 "delete_reason",
                                                                 "deleted_at",
                                                                 "deleted_by",
                                                                 "dependencies",
                                                                 "dependency_count",
                                                                 "dependent_count",
                                                                 "dependents",
                                                                 "description",
                                                                 "design",
                                                                 "due_at",
                                                                 "ephemeral",
                                                                 "estimated_minutes",
                                                                 "event_kind",
                                                                 "external_ref",
                                                                 "holder",
                                                                 "hook_bead",
                                                                 "id",
                                                                 "is_template",
                                                                 "issue_type",
                                                                 "labels",
                                                                 "last_activity",
                                                                 "lease_expires_at",
                                                                 "metadata",
                                                                 "mol_type",
                                                                 "no_history",
                                                                 "notes",
                                                                 "original_size",
                                                                 "original_type",
                                                                 "owner",
                                                                 "parent",
                                                                 "parent_id",
                                                                 "payload",
                                                                 "pinned",
                                                                 "priority",
                                                                 "quality_score",
                                                                 "rig",
                                                                 "role_bead",
                                                                 "role_type",
                                                                 "sender",
                                                                 "source_formula",
                                                                 "source_location",
                                                                 "source_repo",
                                                                 "source_system",
                                                                 "spec_id",
                                                                 "started_at",
                                                                 "status",
                                                                 "target",
                                                                 "timeout",
                                                                 "title",
                                                                 "updated_at",
                                                                 "validations",
                                                                 "waiters",
                                                                 "wisp_type",
                                                                 "work_type"});

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

Json said(const Json& issue, const Item& item) {
  return Json{{"title", issue.value("title", Json())},
              {"status", issue.value("status", Json())},
              {"priority", issue.value("priority", Json())},
              {"dependencies", item.depends_on},
              {"details", beads_guidance(issue)},
              {"test_strategy", prose_at(issue, "acceptance_criteria")}};
}

void read_rest(const Json& issue, Task& task) {
  for (const auto* key : {"design", "notes", "labels", "issue_type", "assignee", "external_ref"})
    carry(issue, key, key, task);
  if (auto details = beads_guidance(issue); !details.empty()) task.details = std::move(details);
  add_paragraph(task.test_strategy, "", prose_at(issue, "acceptance_criteria"));
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

/// The numbers that ids end in, of a file in which all do. A hash that happens to have no letter
/// stands among others, or is large.
void want_numbers(std::vector<Item>& items) {
  constexpr std::uint32_t most = 999;
  std::vector<std::optional<std::uint32_t>> numbers;
  for (const Item& item : items) {
    const auto dash = item.external_id.rfind('-');
    if (dash == std::string::npos) return;
    const std::string tail = item.external_id.substr(dash + 1);
    if (tail.find_first_not_of("0123456789.") != std::string::npos) return;
    numbers.push_back(task_number(tail));  // none of a part, such as 12.1
    if (!numbers.back() ? tail.find('.') == std::string::npos : *numbers.back() > most) return;
  }
  for (std::size_t i = 0; i < items.size(); ++i) items[i].number = numbers[i];
}

Item item_of(const Json& issue, const BeadsEdges& edges, Warnings& warnings) {
  Item item;
  item.external_id = beads_id(issue);
  item.task.description = text_at(issue, "title").value_or("");
  item.task.status = status_of(beads_status(issue), item.external_id, warnings);
  read_priority(issue, item, warnings);
  edges.tell(item, warnings);
  read_rest(issue, item.task);
  recall_metadata(issue, said(issue, item), item);
  return item;
}

/// The issues; what stands for the whole of an exported plan goes to `plan`.
std::vector<Item> read_items(const std::vector<Json>& records, std::optional<Plan>& plan,
                             Warnings& warnings) {
  std::vector<const Json*> issues;
  std::set<std::string> wholes;
  for (const Json& record : records) {
    if (auto whole = exported_plan(record)) {
      plan = std::move(whole);
      wholes.insert(beads_id(record));
    } else {
      issues.push_back(&record);
    }
  }
  const BeadsEdges edges(issues, warnings);
  ForeignKeys foreign_keys(keys_of_issues);
  std::vector<Item> items;
  for (const Json* issue : issues) {
    items.push_back(item_of(*issue, edges, warnings));
    for (const auto& [key, value] : issue->items())
      foreign_keys.look_at(key, items.back().external_id, warnings);
    if (wholes.contains(items.back().parent)) items.back().parent.clear();
  }
  return items;
}

[[noreturn]] void refuse_nothing(std::string_view name, const Warnings& warnings) {
  const Diagnostics why = warnings.diagnostics();
  throw Error(ErrorKind::fatal,
              fmt::format("{}: no issues in it{}{}", name, why.empty() ? "" : "; ",
                          why.empty() ? "" : why.front().message));
}

}  // namespace

Imported from_beads(std::string_view text, std::string_view name, const ImportOptions& options) {
  Warnings warnings;
  std::optional<Plan> plan;
  std::vector<Item> items = read_items(beads_records(text, name, warnings), plan, warnings);
  if (items.empty() && !plan) refuse_nothing(name, warnings);
  want_numbers(items);
  Imported imported = assemble(std::move(items), options, warnings);
  if (plan) {
    auto added = std::move(imported.plan.tasks);
    imported.plan = *std::move(plan);
    imported.plan.tasks = std::move(added);
  }
  return imported;
}

}  // namespace gitplan::exchange
