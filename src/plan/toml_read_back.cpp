#include "plan/toml_read_back.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "plan/fields.hpp"

namespace gitplan::toml_io {
namespace {

constexpr std::array<std::string_view, 3> lists = {"tasks", "updates", "approvals"};

/// Whether each record stands in one table of its own.
bool is_plain(const Layout& layout) {
  const Table& root = layout.tables.front();
  const auto is_list = [](const Pair& pair) {
    return std::ranges::find(lists, pair.name.first) != lists.end();
  };
  const auto pairs =
      std::span(layout.pairs).subspan(root.first_pair, root.end_pair - root.first_pair);
  return std::ranges::none_of(pairs, is_list) &&
         std::ranges::all_of(layout.tables.begin() + 1, layout.tables.end(),
                             [](const Table& table) { return table.name.parts == 1; });
}

/// The tables of one name, in order, as lines.
std::vector<std::string_view> tables_named(const PlacedText& in, std::string_view name) {
  std::vector<std::string_view> found;
  for (std::size_t i = 1; i < in.layout->tables.size(); ++i) {
    if (in.layout->tables[i].name.first == name) found.push_back(lines_of(in, i));
  }
  return found;
}

bool same_others(const PlacedText& a, const PlacedText& b) {
  const auto others = [](const PlacedText& in) {
    std::vector<std::string_view> found;
    for (std::size_t i = 1; i < in.layout->tables.size(); ++i) {
      const std::string& name = in.layout->tables[i].name.first;
      if (name != "tasks" && name != "updates") found.push_back(lines_of(in, i));
    }
    return found;
  };
  return others(a) == others(b);
}

/// The places in the list of the tables that are new or differ.
std::vector<std::size_t> changed(const std::vector<std::string_view>& old,
                                 const std::vector<std::string_view>& edited) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < edited.size(); ++i) {
    if (i >= old.size() || old[i] != edited[i]) places.push_back(i);
  }
  return places;
}

/// One list of records: which of its tables are read, and whether they say what is expected.
template <class Record>
struct ListChange {
  const std::vector<Record>* before;
  const std::vector<Record>* after;
  std::vector<std::string_view> old;
  std::vector<std::string_view> edited;
  std::vector<std::size_t> places = changed(old, edited);

  [[nodiscard]] bool is_of_the_records() const {
    return old.size() == before->size() && edited.size() == after->size() &&
           old.size() <= edited.size();
  }

  [[nodiscard]] bool leaves_the_others() const {
    std::size_t next = 0;
    for (std::size_t i = 0; i < after->size(); ++i) {
      if (next < places.size() && places[next] == i) {
        ++next;
      } else if (!same((*before)[i], (*after)[i])) {
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] bool is_said_by(const std::vector<Record>& read) const {
    return read.size() == places.size() &&
           std::ranges::equal(read, places, [&](const Record& one, std::size_t place) {
             return same(one, (*after)[place]);
           });
  }

  void append_to(std::string& text) const {
    for (const std::size_t place : places) text.append(edited[place]).append("\n");
  }
};

template <class Record>
ListChange<Record> list_change(const PlacedText& old, const PlacedText& edited,
                               std::string_view name, const std::vector<Record>& before,
                               const std::vector<Record>& after) {
  return {&before, &after, tables_named(old, name), tables_named(edited, name)};
}

std::optional<ParsedPlan> parse_quietly(std::string_view text, std::string_view name) try {
  ParsedPlan parsed = parse_plan(text, name);
  return parsed.diagnostics.empty() ? std::optional(std::move(parsed)) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

/// As `line_number` for the header of each task's table, in one walk.
std::vector<int> task_lines(const PlacedText& in) {
  std::vector<int> lines;
  std::size_t counted = 0;
  int line = 1;
  for (const Table& table : in.layout->tables) {
    const auto passed = in.text.substr(counted, table.header.begin - counted);
    line += static_cast<int>(std::ranges::count(passed, '\n'));
    counted = table.header.begin;
    if (table.name.first == "tasks") lines.push_back(line);
  }
  return lines;
}

/// Keys that are not ours are not part of a plan that is read from its branch.
Plan without_foreign(Plan plan) {
  plan.foreign.clear();
  for (Task& task : plan.tasks) task.foreign.clear();
  return plan;
}

}  // namespace

std::optional<ParsedPlan> read_back(const PlacedText& old, std::string_view edited,
                                    std::string_view name, const Plan& before, Plan& after) {
  Layout layout;
  if (scan_edited(old, edited, &layout) || !is_plain(layout) || !is_plain(*old.layout))
    return std::nullopt;
  const PlacedText placed{edited, &layout};
  const auto tasks = list_change(old, placed, "tasks", before.tasks, after.tasks);
  const auto updates = list_change(old, placed, "updates", before.updates, after.updates);
  if (!tasks.is_of_the_records() || !updates.is_of_the_records() || !same_others(old, placed) ||
      !tasks.leaves_the_others() || !updates.leaves_the_others()) {
    return std::nullopt;
  }
  const std::size_t root_end =
      layout.tables.size() > 1 ? layout.tables[1].header.begin : edited.size();
  std::string text(edited.substr(0, root_end));
  text += '\n';
  updates.append_to(text);
  tasks.append_to(text);
  const auto read = parse_quietly(text, name);
  if (!read || !same(read->plan, after) || !tasks.is_said_by(read->plan.tasks) ||
      !updates.is_said_by(read->plan.updates)) {
    return std::nullopt;
  }
  return ParsedPlan{without_foreign(std::move(after)), {}, task_lines(placed), read->names_flow};
}

}  // namespace gitplan::toml_io
