#include "mcp/hints.hpp"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "session/json.hpp"

namespace gitplan::mcp {
namespace {

using Words = std::vector<std::string>;

enum class As { text, list, flag, count, left_out };

struct Option {
  std::string_view word;
  std::string_view parameter;
  As as = As::text;
};

/// What a verb is as a tool. An option that is not in the row is one that the tool does not have.
struct Row {
  std::string_view verb;  ///< "task reset"
  std::string_view tool;
  Option argument = {};  ///< of the words that are no options
  std::array<Option, 2> options = {};
};

constexpr std::array<Row, 28> rows = {{
    {"plan show", "parse_plan", {"", "plan_branch"}},
    {"plan use", "parse_plan", {"", "plan_branch"}},
    {"plan create", "create_plan_branch", {"", "session_id"}},
    {"plan update", "update_plan_branch", {}, {{{"--note", "architecture_updates"}}}},
    {"plan approve", "approve_plan", {"", "plan_branch"}},
    {"plan check", "check_plan", {"", "plan_branch"}},
    {"plan provides", "get_provides"},
    {"plan report", "plan_report", {"", "plan_branch"}},
    {"plan merge", "merge_into_flow", {"", "commit"}},
    {"plan deliver", "deliver_flow"},
    {"plan clean", "clean_plans"},
    {"task list", "parse_plan"},
    {"task add", "update_plan_branch with new_tasks", {"", "new_tasks", As::left_out}},
    {"task show", "parse_task", {"", "task_id"}},
    {"task create", "create_task_branch", {"", "task_id"}},
    {"task start",
     "start_wave",
     {"", "task_ids", As::list},
     {{{"--allow-overlap", "allow_overlap", As::flag}}}},
    {"task prompt", "task_prompt", {"", "task_id"}},
    {"task done", "complete_task", {"", "task_id"}, {{{"--allow-empty", "allow_empty", As::flag}}}},
    {"task fail",
     "fail_task",
     {"", "task_id"},
     {{{"-m", "reason"}, {"--needs-decision", "needs_decision", As::flag}}}},
    {"task reset", "reset_task", {"", "task_id"}, {{{"-m", "answer"}}}},
    {"task cancel", "update_plan_branch", {"", "cancelled_task_ids", As::list}},
    {"wave next", "next_wave", {}, {{{"--explain", "explain", As::flag}}}},
    {"wave list", "parse_plan"},
    {"wave start", "start_wave", {"", "task_ids", As::list}, {{{"-j", "max_parallel", As::count}}}},
    {"wave status", "wave_status"},
    {"wave finish", "finish_wave", {"", "task_ids", As::list}, {{{"-f", "force", As::flag}}}},
    {"wave worker remove", "remove_worktree", {"", "worker_id"}},
    {"wave worker list", "wave_status"},
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

bool put(Json& object, const Option& option, const std::string& value) {
  const std::string key(option.parameter);
  switch (option.as) {
    case As::text:
      object[key] = value;
      return true;
    case As::list:
      object[key].push_back(value);
      return true;
    case As::flag:
      object[key] = true;
      return true;
    case As::left_out:
      return true;
    case As::count:
      break;
  }
  if (value.empty() || value.find_first_not_of("0123456789") != std::string::npos) return false;
  object[key] = std::stoi(value);
  return true;
}

/// The option that `word` is, and the value after its "=".
std::pair<const Option*, std::optional<std::string>> option_of(const Row& row,
                                                               const std::string& word) {
  static constexpr Option plan{"--plan", "plan_branch"};
  const auto equals = word.find('=');
  const std::string name = word.substr(0, equals);
  const auto value =
      equals == std::string::npos ? std::nullopt : std::optional(word.substr(equals + 1));
  if (name == plan.word) return {&plan, value};
  for (const Option& option : row.options) {
    if (!option.word.empty() && option.word == name) return {&option, value};
  }
  return {nullptr, value};
}

/// Nothing if the tool has no parameter for one of the words.
std::optional<Json> parameters(const Row& row, const Words& words) {
  Json object = Json::object();
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) {
      if (row.argument.parameter.empty() || !put(object, row.argument, words[i]))
        return std::nullopt;
      continue;
    }
    auto [option, value] = option_of(row, words[i]);
    if (option == nullptr) return std::nullopt;
    if (!value && option->as != As::flag && i + 1 < words.size()) value = words[++i];
    if (!value && option->as != As::flag) return std::nullopt;
    if (!put(object, *option, value.value_or(""))) return std::nullopt;
  }
  return object;
}

/// "reset_task {"task_id":"002"}" for "git task reset 002".
std::optional<std::string> call_of(std::string_view command) {
  constexpr std::string_view git = "git ";
  if (!command.starts_with(git)) return std::nullopt;
  command.remove_prefix(git.size());
  for (const Row& row : rows) {
    if (!command.starts_with(row.verb)) continue;
    const std::string_view rest = command.substr(row.verb.size());
    if (!rest.empty() && rest.front() != ' ') continue;
    const auto object = parameters(row, split_words(rest));
    if (!object) return std::nullopt;
    return std::string(row.tool) + (object->empty() ? "" : " " + object->dump());
  }
  return std::nullopt;
}

/// Where the first command of ours begins.
std::size_t find_command(std::string_view line) {
  std::size_t first = std::string_view::npos;
  for (const std::string_view program : {": git plan ", ": git task ", ": git wave "})
    first = std::min(first, line.find(program));
  return first;
}

std::string line_for_tools(std::string_view line) {
  const std::size_t colon = find_command(line);
  if (colon != std::string_view::npos) {
    const auto call = call_of(line.substr(colon + 2));
    if (!call) return std::string(line);
    std::string before(line.substr(0, colon));
    if (before.ends_with("run")) before.replace(before.size() - 3, 3, "call");
    return before + ": " + *call;
  }
  constexpr std::string_view then = " && ";
  const std::size_t last = line.rfind(then);
  if (last == std::string_view::npos) return std::string(line);
  const auto call = call_of(line.substr(last + then.size()));
  return call ? std::string(line.substr(0, last)) + "; then call: " + *call : std::string(line);
}

}  // namespace

std::string for_tools(std::string_view text) {
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(text, '\n')) lines.push_back(line_for_tools(line));
  return text::join(lines, "\n");
}

}  // namespace gitplan::mcp
