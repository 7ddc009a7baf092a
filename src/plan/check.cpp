#include "plan/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.hpp"
#include "plan/estimate.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan {
namespace {

constexpr double long_minutes = 10;
/// Comparing a word with every id is slow in a large plan with many mistakes.
constexpr int max_suggestions = 50;

bool is_absolute(std::string_view path) {
  const bool drive = path.size() > 2 && path[1] == ':' && (path[2] == '\\' || path[2] == '/');
  return path.starts_with('/') || path.starts_with("~/") || drive;
}

/// True if the path climbs out of the folder that it starts in.
bool escapes(std::string_view path) {
  int depth = 0;
  for (const std::string_view component : text::split(path, '/')) {
    if (component == "..") {
      if (--depth < 0) return true;
    } else if (!component.empty() && component != ".") {
      ++depth;
    }
  }
  return false;
}

class Checker {
 public:
  Checker(const Plan& plan, std::span<const int> lines) : plan_(plan), lines_(lines) {
    for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
      const std::string& id = plan.tasks[i].id;
      by_text_.try_emplace(id, i);
      if (const auto number = task_number(id)) by_number_.try_emplace(*number, i);
    }
  }

  Diagnostics run() && {
    check_plan();
    for (index_ = 0; index_ < plan_.tasks.size(); ++index_) check_task(plan_.tasks[index_]);
    return std::move(found_);
  }

 private:
  void add(Severity severity, std::string_view code, std::string_view problem) {
    if (index_ >= plan_.tasks.size()) {  // about the plan as a whole
      const std::string name = plan_.session_id.empty()
                                   ? std::string("plan")
                                   : fmt::format("plan '{}'", shown(plan_.session_id));
      found_.push_back(
          {severity, std::string(code), fmt::format("{}: {}", name, problem), {}, std::nullopt});
      return;
    }
    const std::string& id = plan_.tasks[index_].id;
    const std::string label = id.empty() ? fmt::format("task number {} (without an id)", index_ + 1)
                                         : fmt::format("task '{}'", shown(id));
    std::optional<int> line;
    if (index_ < lines_.size()) line = lines_[index_];
    found_.push_back(
        {severity, std::string(code), fmt::format("{}: {}", label, problem), id, line});
  }
  void error(std::string_view code, std::string_view problem) {
    add(Severity::error, code, problem);
  }
  void warning(std::string_view code, std::string_view problem) {
    add(Severity::warning, code, problem);
  }

  void check_plan();
  void check_task(const Task& task);
  void check_id(const Task& task);
  void check_slug(const Task& task);
  void check_dependencies(const Task& task);
  void check_capabilities(std::span<const std::string> capabilities, std::string_view key);
  void check_estimate(const Task& task);
  void check_files(const Task& task);
  void check_agent(const Task& task);
  void check_whole(const Task& task);
  [[nodiscard]] std::optional<std::size_t> first_of(std::string_view id) const;
  std::string near_id(std::string_view id);

  const Plan& plan_;
  std::span<const int> lines_;
  std::size_t index_ = std::string::npos;
  std::unordered_map<std::string_view, std::size_t> by_text_;
  std::unordered_map<std::uint32_t, std::size_t> by_number_;
  std::map<std::pair<std::string_view, std::string_view>, std::size_t> branches_;
  std::vector<std::string> ids_;  ///< made when the first suggestion is wanted
  int suggestions_ = 0;
  Diagnostics found_;
};

void Checker::check_plan() {
  if (plan_.session_id.empty()) {
    error("bad_session", "no session_id");
  } else if (!is_session(plan_.session_id)) {
    error("bad_session",
          "bad session_id: it must be up to 64 of a-z, 0-9, '.', '_' and '-', and make a valid "
          "branch name");
  } else if (!is_seed_session(plan_.session_id)) {
    warning("seed_session", "not named as session-YYYYMMDD-HHMMSS");
  }
  const std::string flow = fmt::format("bad flow branch '{}'", shown(plan_.flow_branch));
  if (!is_branch_name(plan_.flow_branch)) {
    error("bad_flow_branch", flow);
  } else if (is_reserved_branch(plan_.flow_branch)) {
    error("bad_flow_branch", flow + ": 'plan' and 'task' are for plans and tasks");
  }
  check_capabilities(plan_.provides, "provides");
}

void Checker::check_task(const Task& task) {
  check_id(task);
  if (text::trim(task.description).empty()) error("missing_description", "no description");
  check_slug(task);
  check_capabilities(task.preconditions, "preconditions");
  check_capabilities(task.provides, "provides");
  check_dependencies(task);
  check_files(task);
  check_estimate(task);
  check_agent(task);
  check_whole(task);
}

