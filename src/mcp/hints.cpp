#include "mcp/hints.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "mcp/tools/table.hpp"
#include "session/json.hpp"

namespace gitplan::mcp {
namespace {

using Words = std::vector<std::string>;

enum class As {
  text,
  list,
  flag,
  count,
  plan_of,   ///< goes before the id that the parameter has
  given_as,  ///< the words are no value of it, but it is what the call is to have
};

struct Option {
  std::string_view word;
  std::string_view parameter;
  As as = As::text;
};

/// What a verb is as a tool. An option that is not in the row is one that the tool does not have.
struct Row {
  std::string_view verb;  ///< "task reset"
  const Tool* tool = nullptr;
  std::array<Option, 2> arguments = {};  ///< of the words that are no options; a list takes all
  std::array<Option, 4> options = {};
  Option plan = {"--plan", "plan_branch"};
};

constexpr Option plan_argument{"", "plan_branch"};
constexpr Option branch_argument{"", "branch"};
constexpr Option task_argument{"", "task_id"};
constexpr Option tasks_argument{"", "task_ids", As::list};
constexpr Option worker_argument{"", "worker_id"};
constexpr Option branch_option{"--plan", "branch"};
constexpr Option no_plan{};

constexpr std::array<Row, 31> rows = {{
    {"plan show", &parse_plan_tool, {branch_argument}, {}, branch_option},
    {"plan use", &parse_plan_tool, {branch_argument}, {}, branch_option},
    {"plan create", &create_plan_branch_tool, {{{"", "session_id"}}}, {}, no_plan},
    {"plan update",
     &update_plan_branch_tool,
     {},
     {{{"--note", "architecture_updates"},
       {"--complete", "completed_task_ids", As::list},
       {"--fail", "failed_task_ids", As::list},
       {"--cancel", "cancelled_task_ids", As::list}}}},
    {"plan approve", &approve_plan_tool, {plan_argument}},
    {"plan check", &check_plan_tool, {plan_argument}},
    {"plan provides", &get_provides_tool},
    {"plan report", &plan_report_tool, {plan_argument}, {{{"--format", "format"}}}},
    {"plan merge", &merge_into_flow_tool, {{{"", "commit"}}}},
    {"plan deliver",
     &deliver_flow_tool,
     {},
     {{{"--into", "into"}, {"--squash", "squash", As::flag}, {"-m", "message"}}}},
    {"plan clean",
     &clean_plans_tool,
     {},
     {{{"-n", "dry_run", As::flag}, {"-f", "force", As::flag}}}},
    {"plan sync", &sync_plan_tool, {{{"", "remote"}}}, {}, no_plan},
    {"task list", &parse_plan_tool, {}, {}, branch_option},
    {"task add", &update_plan_branch_tool, {{{"", "new_tasks", As::given_as}}}},
    {"task show", &parse_task_tool, {branch_argument}, {}, {"--plan", "branch", As::plan_of}},
    {"task create", &create_task_branch_tool, {task_argument}, {{{"--slug", "branch_slug"}}}},
    {"task start",
     &start_wave_tool,
     {tasks_argument},
     {{{"--allow-overlap", "allow_overlap", As::flag}}}},
    {"task prompt", &task_prompt_tool, {task_argument}},
    {"task done",
     &complete_task_tool,
     {task_argument},
     {{{"--allow-empty", "allow_empty", As::flag},
       {"--remove-worktree", "remove_worktree", As::flag},
       {"-m", "message"}}}},
    {"task fail",
     &fail_task_tool,
     {task_argument},
     {{{"-m", "reason"}, {"--needs-decision", "needs_decision", As::flag}}}},
    {"task reset",
     &reset_task_tool,
     {task_argument},
     {{{"-m", "answer"}, {"-f", "force", As::flag}}}},
    {"task cancel",
     &update_plan_branch_tool,
     {{{"", "cancelled_task_ids", As::list}}},
     {{{"-m", "reason"}}}},
    {"wave next", &next_wave_tool, {}, {{{"--explain", "explain", As::flag}}}},
    {"wave list", &parse_plan_tool, {}, {}, branch_option},
    {"wave start",
     &start_wave_tool,
     {tasks_argument},
     {{{"-j", "max_parallel", As::count}, {"--allow-overlap", "allow_overlap", As::flag}}}},
    {"wave status", &wave_status_tool},
    {"wave agents", &list_agents_tool},
    {"wave finish", &finish_wave_tool, {tasks_argument}, {{{"-f", "force", As::flag}}}},
    {"wave worker add",
     &create_worktree_tool,
     {{worker_argument, {"", "task_branch"}}},
     {},
     no_plan},
    {"wave worker remove", &remove_worktree_tool, {worker_argument}, {}, no_plan},
    {"wave worker list", &wave_status_tool},
}};

/// As a shell splits them; quotes within are understood as far as text::shell_quote makes any.
Words split_words(std::string_view command) {
  Words words;
  bool inside = false;  // of a word
  bool quoted = false;
  for (std::size_t i = 0; i < command.size(); ++i) {
    const char c = command[i];
    if (c == '\'') {
      quoted = !quoted;
      if (!std::exchange(inside, true)) words.emplace_back();
    } else if (c == ' ' && !quoted) {
      inside = false;
    } else {
      if (!std::exchange(inside, true)) words.emplace_back();
      words.back() += c == '\\' && !quoted && i + 1 < command.size() ? command[++i] : c;
    }
  }
  return words;
}

/// A call's parameters, and those that it is to have though no value of theirs is known here.
struct Parameters {
  Json values = Json::object();
  Words given;
};

/// "s1/001", where the id is known.
bool put_before(Json& values, const std::string& key, const std::string& session) {
  if (!values.contains(key)) return false;
  values[key] = session + "/" + values[key].get<std::string>();
  return true;
}

bool put(Parameters& parameters, const Option& option, const std::string& value) {
  const std::string key(option.parameter);
  switch (option.as) {
    case As::text:
      parameters.values[key] = value;
      return true;
    case As::list:
      parameters.values[key].push_back(value);
      return true;
    case As::flag:
      parameters.values[key] = true;
      return true;
    case As::plan_of:
      return put_before(parameters.values, key, value);
    case As::given_as:
      parameters.given.push_back(key);
      return true;
    case As::count:
      break;
  }
  if (value.empty() || value.find_first_not_of("0123456789") != std::string::npos) return false;
  parameters.values[key] = std::stoi(value);
  return true;
}

/// The option that `word` is, and the value after its "=".
std::pair<const Option*, std::optional<std::string>> option_of(const Row& row,
                                                               const std::string& word) {
  const auto equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const auto value =
      equals == std::string::npos ? std::nullopt : std::optional(word.substr(equals + 1));
  if (name == row.plan.word) return {&row.plan, value};
  for (const Option& option : row.options) {
    if (!option.word.empty() && option.word == name) return {&option, value};
  }
  return {nullptr, value};
}

/// What the `count`th word that is no option says; null: there may be none such.
const Option* argument_of(const Row& row, std::size_t count) {
  const Option& first = row.arguments.front();
  const bool repeats = first.as == As::list;
  if (!repeats && count >= row.arguments.size()) return nullptr;
  const Option& argument = repeats ? first : row.arguments[count];
  return argument.parameter.empty() ? nullptr : &argument;
}

/// Nothing if the tool has no parameter for one of the words.
std::optional<Parameters> parameters_of(const Row& row, const Words& words) {
  Parameters parameters;
  std::size_t arguments = 0;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) {
      const Option* argument = argument_of(row, arguments++);
      if (argument == nullptr || !put(parameters, *argument, words[i])) return std::nullopt;
      continue;
    }
    auto [option, value] = option_of(row, words[i]);
    if (option == nullptr) return std::nullopt;
    if (!value && option->as != As::flag && i + 1 < words.size()) value = words[++i];
    if (!value && option->as != As::flag) return std::nullopt;
    if (!put(parameters, *option, value.value_or(""))) return std::nullopt;
  }
  return parameters;
}

