// Surgical edits of plans in every style: random comments, spacing, key order, quoting and line
// ends, tables or inline tables. What a change does not concern stays as it was, byte for byte.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "plan/toml.hpp"
#include "plan/toml_edited.hpp"
#include "unit/plan/plan_files.hpp"
#include "unit/plan/random_plan.hpp"

using namespace gitplan;

namespace {

/// A line of a document, and what may change it: "version", "tasks.1.status", "tasks" …; empty:
/// nothing.
struct Line {
  std::string text;
  std::string owner;
};

bool is_plain(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    return static_cast<unsigned char>(c) >= 0x20 && c != 0x7f &&
           static_cast<unsigned char>(c) < 0x80;
  });
}

bool is_time(std::string_view text) { return text.size() > 18 && text.find("-30T") == text.npos; }

/// Writes a plan as a person with changing habits would.
class Writer {
 public:
  Writer(test::RandomPlan& random, const Plan& plan, std::string_view eol = "\n")
      : random_(random), plan_(plan), eol_(eol) {}

  std::vector<Line> lines() {
    noise();
    keys("", plan_keys());
    if (inline_tasks_) inline_list("tasks", plan_.tasks);
    if (inline_updates_) inline_list("updates", plan_.updates);
    noise();
    if (random_.chance(50)) add("[meta]", ""), add("owner = \"ada\" # [[tasks]]", "");
    const bool tasks_first = random_.chance(25);
    if (tasks_first) task_tables();
    update_tables();
    if (!tasks_first) task_tables();
    noise();
    if (random_.chance(10)) add("[zz.\"tasks.0\".y]", ""), add("status = 'pending'", "");
    return std::move(lines_);
  }

 private:
  struct Key {
    std::string name;
    std::string value;
  };

  void update_tables() {
    for (std::size_t i = 0; i < plan_.updates.size() && !inline_updates_; ++i) {
      noise();
      add(header("updates"), "");
      keys(fmt::format("updates.{}.", i), keys_of(plan_.updates[i]));
      if (random_.chance(10)) add("[updates.by]", ""), add("note = 'ada'", "");
    }
  }
  void task_tables() {
    for (std::size_t i = 0; i < plan_.tasks.size() && !inline_tasks_; ++i) {
      noise();
      add(header("tasks"), "");
      keys(fmt::format("tasks.{}.", i), keys_of(plan_.tasks[i]));
      if (random_.chance(20)) add("[tasks.extra]", ""), add("list = [\n 1, # one\n]", "");
      for (std::size_t n = random_.chance(15) ? 2 : 0; n > 0; --n) {
        add("  [[tasks.log]]", "");
        add("  id = '001' # of the log", "");
      }
    }
  }

  void add(std::string text, std::string owner) {
    lines_.push_back({std::move(text), std::move(owner)});
  }
  std::string pad() { return std::string(random_.below(3), random_.chance(80) ? ' ' : '\t'); }
  std::string comment() {
    return random_.chance(25) ? pad() + "# \"comment\" = [ { ''' [[tasks]]" : pad();
  }
  void noise() {
    for (std::size_t n = random_.below(3); n > 0; --n) add(comment(), "");
  }
  std::string header(std::string_view name) {
    const std::string key = random_.chance(20) ? quoted_key(name) : std::string(name);
    return fmt::format("{}[[{}{}{}]]{}", pad(), pad(), key, pad(), comment());
  }

  std::string quoted_key(std::string_view name) {
    if (random_.chance(40)) return fmt::format("'{}'", name);
    if (random_.chance(50)) return fmt::format("\"{}\"", name);
    return fmt::format("\"\\u{:04X}{}\"", static_cast<unsigned>(name.front()), name.substr(1));
  }
  std::string number(std::int64_t value) {
    switch (random_.below(10)) {
      case 0:
        return fmt::format("+{}", value);
      case 1:
        return fmt::format("0x{:02x}", value);
      case 2:
        return fmt::format("0b{:b}", value);
      case 3:
        return value < 10 ? fmt::format("{}", value) : fmt::format("{}_{}", value / 10, value % 10);
      default:
        return fmt::format("{}", value);
    }
  }
  /// Over several lines as they are, where line ends are those of the value.
  [[nodiscard]] bool may_stand_raw(const std::string& value) const {
    return eol_ == "\n" && !inline_tasks_ && value.find('\n') != value.npos &&
           value.find("'''") == value.npos && !value.ends_with('\'') &&
           std::ranges::all_of(value, [](char c) {
             return c == '\n' || is_plain({&c, 1});
           });
  }

