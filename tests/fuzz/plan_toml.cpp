// plan.toml and task files: whatever stands in them is refused by an error that can be printed, or
// comes back the same when it is written.
#include <algorithm>

#include "fuzz/fuzz.hpp"
#include "plan/check.hpp"
#include "plan/toml.hpp"
#include "schedule/check_graph.hpp"

namespace gitplan::fuzz {
namespace {

using toml_io::ParsedPlan;

ParsedPlan reread(const std::string& text, std::string_view original) {
  ParsedPlan parsed;
  must_accept("what was rendered can be read", {original, text},
              [&] { parsed = toml_io::parse_input(text, "again"); });
  return parsed;
}

// As it is read, and judged: with lines for all tasks, and messages that can be shown.
bool read_plan(const std::string& text) {
  ParsedPlan parsed;
  if (!accepts([&] { parsed = toml_io::parse_plan(text, "plan 'x'"); })) return false;
  require(parsed.task_lines.size() == parsed.plan.tasks.size(), "each task has its line", {text});
  require_printable(parsed.diagnostics);
  require_printable(check_tasks(parsed.plan, parsed.task_lines));
  const schedule::Graph graph(parsed.plan, {});
  require_printable(
      schedule::check_graph(graph, schedule::compute_waves(graph), parsed.task_lines));
  return true;
}

// As it becomes a new plan: rendered, it reads the same.
bool read_input(const std::string& text) {
  ParsedPlan parsed;
  if (!accepts([&] { parsed = toml_io::parse_input(text, "<stdin>"); })) return false;
  const std::string rendered = toml_io::render_plan(parsed.plan);
  const ParsedPlan again = reread(rendered, text);
  require(again.plan == parsed.plan, "a rendered plan is the same plan", {text, rendered});
  return true;
}

void approve(const std::string& text) {
  ParsedPlan before;
  std::vector<toml_io::Approval> approvals;
  std::string approved;
  const bool done = accepts([&] {
    before = toml_io::parse_plan(text, "x");
    approvals = toml_io::parse_approvals(text, "x");
    approved = toml_io::add_approval(text, {3, "2025-01-12T14:30:00Z", "A <a@b>", "fine", "abc"});
  });
  if (!done) return;
  require(toml_io::parse_approvals(approved, "x").size() == approvals.size() + 1,
          "an approval is one entry more", {text, approved});
  require(toml_io::parse_plan(approved, "x").plan == before.plan,
          "an approval leaves the plan as it is", {text, approved});
}

void read_task_file(const std::string& text) {
  Diagnostics diagnostics;
  TaskFile file;
  if (!accepts([&] { file = toml_io::parse_task_file(text, "x", &diagnostics); })) return;
  require_printable(diagnostics);
  const std::string rendered = toml_io::render_task_file(file);
  require(toml_io::parse_task_file(rendered, "again") == file, "a task file comes back the same",
          {text, rendered});
}

void read_list(const std::string& text) {
  std::optional<std::vector<std::string>> list;
  if (!accepts([&] { list = toml_io::parse_list(text); }) || !list) return;
  std::string rendered = "[";
  for (const std::string& item : *list) rendered += toml_io::quote(item) + ", ";
  require(toml_io::parse_list(rendered + "]") == list, "a list comes back the same",
          {text, rendered});
}

}  // namespace

void play(Input& input) {
  const std::string text = input.rest();
  require(read_plan(text) == read_input(text), "a plan can be read wherever it comes from", {text});
  accepts([&] { require_printable(toml_io::parse_tasks(text, "x").diagnostics); });
  approve(text);
  read_task_file(text);
  read_list(text);
}

}  // namespace gitplan::fuzz