/// The row of "git task reset 002", and the words after its verb.
std::optional<std::pair<const Row*, Words>> row_of(std::string_view command) {
  constexpr std::string_view git = "git ";
  if (!command.starts_with(git)) return std::nullopt;
  command.remove_prefix(git.size());
  for (const Row& row : rows) {
    if (!command.starts_with(row.verb)) continue;
    const std::string_view rest = command.substr(row.verb.size());
    if (rest.empty() || rest.front() == ' ') return std::pair(&row, split_words(rest));
  }
  return std::nullopt;
}

/// "reset_task {"task_id":"002"}" for "git task reset 002".
std::optional<std::string> call_of(std::string_view command) {
  const auto row = row_of(command);
  const auto parameters = row ? parameters_of(*row->first, row->second) : std::nullopt;
  if (!parameters) return std::nullopt;
  std::string call(row->first->tool->name);
  if (!parameters->values.empty()) call += " " + parameters->values.dump();
  if (!parameters->given.empty()) call += " with " + text::join(parameters->given, ", ");
  return call;
}

/// True of git's own that only show something: a client sees that with tools of its own.
bool only_shows(std::string_view command) {
  static constexpr std::array<std::string_view, 11> shows{
      "branch --list", "branch --all", "log",           "reflog",       "for-each-ref", "ls-tree",
      "rev-parse",     "help",         "worktree list", "config --get", "status"};
  Words words = split_words(command);
  if (words.size() > 3 && words[1] == "-C") words.erase(words.begin() + 1, words.begin() + 3);
  const std::string rest = text::join(Words(words.begin() + 1, words.end()), " ");
  return std::any_of(shows.begin(), shows.end(), [&](std::string_view verb) {
    return rest.starts_with(verb) && rest.find("&&") == std::string::npos;
  });
}

