// Surgical edits of plans in every style: random comments, spacing, key order, quoting and line
// ends, tables or inline tables. What a change does not concern stays as it was, byte for byte.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "plan/toml.hpp"
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
  Writer(test::RandomPlan& random, const Plan& plan) : random_(random), plan_(plan) {}

  std::vector<Line> lines() {
    noise();
    keys("", plan_keys());
    if (inline_tasks_) inline_list();
    noise();
    if (random_.chance(50)) add("[meta]", ""), add("owner = \"ada\" # [[tasks]]", "");
    for (std::size_t i = 0; i < plan_.updates.size(); ++i) {
      noise();
      add(header("updates"), "");
      keys(fmt::format("updates.{}.", i), update_keys(plan_.updates[i]));
    }
    for (std::size_t i = 0; i < plan_.tasks.size() && !inline_tasks_; ++i) {
      noise();
      add(header("tasks"), "");
      keys(fmt::format("tasks.{}.", i), task_keys(plan_.tasks[i]));
      if (random_.chance(20)) add("[tasks.extra]", ""), add("list = [\n 1, # one\n]", "");
    }
    noise();
    return std::move(lines_);
  }

 private:
  struct Key {
    std::string name;
    std::string value;
  };

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
    const std::string key = random_.chance(20) ? fmt::format("\"{}\"", name) : std::string(name);
    return fmt::format("{}[[{}{}{}]]{}", pad(), pad(), key, pad(), comment());
  }

  std::string text(const std::string& value) {
    if (is_plain(value) && value.find('\'') == value.npos && random_.chance(40)) {
      return random_.chance(50) ? "'" + value + "'" : "'''" + value + "'''";
    }
    const std::string quoted = toml_io::quote(value);
    return random_.chance(20) && !inline_tasks_ ? "\"\"\"\n" + quoted.substr(1) + "\"\"" : quoted;
  }
  std::string list(const std::vector<std::string>& items) {
    const bool broken = random_.chance(40);
    std::string out = "[" + pad();
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (broken) out += random_.chance(50) ? " # an ] item\n  " : "\n\t";
      out += text(items[i]) + pad();
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
      keys.push_back({std::move(name), value});
    } else {
      set(keys, std::move(name), value);
    }
  }

  std::vector<Key> plan_keys() {
    std::vector<Key> keys = {{"version", fmt::format("{}", plan_.version)},
                             {"flow_branch", text(plan_.flow_branch)}};
    set(keys, "session_id", plan_.session_id);
    set_time(keys, "created_at", plan_.created_at);
    set(keys, "user_request", plan_.user_request);
    set(keys, "architecture", plan_.architecture);
    set(keys, "design_patterns", plan_.design_patterns);
    set(keys, "technology_stack", plan_.technology_stack);
    set(keys, "estimated_total_time", plan_.estimated_total_time);
    set(keys, "dependency_graph", plan_.dependency_graph);
    set(keys, "provides", plan_.provides);
    if (random_.chance(30)) keys.push_back({"x.version", "{ status = 'x', id = [{}] }"});
    return keys;
  }
  std::vector<Key> update_keys(const Update& update) {
    std::vector<Key> keys = {{"version", fmt::format("{}", update.version)}};
    set_time(keys, "at", update.at);
    set(keys, "note", update.note);
    return keys;
  }
  std::vector<Key> task_keys(const Task& task) {
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
    set(keys, "reason", task.reason);
    if (task.needs_decision) keys.push_back({"needs_decision", "true"});
    if (random_.chance(20)) keys.push_back({"owner.status", "'completed'"});
    return keys;
  }

  std::string pair(const Key& key) {
    const bool simple = key.name.find('.') == key.name.npos;
    const std::string name = simple && random_.chance(20) ? "'" + key.name + "'" : key.name;
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
  void inline_list() {
    if (plan_.tasks.empty() && random_.chance(50)) return;
    std::string last = "tasks = [";
    for (std::size_t i = 0; i < plan_.tasks.size(); ++i) {
      add(last, i == 0 ? "" : fmt::format("tasks.{}", i - 1));
      std::vector<Key> keys = task_keys(plan_.tasks[i]);
      shuffle(keys);
      last = pad() + "{" + pad();
      for (const Key& key : keys) last += (&key == keys.data() ? "" : ", ") + pair(key);
      last +=
          pad() + "}" + (i + 1 < plan_.tasks.size() || random_.chance(50) ? "," : "") + comment();
    }
    add(last, plan_.tasks.empty() ? "tasks" : fmt::format("tasks.{}", plan_.tasks.size() - 1));
    lines_.back().text += "\n]";
  }

  test::RandomPlan& random_;
  const Plan& plan_;
  bool inline_tasks_ = random_.chance(30);
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
  for (unsigned seed = 0; seed < 1500; ++seed) {
    test::RandomPlan random(seed);
    const Plan before = random.plan();
    const std::vector<Line> lines = Writer(random, before).lines();
    const std::string_view eol = random.chance(25) ? "\r\n" : "\n";
    const std::string text =
        (random.chance(10) ? "\xef\xbb\xbf" : "") + assemble(lines, eol, random.chance(80));
    CAPTURE(seed, text);
    const auto parsed = toml_io::parse_plan(text, "plan.toml");
    REQUIRE(parsed.diagnostics.empty());
    REQUIRE(parsed.plan == before);

    const Plan after = random.changed(before);
    const std::string result = toml_io::edit_plan(text, before, after);
    CAPTURE(result);
    REQUIRE(toml_io::parse_plan(result, "plan.toml").plan == after);
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
