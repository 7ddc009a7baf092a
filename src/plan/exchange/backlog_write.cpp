// A plan as Backlog.md's files.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.hpp"
#include "plan/exchange/backlog_file.hpp"
#include "plan/exchange/record_json.hpp"
#include "plan/ids.hpp"

namespace gitplan::exchange {
namespace {

/// "task-7", "BACK-10.01"
bool is_backlog_id(std::string_view id) {
  const auto dash = id.find('-');
  if (dash == std::string_view::npos || dash == 0) return false;
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0; };
  const std::string key = backlog_key(id);
  return std::ranges::all_of(id.substr(0, dash), is_letter) &&
         key.find_first_not_of("0123456789.") == std::string::npos &&
         id.substr(dash + 1).find_first_not_of("0123456789.") == std::string_view::npos;
}

/// Ids as Backlog.md has them: its own where it gave them, else task-<number>.
class Names {
 public:
  explicit Names(const Plan& plan) : names_(plan.tasks.size()) {
    for (std::size_t i = 0; i < names_.size(); ++i) {
      const std::string wanted = plan.tasks[i].external_id.value_or("");
      if (is_backlog_id(wanted) && used_.insert(backlog_key(wanted)).second) names_[i] = wanted;
    }
    std::uint32_t next = 1;
    for (std::size_t i = 0; i < names_.size(); ++i) {
      if (!names_[i].empty()) continue;
      std::string number = fmt::format("{}", task_number(plan.tasks[i].id).value_or(next));
      while (!used_.insert(number).second) number = fmt::format("{}", next++);
      names_[i] = "task-" + number;
    }
  }
  [[nodiscard]] const std::string& of(std::size_t task) const { return names_[task]; }

 private:
  std::vector<std::string> names_;
  std::set<std::string> used_;
};

std::string word_of(Status status) {
  switch (status) {
    case Status::completed:
      return "Done";
    case Status::in_progress:
      return "In Progress";
    case Status::cancelled:
      return "Cancelled";
    case Status::failed:
    case Status::pending:
      break;
  }
  return "To Do";
}

/// Backlog.md knows three.
std::string word_of(Priority priority) {
  return std::string(to_string(priority == Priority::critical ? Priority::high : priority));
}

/// In quotes, on one line.
std::string yaml_quoted(std::string_view text) {
  std::string literal = "'";
  for (const char c : text::printable(text))
    literal += c == '\'' ? std::string("''") : std::string(1, c);
  return literal + "'";
}

void put_list(std::string& matter, std::string_view key, const std::vector<std::string>& items) {
  matter += fmt::format("{}:{}\n", key, items.empty() ? " []" : "");
  for (const std::string& item : items) matter += fmt::format("  - {}\n", yaml_quoted(item));
}

std::vector<std::string> texts_of(const Task& task, std::string_view key) {
  std::vector<std::string> texts;
  const Json value = foreign_value(task.foreign, key);
  if (!value.is_array()) return texts;
  for (const Json& item : value) {
    if (item.is_string()) texts.push_back(item.get<std::string>());
  }
  return texts;
}

/// Of which it is a part, spelt as that is.
std::optional<std::size_t> whole_of(const Plan& plan, std::size_t index) {
  const auto& part_of = plan.tasks[index].part_of;
  const auto found = part_of ? plan.find(*part_of) : std::nullopt;
  const bool fits = found && *found != index && plan.tasks[*found].id == *part_of;
  return fits ? found : std::nullopt;
}

std::string front_matter(const Plan& plan, std::size_t index, const Names& names) {
  const Task& task = plan.tasks[index];
  std::string matter =
      fmt::format("id: {}\ntitle: {}\nstatus: {}\n", names.of(index),
                  yaml_quoted(text::fold_space(task.description)), word_of(task.status));
  put_list(matter, "assignee", texts_of(task, "assignee"));
  if (!plan.created_at.empty()) {
    constexpr std::size_t of_day = 10;
    matter += fmt::format("created_date: {}\n", yaml_quoted(plan.created_at.substr(0, of_day)));
  }
  put_list(matter, "labels", texts_of(task, "labels"));
  std::vector<std::string> needs;
  for (const std::string& id : task.depends_on) {
    if (const auto found = plan.find(id)) needs.push_back(names.of(*found));
  }
  put_list(matter, "dependencies", needs);
  if (const auto whole = whole_of(plan, index))
    matter += fmt::format("parent_task_id: {}\n", names.of(*whole));
  return matter + fmt::format("priority: {}\n", word_of(task.effective_priority()));
}

std::string body(const Task& task) {
  std::string text;
  if (task.details) text += fmt::format("\n## Description\n\n{}\n", *task.details);
  if (task.test_strategy)
    text += fmt::format("\n## Acceptance Criteria\n\n{}\n", *task.test_strategy);
  return text;
}

/// On one line, without what YAML takes for the end of one.
std::string note_of(const Plan& plan, std::size_t index, Json as) {
  Json note = metadata_of(plan.tasks[index], index, std::move(as))["git_plan"];
  if (index == 0) note["plan"] = plan_json(plan);
  return yaml_quoted(note.dump(-1, ' ', true, Json::error_handler_t::replace));
}

MarkdownFile file_of(const Plan& plan, std::size_t index, const Names& names) {
  const Task& task = plan.tasks[index];
  MarkdownFile file;
  file.name = fmt::format("{} - {}.md", names.of(index), derive_slug(task.description));
  const std::string matter = front_matter(plan, index, names);
  const std::string text = body(task);
  file.text = fmt::format("---\n{}---\n{}", matter, text);
  const std::string note = note_of(plan, index, backlog_said(file));
  file.text = fmt::format("---\n{}git_plan: {}\n---\n{}", matter, note, text);
  return file;
}

}  // namespace

std::vector<MarkdownFile> to_backlog(const Plan& plan) {
  const Names names(plan);
  std::vector<MarkdownFile> files;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) files.push_back(file_of(plan, i, names));
  return files;
}

}  // namespace gitplan::exchange
