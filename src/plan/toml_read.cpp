// What a TOML tree says of a plan, leniently: a mistake is reported and its field left at the
// default.
#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <map>

#include "base/error.hpp"
#include "plan/fields.hpp"
#include "plan/shown.hpp"
#include "plan/toml_misnamed_keys.hpp"
#include "plan/toml_tree.hpp"
#include "plan/toml_values.hpp"

namespace gitplan::toml_io {
namespace {

template <class Record>
void read_record(const toml::table& table, const Report& report, Record& record) {
  for (const Field<Record>& field : fields<Record>()) {
    if (std::is_same_v<Record, Plan> && field.key == "version" &&
        report.source() != Source::stored) {
      continue;  // a new plan starts at version 1
    }
    const toml::node* node = table.get(field.key);
    if (node == nullptr) continue;
    std::visit(
        [&](auto member) { read_value(*node, field.key, field.form, report, record.*member); },
        field.member);
  }
}

/// Calls `read` with each table of the list at `key`, and the number of its place in the list.
template <class Read>
void read_list(const toml::table& document, std::string_view key, const Report& report, Read read) {
  const toml::node* node = document.get(key);
  if (node == nullptr) return;
  const toml::array* list = node->as_array();
  const bool json = report.source() == Source::json_input;
  if (list == nullptr) {
    return report.wrong_type(*node, fmt::format("'{}'", key),
                             json ? "a list of objects" : "a list of tables");
  }
  std::size_t number = 0;
  for (const toml::node& item : *list) {
    ++number;
    if (const toml::table* table = item.as_table()) {
      read(*table, number);
    } else {
      report.wrong_type(item, fmt::format("item {} of '{}'", number, key),
                        json ? "an object" : "a table");
    }
  }
}

/// Our own JSON output holds these; they are worked out anew each time.
bool is_derived(std::string_view key, bool of_task) {
  static constexpr std::array<std::string_view, 8> of_tasks = {
      "branch", "ready",         "blocked_by",   "wave", "estimated_minutes",
      "worker", "worktree_path", "absolute_path"};
  static constexpr std::array<std::string_view, 10> of_plans = {
      "schema", "plan_branch", "plan_version", "total_tasks",          "completed_tasks",
      "state",  "unreachable", "unestimated",  "architecture_updates", "warnings"};
  return of_task ? std::ranges::find(of_tasks, key) != of_tasks.end()
                 : std::ranges::find(of_plans, key) != of_plans.end();
}

/// Ours, or said by our own output and so in the way of none of ours.
template <class Record>
bool is_ours(std::string_view key, const toml::table& table, Source source) {
  constexpr bool of_task = std::is_same_v<Record, Task>;
  if (std::ranges::find(fields<Record>(), key, &Field<Record>::key) != fields<Record>().end()) {
    return true;
  }
  if (!of_task && (key == "format" || key == "tasks" || key == "updates" || key == "approvals")) {
    return true;
  }
  if (of_task && key == "estimated_minutes" && !table.contains("estimated_time")) return false;
  return source == Source::json_input && is_derived(key, of_task);
}

/// Warns of keys that are not ours where one of ours seems to be meant.
class MisnamedKeys {
 public:
  template <class Record>
  void warn_of(const toml::table& table, const Report& report) {
    std::multimap<int, std::pair<std::string_view, const toml::node*>> by_line;
    for (const auto& [key, value] : table) {
      if (is_ours<Record>(key.str(), table, report.source())) continue;
      by_line.emplace(report.line_of(value).value_or(0), std::pair(key.str(), &value));
    }
    for (const auto& [line, pair] : by_line) {
      const auto& [key, value] = pair;
      const auto& meant = meaning<Record>(std::string(key));
      if (!meant) continue;
      report.add("misnamed_key", *value,
                 fmt::format("unknown key '{}'; did you mean '{}'?", shown(key), *meant),
                 Severity::warning);
    }
  }

 private:
  /// Most tasks of a plan have the same keys.
  template <class Record>
  const std::optional<std::string>& meaning(const std::string& key) {
    constexpr auto of = std::is_same_v<Record, Task> ? KeyOf::task : KeyOf::plan;
    const auto [known, is_new] = known_.try_emplace({of, key});
    if (is_new) known->second = meant_key(key, of);
    return known->second;
  }

