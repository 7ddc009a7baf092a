// Surgical edits of plan.toml: what was to change has changed, and nothing else, comments and keys
// of others included; a text that cannot be edited is refused.
#include <algorithm>
#include <array>

#include "fuzz/fuzz.hpp"
#include "fuzz/plan_lines.hpp"
#include "fuzz/toml_comments.hpp"
#include "plan/edits.hpp"
#include "plan/toml.hpp"

namespace gitplan::fuzz {
namespace {

using toml_io::ParsedPlan;

// A number of edits, and what they may take away.
struct Edited {
  Plan plan;
  bool only_statuses = true;
  bool loses_comments = false;  // a key goes, or a list is written anew
};

struct Choice {
  std::size_t kind;
  std::size_t place;  // of the task
  std::size_t form;
  std::size_t which;  // key or value
  std::string word;
};

Choice choice_of(Input& input) {
  const std::size_t kind = input.below(8);
  const std::size_t place = input.below(8);
  const std::size_t form = input.below(8);
  const std::size_t which = input.below(8);
  return {kind, place, form, which, input.piece()};
}

constexpr std::array<const char*, 7> kPlanKeys = {
    "architecture",         "user_request",     "design_patterns", "technology_stack",
    "estimated_total_time", "dependency_graph", "flow_branch"};
constexpr std::array<const char*, 4> kTextKeys = {"description", "slug", "external_id",
                                                  "estimated_time"};
constexpr std::array<const char*, 4> kListKeys = {"files", "provides", "preconditions",
                                                  "depends_on"};
constexpr std::array<const char*, 4> kPriorities = {"", "high", "low", "critical"};

void set_status(Edited& edited, std::size_t status, const std::string& id,
                const std::string& word) {
  const std::array<std::string, 1> ids = {id};
  Plan& plan = edited.plan;
  edited.loses_comments |= status != 1;
  if (status == 0) plan = edits::complete(plan, ids);
  if (status == 1) plan = edits::fail(plan, ids, word, word.size() % 2 == 1);
  if (status == 2) plan = edits::cancel(plan, ids, word);
  if (status == 3) plan = edits::reset(plan, ids);
}

void set_of_plan(Edited& edited, const Choice& choice) {
  const bool list = choice.form % 2 == 1;
  const char* key = list ? "provides" : kPlanKeys[choice.which % kPlanKeys.size()];
  edited.plan = edits::set(edited.plan, key, choice.word);
  edited.loses_comments |= list || choice.word.empty();
}

void set_of_task(Edited& edited, const std::string& id, const Choice& choice) {
  const std::size_t form = choice.form % 3;
  const std::size_t which = choice.which % 4;
  std::string key = form == 0 ? kTextKeys[which] : kListKeys[which];
  std::string value = choice.word;
  if (form == 2) {
    key = "priority";
    value = kPriorities[which];
  }
  edited.plan = edits::set(edited.plan, id + "." + key, value);
  edited.loses_comments |= form == 1 || value.empty();
}

void add_task(Edited& edited, const std::string& word) {
  Task task;
  task.description = word.empty() ? "x" : word;
  task.provides = {word + "y"};
  edited.plan = edits::add(edited.plan, {task});
}

void edit_once(Edited& edited, const Choice& choice) {
  edited.only_statuses &= choice.kind < 4;
  if (choice.kind == 4) return add_task(edited, choice.word);
  if (choice.kind == 5) {
    edited.plan = edits::note(edited.plan, 9, "2025-01-12T14:52:10Z", choice.word);
    return;
  }
  if (choice.kind == 6) return set_of_plan(edited, choice);
  const auto& tasks = edited.plan.tasks;
  if (tasks.empty()) return;
  const std::string id = tasks[choice.place % tasks.size()].id;
  if (choice.kind == 7) return set_of_task(edited, id, choice);
  set_status(edited, choice.kind, id, choice.word);
}

std::vector<ForeignKey> foreign_keys(const std::string& text) {
  const Plan plan = toml_io::parse_input(text, "x").plan;
  std::vector<ForeignKey> keys = plan.foreign;
  for (const Task& task : plan.tasks) {
    keys.insert(keys.end(), task.foreign.begin(), task.foreign.end());
  }
  return keys;
}

bool has_only_dos_lines(const std::string& text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && (i == 0 || text[i - 1] != '\r')) return false;
  }
  return text.find('\n') != std::string::npos;
}

void judge(const std::string& text, const ParsedPlan& before, const Edited& edited,
           const std::string& result) {
  const ParsedPlan again = toml_io::parse_plan(result, "result");
  require(again.plan == edited.plan, "an edited plan reads as was meant", {text, result});
  require(again.diagnostics.size() <= before.diagnostics.size(), "an edit makes no mistakes",
          {text, result});
  require(foreign_keys(result) == foreign_keys(text), "keys of others stay", {text, result});
  require(edited.loses_comments || is_subsequence(comments_of(text), comments_of(result)),
          "comments stay", {text, result});
  require(edited.plan != before.plan || result == text, "no change is no change", {text, result});
  require(!has_only_dos_lines(text) || has_only_dos_lines(result), "line ends stay",
          {text, result});
  require(toml_io::edit_plan(result, edited.plan, edited.plan) == result, "twice is once",
          {text, result});
}

// A change of statuses can be taken back, unless the text cannot hold what was there.
void take_back(const ParsedPlan& before, const Edited& edited, const std::string& result) {
  std::string back;
  if (!accepts([&] { back = toml_io::edit_plan(result, edited.plan, before.plan); })) return;
  require(toml_io::parse_plan(back, "back").plan == before.plan, "an edit can be taken back",
          {result, back});
}

}  // namespace

void play(Input& input) {
  const bool of_lines = input.flag();
  const bool next_version = input.flag();
  std::vector<Choice> choices(1 + input.below(3));
  for (Choice& choice : choices) choice = choice_of(input);
  const std::string text = of_lines ? plan_of_lines(input) : input.rest();
  ParsedPlan before;
  if (!accepts([&] { before = toml_io::parse_plan(text, "x"); })) return;
  Edited edited{before.plan};
  const bool made = accepts([&] {
    for (const Choice& choice : choices) edit_once(edited, choice);
  });
  if (!made) return;
  if (next_version) ++edited.plan.version;
  std::string result;
  if (!accepts([&] { result = toml_io::edit_plan(text, before.plan, edited.plan); })) return;
  judge(text, before, edited, result);
  if (edited.only_statuses) take_back(before, edited, result);
}

}  // namespace gitplan::fuzz
