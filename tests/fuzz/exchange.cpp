// Other tools' plans. What is read of them is a plan that can be stored and breaks no rule of its
// ids; what goes out comes back the same.
#include "plan/exchange/exchange.hpp"

#include <algorithm>
#include <set>

#include "fuzz/fuzz.hpp"
#include "plan/check.hpp"
#include "plan/exchange/front_matter.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"

namespace gitplan::fuzz {
namespace {

using exchange::Imported;
using exchange::ImportOptions;

// Errors of ids and of who waits for whom would be the import's own.
void require_sound(const Plan& plan, const std::string& text) {
  static const std::set<std::string> own = {"duplicate_id", "bad_id", "missing_id",
                                            "unknown_dependency"};
  for (const Diagnostic& one : check_tasks(plan, {})) {
    require(!own.contains(one.code), "an import makes no such mistake", {text, one.message});
  }
}

void judge(const Imported& imported, const std::string& text) {
  require_printable(imported.warnings);
  require_sound(imported.plan, text);
  std::string rendered;
  toml_io::ParsedPlan again;
  const bool stored = accepts([&] { rendered = toml_io::render_plan(imported.plan); });
  require(stored || !text::is_utf8(text), "an import can be stored", {text});
  if (!stored) return;
  must_accept("an import can be read", {text, rendered},
              [&] { again = toml_io::parse_input(rendered, "again"); });
  require(again.plan.tasks == imported.plan.tasks, "an import is the same stored",
          {text, rendered});
}

void read_backlog(Input& input, const ImportOptions& options) {
  std::vector<exchange::MarkdownFile> files;
  std::string all;
  for (const std::string& piece : input.pieces()) {
    files.push_back({"task-" + std::to_string(files.size() + 1) + " - x.md", piece});
    all += piece + "\n";
  }
  Imported imported;
  if (accepts([&] { imported = exchange::from_backlog(files, options); })) judge(imported, all);
}

void read_front_matter(const std::string& text) {
  accepts([&] {
    const exchange::FrontMatter front = exchange::parse_front_matter(text, "x.md");
    for (const auto& [key, value] : front.keys) {
      static_cast<void>(front.text(key));
      static_cast<void>(front.list(key));
    }
    require(text.ends_with(front.body), "what stands below is left as it is", {text, front.body});
  });
}

bool has_error(const Plan& plan) {
  return std::ranges::any_of(check_tasks(plan, {}),
                             [](const auto& one) { return one.severity == Severity::error; });
}

// Task 0 has no place in the other tools.
bool has_task_zero(const Plan& plan) {
  return std::ranges::any_of(plan.tasks, [](const Task& t) { return task_number(t.id) == 0U; });
}

template <class Out, class Back>
void there_and_back(const Plan& plan, const std::string& text, Out out, Back back) {
  std::string exported;
  Imported again;
  must_accept("what went out comes back", {text, exported}, [&] {
    exported = out(plan);
    again = back(exported, "again", ImportOptions{});
  });
  require(again.plan.tasks == plan.tasks, "what went out comes back the same", {text, exported});
}

void round_trips(const std::string& text) {
  toml_io::ParsedPlan parsed;
  if (!accepts([&] { parsed = toml_io::parse_input(text, "x"); })) return;
  const Plan& plan = parsed.plan;
  exchange::to_json(plan);
  exchange::to_taskmaster(plan);
  exchange::to_beads(plan);
  const bool comes_back =
      parsed.diagnostics.empty() && !plan.tasks.empty() && !has_error(plan) && !has_task_zero(plan);
  if (!comes_back) return;
  there_and_back(plan, text, exchange::to_taskmaster, exchange::from_taskmaster);
  there_and_back(plan, text, exchange::to_beads, exchange::from_beads);
}

template <class From>
void read(const std::string& text, const ImportOptions& options, From from) {
  Imported imported;
  if (accepts([&] { imported = from(text, "x", options); })) judge(imported, text);
}

}  // namespace

void play(Input& input) {
  const std::size_t form = input.below(5);
  ImportOptions options;
  if (input.flag()) options.subtasks = exchange::Subtasks::left_out;
  if (form == 0) return read_backlog(input, options);
  const std::string text = input.rest();
  if (form == 1) return read(text, options, exchange::from_taskmaster);
  if (form == 2) return read(text, options, exchange::from_beads);
  if (form == 3) return read_front_matter(text);
  round_trips(text);
}

}  // namespace gitplan::fuzz