  std::map<std::pair<KeyOf, std::string>, std::optional<std::string>> known_;
};

/// The keys that are not ours, in the order in which they stand in the text.
template <class Record>
std::vector<ForeignKey> foreign_keys(const toml::table& table, Source source) {
  std::vector<std::pair<toml::source_position, ForeignKey>> found;
  for (const auto& [key, value] : table) {
    if (is_ours<Record>(key.str(), table, source)) continue;
    found.emplace_back(value.source().begin,
                       ForeignKey(std::string(key.str()), node_literal(value)));
  }
  std::ranges::stable_sort(found, [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<ForeignKey> keys;
  keys.reserve(found.size());
  for (auto& entry : found) keys.push_back(std::move(entry.second));
  return keys;
}

void read_format(const toml::table& document, std::string_view name, const Report& report) {
  const toml::node* node = document.get("format");
  if (node == nullptr) return;
  if (!node->is_integer()) return report.wrong_type(*node, "'format'", "an integer");
  const std::int64_t format = node->as_integer()->get();
  if (format > format_version) {
    throw Error(
        ErrorKind::fatal,
        fmt::format("{} has format {}, newer than this program understands ({})", name, format,
                    format_version),
        Hint{"upgrade git-plan; to see the version that you have, run: git plan --version"});
  }
  if (format < 1) report.add("bad_format", *node, fmt::format("bad format {}", format));
}

std::string task_label(const toml::table& table, std::size_t number, std::string& id) {
  if (const auto* text = table.get_as<std::string>("id")) id = text->get();
  return id.empty() ? fmt::format("task number {} (without an id)", number)
                    : fmt::format("task '{}'", shown(id));
}

void read_tasks(const toml::table& document, const Report& report, Source source,
                ParsedPlan& parsed) {
  MisnamedKeys misnamed;
  misnamed.warn_of<Plan>(document, report);
  read_list(document, "tasks", report, [&](const toml::table& table, std::size_t number) {
    Task& task = parsed.plan.tasks.emplace_back();
    parsed.task_lines.push_back(report.line_of(table).value_or(0));
    std::string id;
    std::string label = task_label(table, number, id);
    const Report own = report.of(std::move(label), std::move(id));
    read_record(table, own, task);
    misnamed.warn_of<Task>(table, own);
    if (source != Source::stored) task.foreign = foreign_keys<Task>(table, source);
  });
}

/// A list of small records such as [[updates]].
template <class Record>
void read_records(const toml::table& document, std::string_view key, std::string_view name,
                  const Report& report, std::vector<Record>& records) {
  read_list(document, key, report, [&](const toml::table& table, std::size_t number) {
    Record& record = records.emplace_back();
    read_record(table, report.of(fmt::format("{}: item {} of '{}'", name, number, key)), record);
    // It is written anew, with the version that the plan begins with.
    if (report.source() != Source::stored && !table.contains("version")) record.version = 1;
  });
}

}  // namespace

void require_tasks(const toml::table& document, std::string_view name, std::string_view form) {
  if (document.contains("tasks")) return;
  std::string message = fmt::format("{}: no {} in it", name, form);
  for (const auto& [key, value] : document) {
    if (meant_key(key.str(), KeyOf::plan) == "tasks")
      message += fmt::format("; did you mean 'tasks' by '{}'?", shown(key.str()));
  }
  throw Error(ErrorKind::fatal, std::move(message));
}

ParsedPlan read_plan(const toml::table& document, std::string_view name, Source source,
                     const NodeLines* lines) {
  ParsedPlan parsed;
  const Report report(parsed.diagnostics, source, std::string(name), lines);
  read_format(document, name, report);
  read_record(document, report, parsed.plan);
  parsed.names_flow = document.contains("flow_branch");
  read_records(document, "updates", name, report, parsed.plan.updates);
  if (source == Source::stored) {  // not part of the plan, but a mistake in them is one in the plan
    std::vector<Approval> approvals;
    read_records(document, "approvals", name, report, approvals);
  }
  read_tasks(document, report, source, parsed);
  if (source != Source::stored) parsed.plan.foreign = foreign_keys<Plan>(document, source);
  return parsed;
}

ParsedPlan parse_plan(std::string_view text, std::string_view name) {
  return read_plan(parse_document(text, name), name, Source::stored);
}

ParsedPlan parse_input(std::string_view text, std::string_view name) {
  return read_plan(parse_document(text, name), name, Source::input);
}

ParsedPlan parse_tasks(std::string_view text, std::string_view name) {
  const toml::table document = parse_document(text, name);
  require_tasks(document, name, "[[tasks]]");
  return read_plan(document, name, Source::input);
}

std::vector<Approval> parse_approvals(std::string_view text, std::string_view name) {
  const toml::table document = parse_document(text, name);
  std::vector<Approval> approvals;
  Diagnostics diagnostics;
  const Report report(diagnostics, Source::stored, std::string(name));
  read_format(document, name, report);
  read_records(document, "approvals", name, report, approvals);
  return approvals;
}

TaskFile parse_task_file(std::string_view text, std::string_view name, Diagnostics* diagnostics) {
  const toml::table document = parse_document(text, name);
  Diagnostics found;
  const Report report(found, Source::stored, std::string(name));
  read_format(document, name, report);
  TaskFile file;
  read_record(document, report, file);
  if (diagnostics != nullptr) *diagnostics = std::move(found);
  return file;
}

std::optional<std::vector<std::string>> parse_list(std::string_view literal) try {
  const toml::table document = parse_document(fmt::format("list = {}\n", literal), "list");
  const toml::node* node = document.get("list");
  if (node == nullptr || document.size() != 1) return std::nullopt;
  Diagnostics diagnostics;
  std::vector<std::string> items;
  read_value(*node, "list", Form::plain, Report(diagnostics, Source::stored, "list"), items);
  return diagnostics.empty() ? std::optional(std::move(items)) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

}  // namespace gitplan::toml_io
