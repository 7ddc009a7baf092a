// Backlog.md: a Markdown file a task, with front matter.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/backlog_file.hpp"
#include "plan/exchange/front_matter.hpp"
#include "plan/exchange/items.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"
#include "plan/toml.hpp"
#include "plan/toml_literal.hpp"

namespace gitplan::exchange {
namespace {

/// Of the front matter.
constexpr auto keys_of_files = std::to_array<std::string_view>(
    {"assignee",     "branch",       "completed_date", "created",        "created_by",
     "created_date", "dependencies", "documentation",  "git_plan",       "id",
     "labels",       "milestone",    "modifiedFiles",  "modified_files", "onStatusChange",
     "ordinal",      "parent",       "parent_task_id", "priority",       "references",
     "reporter",     "source",       "status",         "subtasks",       "title",
     "type",         "updated",      "updated_date"});

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return result;
}

Status status_of(const std::string& word, const std::string& id, Warnings& warnings) {
  std::string plain;
  for (const char c : lower(word)) {
    if (std::isalnum(static_cast<unsigned char>(c)) != 0) plain += c;
  }
  if (plain == "done" || plain == "completed" || plain == "complete") return Status::completed;
  if (plain == "inprogress" || plain == "doing") return Status::in_progress;
  if (plain == "cancelled" || plain == "canceled") return Status::cancelled;
  if (plain != "todo" && !plain.empty())
    warnings.add("status", fmt::format("status '{}' became pending", shown(word, 40)), id);
  return Status::pending;
}

void carry_list(const FrontMatter& matter, std::string_view key, Task& task) {
  const auto items = matter.list(key);
  if (!items.empty()) task.foreign.emplace_back(key, toml_io::list_literal(items));
}

void carry_text(std::string_view key, std::string_view text, Task& task) {
  if (!text::trim(text).empty()) task.foreign.emplace_back(key, toml_io::quote(text::trim(text)));
}

/// `<!-- SECTION:DESCRIPTION:BEGIN -->`: Backlog.md's own, for its editor.
bool is_section_mark(std::string_view line) {
  return line.starts_with("<!-- ") && (line.ends_with(":BEGIN -->") || line.ends_with(":END -->"));
}

/// Its acceptance criteria say how it is known to work; all else, what its worker needs to know.
void read_body(std::string_view body, Task& task) {
  std::string details;
  std::string criteria;
  bool in_criteria = false;
  for (std::string_view line : text::split(body, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (is_section_mark(text::trim(line))) continue;
    const std::string heading = line.starts_with("## ") ? lower(text::trim(line)) : "";
    if (!heading.empty()) in_criteria = heading == "## acceptance criteria";
    const bool is_name_of_ours = in_criteria || heading == "## description";
    if (!heading.empty() && is_name_of_ours) continue;
    (in_criteria ? criteria : details).append(line).append("\n");
  }
  add_paragraph(task.details, "", text::trim(details));
  add_paragraph(task.test_strategy, "", text::trim(criteria));
}

/// A list, or one text such as "task-1, task-2".
void read_dependencies(const FrontMatter& matter, Item& item, Warnings& warnings) {
  const FrontMatter::Value* value = matter.find("dependencies");
  if (value == nullptr) return;
  if (value->is_map) {
    warnings.add("unknown_dependency", "dependencies that are a map are left out",
                 item.external_id);
    return;
  }
  item.depends_on = matter.list("dependencies");
  if (value->is_list || item.depends_on.empty()) return;
  const std::string all = std::move(item.depends_on.front());
  item.depends_on.clear();
  for (const std::string_view piece : text::split(all, ',')) {
    if (!text::trim(piece).empty()) item.depends_on.emplace_back(text::trim(piece));
  }
}

/// The note of an export; null where there is none.
Json note_in(const FrontMatter& matter, const std::string& id, Warnings& warnings) try {
  const auto text = matter.text("git_plan");
  return text ? parse_json(*text, "no JSON") : Json();
} catch (const Error& error) {
  warnings.add("left_out",
               fmt::format("the note 'git_plan' is left out, {}", error.messages().front()), id);
  return {};
}

Json said(const Item& item) {
  const auto priority = item.task.priority;
  return Json{{"title", item.task.description},
              {"status", to_string(item.task.status)},
              {"priority", priority ? Json(to_string(*priority)) : Json()},
              {"dependencies", item.depends_on},
              {"details", item.task.details.value_or("")},
              {"test_strategy", item.task.test_strategy.value_or("")}};
}

/// Where the file has a note of an export, `plan` becomes what stands above the tasks.
void recall(const Json& note, Item& item, std::optional<Plan>& plan) {
  if (!note.is_object()) return;
  recall_metadata(Json{{"metadata", {{"git_plan", note}}}}, said(item), item);
  if (!plan && note.contains("plan")) plan = plan_of(note["plan"]);
}

class Reader {
 public:
  explicit Reader(Warnings& warnings) : warnings_(&warnings) {}
  Item read(const MarkdownFile& file);
  /// Of the export that was read, if it was one.
  [[nodiscard]] const std::optional<Plan>& plan() const { return plan_; }

 private:
  Warnings* warnings_;
  ForeignKeys foreign_keys_{keys_of_files};
  std::optional<Plan> plan_;
};

Item Reader::read(const MarkdownFile& file) {
  Warnings& warnings = *warnings_;
  const FrontMatter matter = parse_front_matter(file.text, file.name);
  Item item;
  item.external_id = matter.text("id").value_or("");
  if (item.external_id.empty())
    throw Error(ErrorKind::fatal, fmt::format("{}: no id in its front matter", file.name));
  const auto dash = item.external_id.rfind('-');
  item.number = task_number(item.external_id.substr(dash == std::string::npos ? 0 : dash + 1));
  item.parent = matter.text("parent_task_id").value_or("");
  if (item.parent.empty()) item.parent = matter.text("parent").value_or("");
  read_dependencies(matter, item, warnings);
  Task& task = item.task;
  task.description = text::fold_space(matter.text("title").value_or(""));
  task.status = status_of(matter.text("status").value_or(""), item.external_id, warnings);
  const std::string priority = lower(matter.text("priority").value_or(""));
  task.priority = parse_priority(priority);
  if (!priority.empty() && !task.priority) {
    warnings.add("priority", fmt::format("priority '{}' became medium", shown(priority, 40)),
                 item.external_id);
  }
  for (const std::string_view key : {"labels", "assignee"}) carry_list(matter, key, task);
  carry_text("milestone", matter.text("milestone").value_or(""), task);
  read_body(matter.body, task);
  for (const auto& [key, value] : matter.keys)
    foreign_keys_.look_at(key, item.external_id, warnings);
  recall(note_in(matter, item.external_id, warnings), item, plan_);
  return item;
}

/// One file cannot keep the others from being read: what is no task is warned of, and refused only
/// where nothing else is there.
std::vector<Item> read_all(Reader& reader, std::span<const MarkdownFile> files,
                           Warnings& warnings) {
  std::vector<Item> items;
  std::optional<Error> first;
  for (const MarkdownFile& file : files) {
    try {
      items.push_back(reader.read(file));
    } catch (const Error& error) {
      if (!first) first = error;
      std::string why = error.messages().front();
      if (why.starts_with(file.name + ": ")) why.erase(0, file.name.size() + 2);
      warnings.add("left_out", fmt::format("a file is left out, {}", why), file.name);
    }
  }
  if (items.empty() && first) throw *first;
  return items;
}

/// References as the items themselves spell their ids.
void unify_ids(std::vector<Item>& items) {
  std::vector<std::pair<std::string, std::string>> spelled;
  for (const Item& item : items)
    spelled.emplace_back(backlog_key(item.external_id), item.external_id);
  std::ranges::sort(spelled);
  const auto unify = [&](std::string& word) {
    const auto found = std::ranges::lower_bound(
        spelled, backlog_key(word), {},
        [](const auto& entry) -> const std::string& { return entry.first; });
    if (found != spelled.end() && found->first == backlog_key(word)) word = found->second;
  };
  for (Item& item : items) {
    if (!item.parent.empty()) unify(item.parent);
    for (std::string& needed : item.depends_on) unify(needed);
  }
}

/// As Backlog.md lists them: by number, not by file name.
bool comes_before(const Item& a, const Item& b) {
  const auto numbers = [](const Item& item) {
    std::vector<std::uint32_t> parts;
    const std::string key = backlog_key(item.external_id);
    for (const std::string_view part : text::split(key, '.'))
      parts.push_back(task_number(part).value_or(0));
    return parts;
  };
  return numbers(a) < numbers(b);
}

}  // namespace

std::string backlog_key(std::string_view id) {
  const std::string word = lower(text::trim(id));
  const auto dash = word.rfind('-');
  const std::string digits = dash == std::string::npos ? word : word.substr(dash + 1);
  std::string key;
  for (const std::string_view part : text::split(digits, '.')) {
    const auto number = task_number(part);
    if (!number) return word;
    key += fmt::format("{}{}", key.empty() ? "" : ".", *number);
  }
  return key;
}

Json backlog_said(const MarkdownFile& file) {
  Warnings unheard;
  return said(Reader(unheard).read(file));
}

Imported from_backlog(std::span<const MarkdownFile> files, const ImportOptions& options) {
  Warnings warnings;
  Reader reader(warnings);
  std::vector<Item> items = read_all(reader, files, warnings);
  unify_ids(items);
  std::ranges::stable_sort(items, comes_before);
  Imported imported = assemble(std::move(items), options, warnings);
  if (const auto& plan = reader.plan()) {
    auto added = std::move(imported.plan.tasks);
    imported.plan = *plan;
    imported.plan.tasks = std::move(added);
  }
  return imported;
}

}  // namespace gitplan::exchange
