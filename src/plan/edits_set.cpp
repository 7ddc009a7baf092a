// `--set key=value`
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/edits.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"
#include "plan/toml_misnamed_keys.hpp"

namespace gitplan::edits {
namespace {

constexpr std::string_view way_out = "to see what a plan holds, run: git plan show --json";

[[noreturn]] void refuse(std::string message, std::string_view remedy = way_out) {
  throw Error(ErrorKind::usage, std::move(message), Hint{std::string(remedy)});
}

/// Why a key of ours may not be set; nothing if it may.
std::optional<std::string_view> locked(std::string_view key) {
  struct Lock {
    std::string_view key;
    std::string_view remedy;
  };
  constexpr std::string_view by_hand = "to change it by hand, run: git plan edit";
  static constexpr std::array<Lock, 11> locks = {
      {{"format", by_hand},
       {"session_id", "a plan keeps its name; to make another one, run: git plan create"},
       {"version", "every write adds 1 to it; to see it, run: git plan log"},
       {"created_at", by_hand},
       {"cleaned_at", "to clean up after finished plans, run: git plan clean"},
       {"claim_refs", "'git plan share' notes it; to change it by hand, run: git plan edit"},
       {"updates", "to add a note, run: git plan update --note='what was learned'"},
       {"approvals", "to approve a version, run: git plan approve"},
       {"tasks", "to add one, run: git task add 'what is to be done'"},
       {"id", by_hand},
       {"status", "to record it, run: git plan update --complete="}}};
  const auto* const lock = std::ranges::find(locks, key, &Lock::key);
  return lock == locks.end() ? std::nullopt : std::optional(lock->remedy);
}

/// One item, or a TOML list. Ids may also be split at commas.
std::vector<std::string> parse_items(std::string_view key, std::string_view value) {
  value = text::trim(value);
  if (value.starts_with('[')) {
    if (auto items = toml_io::parse_list(value)) return *std::move(items);
    refuse(fmt::format("'{}' must be one item or a list such as [\"a\", \"b\"], not '{}'", key,
                       shown(value)));
  }
  if (key != "depends_on")
    return value.empty() ? std::vector<std::string>{} : std::vector{std::string(value)};
  std::vector<std::string> items;
  for (const std::string_view item : text::split(value, ',')) {
    if (const auto trimmed = text::trim(item); !trimmed.empty()) items.emplace_back(trimmed);
  }
  return items;
}

// Each `assign` gives a member the value that a user's words mean.

void assign(std::string& member, std::string_view /*key*/, std::string_view value) {
  member = value;
}
void assign(std::optional<std::string>& member, std::string_view /*key*/, std::string_view value) {
  member = value.empty() ? std::nullopt : std::optional<std::string>(value);
}
void assign(std::vector<std::string>& member, std::string_view key, std::string_view value) {
  for (auto& item : parse_items(key, value)) member.push_back(std::move(item));
}
void assign(bool& member, std::string_view key, std::string_view value) {
  if (value != "true" && value != "false") {
    refuse(fmt::format("'{}' must be true or false, not '{}'", key, shown(value)));
  }
  member = value == "true";
}
void assign(std::optional<Priority>& member, std::string_view key, std::string_view value) {
  member = parse_priority(value);
  if (member || value.empty()) return;
  static const std::array<std::string, 4> words = {"critical", "high", "medium", "low"};
  const auto near = text::did_you_mean(value, words);
  refuse(fmt::format("bad {} '{}'; {}", key, shown(value),
                     near ? fmt::format("did you mean '{}'?", *near)
                          : "it must be critical, high, medium or low"));
}
// Numbers and statuses are locked.
void assign(std::int64_t& /*member*/, std::string_view key, std::string_view /*value*/) {
  refuse(fmt::format("'{}' may not be set", key));
}
void assign(Status& /*member*/, std::string_view key, std::string_view /*value*/) {
  refuse(fmt::format("'{}' may not be set", key));
}

std::string way_out_of(std::string_view remedy, const Task& task) {
  return remedy.ends_with('=') ? std::string(remedy) + text::shell_quote(task.id)
                               : std::string(remedy);
}
/// A plan has no status of its own to record.
std::string way_out_of(std::string_view remedy, const Plan& /*plan*/) {
  return std::string(remedy.ends_with('=')
                         ? "it follows from its tasks; to see them, run: git task list"
                         : remedy);
}

/// The first value of a list takes the place of what stood there, later ones are added.
template <class Member>
void empty_list(Member& /*member*/) {}
void empty_list(std::vector<std::string>& member) { member.clear(); }

template <class Record>
void set_field(Record& record, std::string_view key, std::string_view value, Repeated repeated) {
  if (const auto remedy = locked(key))
    refuse(fmt::format("'{}' may not be set", key), way_out_of(*remedy, record));
  std::vector<std::string> keys;
  for (const auto& field : toml_io::fields<Record>()) {
    if (field.key == key) {
      return std::visit(
          [&](auto member) {
            if (repeated == Repeated::no) empty_list(record.*member);
            assign(record.*member, key, value);
          },
          field.member);
    }
    if (!locked(field.key)) keys.emplace_back(field.key);
  }
  const auto near = meant_key(key, std::is_same_v<Record, Plan> ? KeyOf::plan : KeyOf::task);
  refuse(fmt::format("no key '{}' in a {}{}", shown(key),
                     std::is_same_v<Record, Plan> ? "plan" : "task",
                     near ? fmt::format("; did you mean '{}'?", *near)
                          : fmt::format("; there are {}", text::join(keys, ", "))));
}

}  // namespace

Plan set(Plan plan, std::string_view key, std::string_view value, Repeated repeated) {
  const std::size_t dot = key.find('.');
  if (dot == std::string_view::npos) {
    set_field(plan, key, value, repeated);
  } else {
    Task& task = plan.tasks[require(plan, key.substr(0, dot))];
    set_field(task, key.substr(dot + 1), unix_lines(value), repeated);
    if (key.substr(dot + 1) == "description") split_description(task.description, task.details);
  }
  return plan;
}

}  // namespace gitplan::edits
