#include "plan/fields.hpp"

#include <fmt/format.h>

#include <array>

#include "plan/toml_literal.hpp"

namespace gitplan::toml_io {

template <>
std::span<const Field<Plan>> fields<Plan>() {
  static constexpr std::array<Field<Plan>, 14> table = {{
      {"session_id", &Plan::session_id, Shown::always},
      {"version", &Plan::version, Shown::always},
      {"flow_branch", &Plan::flow_branch, Shown::always},
      {"created_at", &Plan::created_at, Shown::if_set, Form::time},
      {"cleaned_at", &Plan::cleaned_at, Shown::if_set, Form::time},
      {"user_request", &Plan::user_request, Shown::always},
      {"architecture", &Plan::architecture},
      {"design_patterns", &Plan::design_patterns},
      {"technology_stack", &Plan::technology_stack},
      {"estimated_total_time", &Plan::estimated_total_time},
      {"dependency_graph", &Plan::dependency_graph},
      {"hold", &Plan::hold},
      {"claim_refs", &Plan::claim_refs},
      {"provides", &Plan::provides, Shown::always},
  }};
  return table;
}

template <>
std::span<const Field<Task>> fields<Task>() {
  static constexpr std::array<Field<Task>, 19> table = {{
      {"id", &Task::id, Shown::always},
      {"description", &Task::description, Shown::always},
      {"status", &Task::status, Shown::always},
      {"reason", &Task::reason},
      {"needs_decision", &Task::needs_decision},
      {"question", &Task::question},
      {"answer", &Task::answer},
      {"preconditions", &Task::preconditions, Shown::always},
      {"provides", &Task::provides, Shown::always},
      {"depends_on", &Task::depends_on, Shown::always},
      {"files", &Task::files, Shown::always},
      {"estimated_time", &Task::estimated_time},
      {"priority", &Task::priority},
      {"slug", &Task::slug},
      {"external_id", &Task::external_id},
      {"part_of", &Task::part_of},
      {"details", &Task::details, Shown::if_set, Form::lines},
      {"test_strategy", &Task::test_strategy, Shown::if_set, Form::lines},
      {"agent", &Task::agent},
  }};
  return table;
}

template <>
std::span<const Field<Update>> fields<Update>() {
  static constexpr std::array<Field<Update>, 3> table = {{
      {"version", &Update::version, Shown::always},
      {"at", &Update::at, Shown::if_set, Form::time},
      {"note", &Update::note, Shown::always},
  }};
  return table;
}

template <>
std::span<const Field<Approval>> fields<Approval>() {
  static constexpr std::array<Field<Approval>, 5> table = {{
      {"version", &Approval::version, Shown::always},
      {"at", &Approval::at, Shown::if_set, Form::time},
      {"by", &Approval::by, Shown::always},
      {"note", &Approval::note},
      {"commit", &Approval::commit},
  }};
  return table;
}

template <>
std::span<const Field<TaskFile>> fields<TaskFile>() {
  static constexpr std::array<Field<TaskFile>, 20> table = {{
      {"id", &TaskFile::id, Shown::always},
      {"branch", &TaskFile::branch, Shown::always},
      {"description", &TaskFile::description, Shown::always},
      {"preconditions", &TaskFile::preconditions, Shown::always},
      {"provides", &TaskFile::provides, Shown::always},
      {"depends_on", &TaskFile::depends_on, Shown::always},
      {"enables", &TaskFile::enables, Shown::always},
      {"parallel_with", &TaskFile::parallel_with, Shown::always},
      {"files", &TaskFile::files, Shown::always},
      {"details", &TaskFile::details, Shown::if_set, Form::lines},
      {"test_strategy", &TaskFile::test_strategy, Shown::if_set, Form::lines},
      {"agent", &TaskFile::agent},
      {"estimated_time", &TaskFile::estimated_time},
      {"priority", &TaskFile::priority},
      {"session_id", &TaskFile::session_id, Shown::always},
      {"session_goal", &TaskFile::session_goal, Shown::always},
      {"plan_branch", &TaskFile::plan_branch, Shown::always},
      {"plan_version", &TaskFile::plan_version, Shown::always},
      {"completed_tasks", &TaskFile::completed_tasks, Shown::always},
      {"created_at", &TaskFile::created_at, Shown::if_set, Form::time},
  }};
  return table;
}

std::string literal_of(const std::string& value, Form form) {
  switch (form) {
    case Form::time:
      return time_literal(value);
    case Form::lines:
      return lines_literal(value);
    case Form::plain:
      break;
  }
  return quote(value);
}
std::string literal_of(const std::vector<std::string>& value, Form /*form*/) {
  return list_literal(value);
}
std::string literal_of(std::int64_t value, Form /*form*/) { return fmt::format("{}", value); }
std::string literal_of(bool value, Form /*form*/) { return value ? "true" : "false"; }
std::string literal_of(Status value, Form /*form*/) { return quote(to_string(value)); }
std::string literal_of(Priority value, Form /*form*/) { return quote(to_string(value)); }

}  // namespace gitplan::toml_io