  std::string text(const std::string& value) {
    if (may_stand_raw(value) && random_.chance(50)) return "'''\n" + value + "'''";
    if (is_plain(value) && value.find('\'') == value.npos && random_.chance(40)) {
      return random_.chance(50) ? "'" + value + "'" : "'''" + value + "'''";
    }
    const std::string quoted = toml_io::quote(value);
    if (random_.chance(15) && !inline_tasks_ && quoted[1] != ' ')
      return "\"\"\"\\" + pad() + "\n \n  " + quoted.substr(1) + "\"\"";
    return random_.chance(20) && !inline_tasks_ ? "\"\"\"\n" + quoted.substr(1) + "\"\"" : quoted;
  }
  std::string list(const std::vector<std::string>& items) {
    const bool broken = random_.chance(40);
    std::string out = "[" + pad();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (broken) out += random_.chance(50) ? " # an ] item\n  " : "\n\t";
      out += text(items[i]) + pad();
      if (broken && random_.chance(20)) out += " # before a comma, \n";
      if (i + 1 < items.size() || random_.chance(40)) out += "," + pad();
    }
    if (broken) out += random_.chance(50) ? "# last\n" : "\n";
    return out + "]";
  }

  void set(std::vector<Key>& keys, std::string name, const std::string& value) {
    if (!value.empty() || random_.chance(50)) keys.push_back({std::move(name), text(value)});
  }
  void set(std::vector<Key>& keys, std::string name, const std::optional<std::string>& value) {
    if (value) keys.push_back({std::move(name), text(*value)});
  }
  void set(std::vector<Key>& keys, std::string name, const std::vector<std::string>& value) {
    if (!value.empty() || random_.chance(50)) keys.push_back({std::move(name), list(value)});
  }
  void set_time(std::vector<Key>& keys, std::string name, const std::string& value) {
    if (is_time(value) && random_.chance(50)) {
      std::string literal = value;
      if (random_.chance(20)) literal[10] = random_.chance(50) ? 't' : ' ';
      if (literal.back() == 'Z' && random_.chance(20)) literal.back() = 'z';
      keys.push_back({std::move(name), literal});
    } else {
      set(keys, std::move(name), value);
    }
  }

  std::vector<Key> plan_keys() {
    std::vector<Key> keys = {{"version", number(plan_.version)},
                             {"flow_branch", text(plan_.flow_branch)}};
    set(keys, "session_id", plan_.session_id);
    set_time(keys, "created_at", plan_.created_at);
    set(keys, "user_request", plan_.user_request);
    set(keys, "architecture", plan_.architecture);
    set(keys, "design_patterns", plan_.design_patterns);
    set(keys, "technology_stack", plan_.technology_stack);
    set(keys, "estimated_total_time", plan_.estimated_total_time);
    set(keys, "dependency_graph", plan_.dependency_graph);
    set(keys, "hold", plan_.hold);
    set(keys, "claim_refs", plan_.claim_refs);
    set(keys, "provides", plan_.provides);
    if (random_.chance(30)) keys.push_back({"x.version", "{ status = 'x', id = [{}] }"});
    return keys;
  }
  std::vector<Key> keys_of(const Update& update) {
    std::vector<Key> keys = {{"version", number(update.version)}};
    set_time(keys, "at", update.at);
    set(keys, "note", update.note);
    return keys;
  }
  std::vector<Key> keys_of(const Task& task) {
    std::vector<Key> keys = {{"id", text(task.id)}};
    set(keys, "description", task.description);
    if (task.status != Status::pending || random_.chance(50)) {
      keys.push_back({"status", text(std::string(to_string(task.status)))});
    }
    set(keys, "preconditions", task.preconditions);
    set(keys, "provides", task.provides);
    set(keys, "depends_on", task.depends_on);
    set(keys, "files", task.files);
    set(keys, "estimated_time", task.estimated_time);
    if (task.priority) keys.push_back({"priority", text(std::string(to_string(*task.priority)))});
    set(keys, "slug", task.slug);
    set(keys, "external_id", task.external_id);
    set(keys, "part_of", task.part_of);
    set(keys, "details", task.details);
    set(keys, "test_strategy", task.test_strategy);
    set(keys, "agent", task.agent);
    set(keys, "reason", task.reason);
    if (task.needs_decision) keys.push_back({"needs_decision", "true"});
    if (random_.chance(20)) keys.push_back({"owner.status", "'completed'"});
    return keys;
  }

  std::string pair(const Key& key) {
    const bool simple = key.name.find('.') == key.name.npos;
    const std::string name = simple && random_.chance(20) ? quoted_key(key.name) : key.name;
    return name + pad() + "=" + pad() + key.value;
  }
  void shuffle(std::vector<Key>& keys) {
    if (random_.chance(50)) return;
    for (std::size_t i = keys.size(); i > 1; --i) std::swap(keys[i - 1], keys[random_.below(i)]);
  }
  void keys(const std::string& record, std::vector<Key> keys) {
    shuffle(keys);
    for (const Key& key : keys) {
      if (random_.chance(15)) noise();
      add(pad() + pair(key) + comment(), record + key.name);
    }
  }
  template <class Record>
  void inline_list(const std::string& name, const std::vector<Record>& records) {
    if (records.empty() && random_.chance(50)) return;
    std::string last = name + pad() + "= [";
    for (std::size_t i = 0; i < records.size(); ++i) {
      add(last, i == 0 ? "" : fmt::format("{}.{}", name, i - 1));
      std::vector<Key> keys = keys_of(records[i]);
      shuffle(keys);
      last = pad() + "{" + pad();
      for (const Key& key : keys) last += (&key == keys.data() ? "" : ", ") + pair(key);
      last += pad() + "}" + (i + 1 < records.size() || random_.chance(50) ? "," : "") + comment();
    }
    add(last, records.empty() ? name : fmt::format("{}.{}", name, records.size() - 1));
    lines_.back().text += "\n]";
  }

  test::RandomPlan& random_;
  const Plan& plan_;
  std::string_view eol_;
  bool inline_tasks_ = random_.chance(30);
  bool inline_updates_ = inline_tasks_ && random_.chance(50);
  std::vector<Line> lines_;
};

