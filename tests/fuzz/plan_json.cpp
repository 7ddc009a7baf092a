// Plans that come in as JSON: refused by an error that can be printed, or the same plan as TOML and
// as JSON again.
#include "fuzz/fuzz.hpp"
#include "plan/check.hpp"
#include "plan/exchange/exchange.hpp"
#include "plan/json.hpp"
#include "plan/toml.hpp"

namespace gitplan::fuzz {
namespace {

using toml_io::ParsedPlan;

void as_toml(const Plan& plan, const std::string& text) {
  std::string rendered;
  ParsedPlan again;
  must_accept("a plan from JSON can be stored", {text}, [&] {
    rendered = toml_io::render_plan(plan);
    again = toml_io::parse_input(rendered, "again");
  });
  require(again.plan == plan, "a plan from JSON is the same stored", {text, rendered});
}

Plan without_foreign(Plan plan) {
  plan.version = 1;
  plan.foreign.clear();
  for (Task& task : plan.tasks) task.foreign.clear();
  return plan;
}

void as_json(const Plan& plan, const std::string& text) {
  std::string exported;
  ParsedPlan again;
  must_accept("what is exported can be imported", {text}, [&] {
    exported = exchange::to_json(plan);
    again = json_io::parse_plan(exported, "again");
  });
  require(without_foreign(again.plan) == without_foreign(plan), "an exported plan is the same plan",
          {text, exported});
}

}  // namespace

void play(Input& input) {
  const std::string text = input.rest();
  json_io::looks_like_json(text);
  accepts([&] { require_printable(json_io::parse_tasks(text, "<stdin>").diagnostics); });
  ParsedPlan parsed;
  if (!accepts([&] { parsed = json_io::parse_plan(text, "<stdin>"); })) return;
  require_printable(parsed.diagnostics);
  require_printable(check_tasks(parsed.plan, {}));
  as_toml(parsed.plan, text);
  as_json(parsed.plan, text);
}

}  // namespace gitplan::fuzz
