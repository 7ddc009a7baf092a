// Whole new files: plan.toml and the metadata file of a task.
#include <fmt/format.h>

#include "plan/fields.hpp"
#include "plan/toml_literal.hpp"
#include "plan/toml_records.hpp"

namespace gitplan::toml_io {

void append_key(std::string& out, std::string_view key, std::string_view literal,
                std::string_view eol) {
  out.append(key).append(" = ").append(literal).append(eol);
}

std::string render_plan(const Plan& plan) {
  constexpr std::string_view eol = "\n";
  std::string text;
  append_key(text, "format", fmt::format("{}", format_version), eol);
  append_fields(text, plan, eol);
  for (const Update& update : plan.updates) append_table(text, "updates", update, eol);
  for (const Task& task : plan.tasks) append_table(text, "tasks", task, eol);
  return text;
}

std::string render_task_file(const TaskFile& task) {
  constexpr std::string_view eol = "\n";
  std::string text;
  append_key(text, "format", fmt::format("{}", format_version), eol);
  append_fields(text, task, eol);
  return text;
}

}  // namespace gitplan::toml_io