void name_task_changes(const Task& a, const Task& b, const std::string& task,
                       std::set<std::string>& changes) {
  const auto note = [&](bool differs, const char* key) {
    if (differs) changes.insert({task, task + "." + key});
  };
  note(a.description != b.description, "description");
  note(a.status != b.status, "status");
  note(a.preconditions != b.preconditions, "preconditions");
  note(a.provides != b.provides, "provides");
  note(a.files != b.files, "files");
  note(a.estimated_time != b.estimated_time, "estimated_time");
  note(a.priority != b.priority, "priority");
  note(a.slug != b.slug, "slug");
  note(a.details != b.details, "details");
  note(a.reason != b.reason, "reason");
  note(a.needs_decision != b.needs_decision, "needs_decision");
}

/// The owners of lines that may change.
std::set<std::string> changes_of(const Plan& before, const Plan& after) {
  std::set<std::string> changes = {"version"};
  if (before.architecture != after.architecture) changes.insert("architecture");
  if (before.flow_branch != after.flow_branch) changes.insert("flow_branch");
  if (before.provides != after.provides) changes.insert("provides");
  for (std::size_t i = 0; i < before.tasks.size(); ++i) {
    name_task_changes(before.tasks[i], after.tasks[i], fmt::format("tasks.{}", i), changes);
  }
  if (after.tasks.size() > before.tasks.size()) {
    changes.insert({"tasks", fmt::format("tasks.{}", before.tasks.size() - 1)});
  }
  if (after.updates.size() > before.updates.size()) {
    changes.insert({"updates", fmt::format("updates.{}", before.updates.size() - 1)});
  }
  return changes;
}