constexpr std::array<std::string_view, 3> programs{": git plan ", ": git task ", ": git wave "};

/// Where the ":" before the first command stands that a client cannot use as it is: one of ours,
/// or one that only shows something.
std::size_t find_command(std::string_view line) {
  std::size_t first = std::string_view::npos;
  for (const std::string_view program : programs) first = std::min(first, line.find(program));
  if (first != std::string_view::npos) return first;
  const std::size_t other = line.find(": git ");
  if (other == std::string_view::npos || !only_shows(line.substr(other + 2)))
    return std::string_view::npos;
  return other;
}

/// What a line says before its command, without the clause that is about running it; empty:
/// nothing else.
std::string words_before(std::string_view before) {
  const std::size_t semicolon = before.rfind("; ");
  const std::string_view clause =
      semicolon == std::string_view::npos ? before : before.substr(semicolon + 2);
  const bool is_about_it =
      clause.starts_with("to ") || clause.ends_with("run") || clause.ends_with("for example");
  if (!is_about_it) return std::string(before);
  return semicolon == std::string_view::npos ? "" : std::string(before.substr(0, semicolon));
}

/// A line that ends in ": " and a command.
std::string line_before(std::string before, std::string_view command) {
  constexpr std::string_view run = "run";
  const bool is_run = before.ends_with(run);
  if (const auto call = call_of(command)) {
    if (is_run) before.replace(before.size() - run.size(), run.size(), "call");
    return before + ": " + *call;
  }
  const auto row = row_of(command);
  if (is_run && row && row->second == Words{"-h"}) {
    before.replace(before.size() - run.size(), run.size(), "see");
    return before + " the parameters of " + std::string(row->first->tool->name);
  }
  return words_before(before);
}

std::string line_for_tools(std::string_view line) {
  const std::size_t colon = find_command(line);
  if (colon != std::string_view::npos)
    return line_before(std::string(line.substr(0, colon)), line.substr(colon + 2));
  constexpr std::string_view then = " && ";
  const std::size_t last = line.rfind(then);
  if (last == std::string_view::npos) return std::string(line);
  const auto call = call_of(line.substr(last + then.size()));
  return call ? std::string(line.substr(0, last)) + "; then call: " + *call : std::string(line);
}

}  // namespace

std::string for_tools(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(text, '\n')) {
    std::string said = line_for_tools(line);
    if (!said.empty() || line.empty()) lines.push_back(std::move(said));
  }
  return text::join(lines, "\n");
}

std::vector<ToolOfVerb> tools_of_verbs() {
  std::vector<ToolOfVerb> tools;
  for (const Row& row : rows) {
    ToolOfVerb one{row.verb, row.tool, {}};
    const auto add = [&](const Option& option) {
      if (!option.parameter.empty()) one.parameters.push_back(option.parameter);
    };
    std::for_each(row.arguments.begin(), row.arguments.end(), add);
    std::for_each(row.options.begin(), row.options.end(), add);
    add(row.plan);
    tools.push_back(std::move(one));
  }
  return tools;
}

}  // namespace gitplan::mcp