std::optional<std::size_t> Checker::first_of(std::string_view id) const {
  if (const auto number = task_number(id)) {
    const auto found = by_number_.find(*number);
    return found == by_number_.end() ? std::nullopt : std::optional(found->second);
  }
  const auto found = by_text_.find(id);
  return found == by_text_.end() ? std::nullopt : std::optional(found->second);
}

void Checker::check_id(const Task& task) {
  if (task.id.empty()) return error("missing_id", "no id");
  if (!is_task_id(task.id)) {
    const auto number = task_number(task.id);
    error("bad_id",
          fmt::format("bad id: it must be 3 to 6 digits{}",
                      number ? fmt::format("; did you mean '{}'?", format_task_id(*number)) : ""));
  } else if (const auto number = task_number(task.id); *number < 1 || task.id.size() != 3) {
    warning("seed_id", "an id outside 001 to 999");
  }
  const auto first = first_of(task.id);
  if (!first || *first == index_) return;
  const std::string& other = plan_.tasks[*first].id;
  if (other != task.id) {
    return error("duplicate_id", fmt::format("same number as task '{}'", shown(other)));
  }
  const std::string where =
      *first < lines_.size() ? fmt::format(" (line {})", lines_[*first]) : std::string();
  error("duplicate_id", fmt::format("its id is taken by an earlier task{}", where));
}

void Checker::check_slug(const Task& task) {
  if (!task.slug) return;
  if (!is_slug(*task.slug)) {
    return error("bad_slug", fmt::format("bad slug '{}'; did you mean '{}'?", shown(*task.slug),
                                         derive_slug(*task.slug)));
  }
  if (!branches_.try_emplace({task.id, *task.slug}, index_).second) {
    error("duplicate_slug", fmt::format("branch 'task/{}-{}' is taken by an earlier task",
                                        shown(task.id), *task.slug));
  }
}

std::string Checker::near_id(std::string_view id) {
  if (++suggestions_ > max_suggestions) return {};
  if (ids_.empty()) {
    for (const Task& task : plan_.tasks) ids_.push_back(task.id);
  }
  const auto near = text::did_you_mean(id, ids_);
  return near ? fmt::format("; did you mean '{}'?", shown(*near)) : std::string();
}

void Checker::check_dependencies(const Task& task) {
  for (const std::string& id : task.depends_on) {
    if (first_of(id)) continue;
    error("unknown_dependency",
          fmt::format("depends on '{}', which is not in the plan{}", shown(id), near_id(id)));
  }
}

void Checker::check_capabilities(std::span<const std::string> capabilities, std::string_view key) {
  for (const std::string& capability : capabilities) {
    if (text::trim(capability).empty()) {
      error("empty_capability", fmt::format("an empty capability in '{}'", key));
    } else if (text::has_control(capability)) {
      error("control_in_capability",
            fmt::format("a control character in capability '{}' of '{}'", shown(capability), key));
    }
  }
}

void Checker::check_estimate(const Task& task) {
  if (!task.estimated_time) return;
  const auto seconds = parse_duration(*task.estimated_time);
  if (!seconds) {
    error("bad_estimate", fmt::format("estimated_time '{}' is no duration; write it as '8 minutes'",
                                      shown(*task.estimated_time)));
  } else if (*seconds > long_minutes * 60) {
    warning("long_estimate", fmt::format("estimated at {}, more than {:.0f} min; split it",
                                         format_minutes(*seconds / 60), long_minutes));
  }
}

void Checker::check_files(const Task& task) {
  for (const std::string& path : task.files) {
    if (is_absolute(path)) {
      warning("absolute_path", fmt::format("absolute path '{}' in 'files'", shown(path)));
    } else if (escapes(path)) {
      warning("escaping_path",
              fmt::format("path '{}' in 'files' leaves the repository", shown(path)));
    }
  }
}

void Checker::check_agent(const Task& task) {
  if (!task.agent || is_agent_name(*task.agent)) return;
  error("bad_agent", fmt::format("bad agent '{}': it must be up to 50 letters, digits, '.', '_' "
                                 "and '-', a letter or digit first",
                                 shown(*task.agent)));
}

void Checker::check_whole(const Task& task) {
  if (!task.part_of || first_of(*task.part_of)) return;
  warning("unknown_whole", fmt::format("part of '{}', which is not in the plan{}",
                                       shown(*task.part_of), near_id(*task.part_of)));
}

}  // namespace

Diagnostics check_tasks(const Plan& plan, std::span<const int> task_lines) {
  return Checker(plan, task_lines).run();
}

}  // namespace gitplan