std::string assemble(const std::vector<Line>& lines, std::string_view eol, bool final_end) {
  std::string text;
  for (const Line& line : lines) {
    for (const char c : line.text + "\n") c == '\n' ? text += eol : text += c;
  }
  if (!final_end) text.resize(text.size() - eol.size());
  return text;
}

/// True if the lines stand in the text in this order, whole.
bool stand_in_order(const std::vector<std::string>& lines, std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto all = test::lines_of(text);
  std::size_t at = 0;
  for (std::string_view wanted : lines) {
    while (at < all.size() && all[at].substr(0, all[at].find_last_not_of("\r\n") + 1) != wanted)
      ++at;
    if (at++ == all.size()) return false;
  }
  return true;
}

std::vector<std::string> kept_lines(const std::vector<Line>& lines,
                                    const std::set<std::string>& changes) {
  std::vector<std::string> kept;
  for (const Line& line : lines) {
    if (changes.contains(line.owner)) continue;
    for (std::string_view piece : test::lines_of(line.text)) {
      kept.emplace_back(piece.substr(0, piece.find_last_not_of('\n') + 1));
    }
  }
  return kept;
}

}  // namespace

TEST_CASE("an edit changes what it must in a plan of any style, and nothing else") {
  for (unsigned seed = 0; seed < 2000; ++seed) {
    test::RandomPlan random(seed);
    const Plan before = random.plan();
    const std::string_view eol = random.chance(25) ? "\r\n" : "\n";
    const std::vector<Line> lines = Writer(random, before, eol).lines();
    const std::string text =
        (random.chance(10) ? "\xef\xbb\xbf" : "") + assemble(lines, eol, random.chance(80));
    CAPTURE(seed, text);
    const auto parsed = toml_io::parse_plan(text, "plan.toml");
    REQUIRE(parsed.diagnostics.empty());
    REQUIRE(parsed.plan == before);

    const Plan after = random.changed(before);
    const std::string result = toml_io::edit_plan(text, before, after);
    CAPTURE(result);
    const auto read = toml_io::parse_plan(result, "plan.toml");
    REQUIRE(read.plan == after);
    const auto edited = toml_io::edit_and_read(text, "plan.toml", before, {}, after);
    REQUIRE(edited.text == result);
    REQUIRE(edited.parsed.plan == read.plan);
    REQUIRE(edited.parsed.task_lines == read.task_lines);
    REQUIRE(edited.parsed.names_flow == read.names_flow);
    REQUIRE(stand_in_order(kept_lines(lines, changes_of(before, after)), result));
    REQUIRE(result.starts_with("\xef\xbb\xbf") == text.starts_with("\xef\xbb\xbf"));
    for (std::string_view line : test::lines_of(result)) {
      if (line.ends_with('\n')) REQUIRE(line.ends_with("\r\n") == (eol == "\r\n"));
    }
  }
}

TEST_CASE("an edit and its reverse meet in the same plan") {
  for (unsigned seed = 0; seed < 300; ++seed) {
    test::RandomPlan random(seed + 100000);
    const Plan before = random.plan();
    Plan after = random.changed(before);
    after.tasks.resize(before.tasks.size());
    after.updates.resize(before.updates.size());
    const std::string text = assemble(Writer(random, before).lines(), "\n", true);
    CAPTURE(seed, text);
    const std::string there = toml_io::edit_plan(text, before, after);
    const std::string back = toml_io::edit_plan(there, after, before);
    REQUIRE(toml_io::parse_plan(back, "plan.toml").plan == before);
    REQUIRE(toml_io::edit_plan(back, before, before) == back);
  }
}
