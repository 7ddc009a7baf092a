#include "plan/edits.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <unordered_map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan::edits {
namespace {

constexpr std::uint32_t max_number = 999999;

/// Applies `change` to each task that is named.
template <class Change>
Plan change_tasks(Plan plan, std::span<const std::string> ids, Change change) {
  for (const std::string& id : ids) change(plan.tasks[require(plan, id)]);
  return plan;
}

/// Over, for whatever reason.
Plan record(Plan plan, std::span<const std::string> ids, Status status, std::string_view reason) {
  return change_tasks(std::move(plan), ids, [&](Task& task) {
    if (task.status == status && reason.empty()) return;  // the reason that is known stays
    task.status = status;
    task.reason = reason.empty() ? std::nullopt : std::optional<std::string>(reason);
    task.needs_decision = false;
  });
}

std::uint32_t highest_number(std::span<const Task> tasks) {
  std::uint32_t highest = 0;
  for (const Task& task : tasks) highest = std::max(highest, task_number(task.id).value_or(0));
  return highest;
}

std::string id_after(std::uint32_t number) {
  if (number >= max_number) {
    throw Error(ErrorKind::wrong_state, "no task id is free after 999999",
                Hint{"to see which are taken, run: git task list"});
  }
  return format_task_id(number + 1);
}

/// Finds tasks as Plan::find does, in constant time.
class TaskIndex {
 public:
  explicit TaskIndex(const Plan& plan) {
    for (const Task& task : plan.tasks) by_key_.try_emplace(key(task.id), &task);
  }
  [[nodiscard]] const Task* find(std::string_view id) const {
    const auto found = by_key_.find(key(id));
    return found == by_key_.end() ? nullptr : found->second;
  }

 private:
  static std::string key(std::string_view id) {
    const auto number = task_number(id);
    return number ? format_task_id(*number) : std::string(id);
  }
  std::unordered_map<std::string, const Task*> by_key_;
};

/// True if `added` says nothing that `existing` does not: progress since then is no difference.
bool same_content(Task existing, Task added) {
  if (added.status == Status::pending) {
    existing.status = Status::pending;
    existing.reason = added.reason;
    existing.needs_decision = added.needs_decision;
    existing.question = added.question;
    existing.answer = added.answer;
  }
  existing.id = added.id;
  added.foreign.clear();
  existing.foreign.clear();
  return existing == added;
}

/// What a user may have meant by a word that names no task.
std::optional<std::string> near_task(const Plan& plan, std::string_view word) {
  std::vector<std::string> ids;
  for (const Task& task : plan.tasks) {
    const bool by_slug = task.slug == word || derive_slug(task.description) == word;
    if (by_slug) return task.id;
    ids.push_back(task.id);
  }
  if (task_number(word)) return std::nullopt;  // every number is near another
  return text::did_you_mean(word, ids);
}

/// Ids of the plan's tasks as it has them, each once.
void spell_as_known(std::vector<std::string>& ids, const TaskIndex& index) {
  std::vector<std::string> known;
  for (const std::string& id : ids) {
    const Task* task = index.find(id);
    const std::string& spelt = task != nullptr ? task->id : id;
    if (std::ranges::find(known, spelt) == known.end()) known.push_back(spelt);
  }
  ids = std::move(known);
}

}  // namespace

void split_description(std::string& description, std::optional<std::string>& details) {
  const std::string all(text::trim(description));
  const auto end = all.find('\n');
  if (end == std::string::npos) {
    if (description.find('\n') != std::string::npos) description = all;
    return;
  }
  description = text::trim(all.substr(0, end));
  std::string rest = all.substr(end + 1);
  rest.erase(0, rest.find_first_not_of("\r\n"));
  details = details && !details->empty() ? rest + "\n\n" + *details : rest;
}

std::string unix_lines(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!text.substr(i).starts_with("\r\n")) lines += text[i];
  }
  return lines;
}

void settle_texts(Task& task) {
  task.description = unix_lines(task.description);
  for (std::optional<std::string>* text : {&task.details, &task.test_strategy}) {
    if (*text) *text = unix_lines(**text);
  }
  split_description(task.description, task.details);
}

std::size_t require(const Plan& plan, std::string_view id) {
  if (const auto index = plan.find(id)) return *index;
  const auto near = near_task(plan, id);
  throw Error(ErrorKind::not_found,
              fmt::format("no task '{}' in plan '{}'{}", shown(id), shown(plan.session_id),
                          near ? fmt::format("; did you mean '{}'?", shown(*near)) : ""),
              Hint{"to see the tasks, run: git task list"});
}

Plan complete(Plan plan, std::span<const std::string> ids) {
  return change_tasks(std::move(plan), ids, [](Task& task) {
    task.status = Status::completed;
    clear_outcome(task);
  });
}

Plan fail(Plan plan, std::span<const std::string> ids, std::string_view reason,
          bool needs_decision) {
  if (!needs_decision) return record(std::move(plan), ids, Status::failed, reason);
  return change_tasks(std::move(plan), ids, [&](Task& task) {
    if (!reason.empty()) {
      clear_outcome(task);
      task.reason = task.question = std::string(reason);
    }
    task.status = Status::failed;
    task.needs_decision = true;
  });
}

Plan cancel(Plan plan, std::span<const std::string> ids, std::string_view reason) {
  return record(std::move(plan), ids, Status::cancelled, reason);
}

Plan reset(Plan plan, std::span<const std::string> ids, std::string_view answer) {
  return change_tasks(std::move(plan), ids, [&](Task& task) {
    task.status = Status::pending;
    task.needs_decision = false;
    if (!answer.empty()) task.answer = std::string(answer);
  });
}

Plan add(Plan plan, std::vector<Task> tasks, std::uint32_t highest_used) {
  const TaskIndex index(plan);
  std::uint32_t highest =
      std::max({highest_number(plan.tasks), highest_number(tasks), highest_used});
  std::vector<Task> added;
  for (Task& task : tasks) {
    settle_texts(task);
    spell_as_known(task.depends_on, index);
    if (task.id.empty()) {
      task.id = id_after(highest++);
    } else if (const Task* existing = index.find(task.id)) {
      if (same_content(*existing, task)) continue;
      throw Error(ErrorKind::wrong_state,
                  fmt::format("task '{}' already exists in plan '{}', with other content",
                              shown(task.id), shown(plan.session_id)),
                  Hint{fmt::format("to see it, run: git task show {}",
                                   text::shell_quote(shown(existing->id)))});
    }
    added.push_back(std::move(task));
  }
  std::ranges::move(added, std::back_inserter(plan.tasks));
  return plan;
}

Plan note(Plan plan, std::int64_t version, std::string_view at, std::string_view note) {
  if (!text::trim(note).empty()) {
    plan.updates.push_back({version, std::string(at), std::string(note)});
  }
  return plan;
}

std::string next_free_id(const Plan& plan) { return id_after(highest_number(plan.tasks)); }

}  // namespace gitplan::edits
