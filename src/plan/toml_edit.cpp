// Surgical edits: the difference of two plans as changes to a text by position.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "base/error.hpp"
#include "plan/fields.hpp"
#include "plan/ids.hpp"
#include "plan/toml_edited.hpp"
#include "plan/toml_layout.hpp"
#include "plan/toml_places.hpp"
#include "plan/toml_read_back.hpp"
#include "plan/toml_records.hpp"
#include "plan/toml_splice.hpp"

namespace gitplan::toml_io {
namespace {

[[noreturn]] void give_up(std::string_view problem, std::string_view session = {}) {
  const bool named = is_session(session);
  throw Error(ErrorKind::fatal,
              fmt::format("{} cannot be changed in place: {}",
                          named ? fmt::format("plan '{}'", session) : "plan.toml", problem),
              Hint{fmt::format("to change it by hand, run: git plan edit{}",
                               named ? fmt::format(" --plan={}", session) : "")});
}

std::size_t first_difference(std::span<const std::string> a, std::span<const std::string> b) {
  const auto [in_a, in_b] = std::ranges::mismatch(a, b);
  return static_cast<std::size_t>(in_a - a.begin());
}

class PlanEdit {
 public:
  explicit PlanEdit(std::string_view text) : text_(text), places_(text_, layout_), splices_(text) {
    if (const auto failure = scan(text, &layout_, Collect::of_root))
      give_up(describe(text, *failure));
  }

  void plan(const Plan& before, const Plan& after);
  template <class Record>
  void records(std::string_view name, const std::vector<Record>& before,
               const std::vector<Record>& after);
  template <class Record>
  void record(const Place& place, const Record& before, const Record& after);
  void set_key(std::string_view key, std::string_view literal);

  [[nodiscard]] Place root() const { return places_.root(); }
  [[nodiscard]] PlacedText placed() const { return {text_, &layout_}; }
  [[nodiscard]] std::string apply() const { return splices_.apply(); }

 private:
  template <class Record>
  void append(std::string_view name, std::span<const Record> added);
  template <class Record>
  void rewrite_inline(const Place& place, const Record& before, const Record& after);
  template <class Record>
  void change(const Pair& pair, const Field<Record>& field, const Record& before,
              const Record& after, std::string value);
  template <class Record>
  void insert_key(const Place& place, const Field<Record>& field, const std::string& literal);

  void change_list(Span array, std::span<const std::string> before,
                   std::span<const std::string> after);
  void insert_block(std::size_t position, std::string block);
  [[nodiscard]] std::string_view raw(Span span) const {
    return text_.substr(span.begin, span.end - span.begin);
  }

  std::string_view text_;
  Layout layout_;
  Places places_;
  Splices splices_;
};

/// Inserts a table that starts with a blank line, so that one blank line stands on both of its
/// sides.
void PlanEdit::insert_block(std::size_t position, std::string block) {
  const std::string_view before = text_.substr(0, position);
  const bool at_start = before.size() <= layout_.start;
  const bool blank_before = before.ends_with("\n\n") || before.ends_with("\n\r\n");
  if ((at_start || blank_before) && !splices_.inserts_at(position)) {
    block.erase(0, layout_.eol.size());
  }
  if (position < text_.size() && !places_.is_blank_line(position)) block += layout_.eol;
  splices_.insert_lines(position, std::move(block), layout_.eol);
}

/// The same number of items: only those that differ. More at the end: those. Else the whole list.
void PlanEdit::change_list(Span array, std::span<const std::string> before,
                           std::span<const std::string> after) {
  const std::vector<Span> items =
      text_[array.begin] == '[' ? array_items(text_, array) : std::vector<Span>();
  const bool readable = text_[array.begin] == '[' && items.size() == before.size();
  if (readable && before.size() == after.size()) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (before[i] != after[i]) splices_.replace(items[i], quote(after[i]));
    }
  } else if (readable && first_difference(before, after) == before.size()) {
    std::vector<std::string> added;
    for (const std::string& item : after.subspan(before.size())) added.push_back(quote(item));
    append_items(splices_, text_, array, added, layout_.eol);
  } else {
    splices_.replace(array, list_literal(after));
  }
}

template <class Record>
void PlanEdit::change(const Pair& pair, const Field<Record>& field, const Record& before,
                      const Record& after, std::string value) {
  using List = std::vector<std::string> Record::*;
  if (const List* list = std::get_if<List>(&field.member)) {
    return change_list(pair.value, before.*(*list), after.*(*list));
  }
  splices_.replace(pair.value, std::move(value));
}

/// After the last key of ours that comes before it, else before the first one that comes after it.
template <class Record>
void PlanEdit::insert_key(const Place& place, const Field<Record>& field,
                          const std::string& literal) {
  const Pair* previous = place.find("format");
  const Pair* next = nullptr;
  bool passed = false;
  for (const Field<Record>& other : fields<Record>()) {
    passed = passed || other.key == field.key;
    const Pair* pair = place.find(other.key);
    if (pair == nullptr) continue;
    if (!passed) previous = pair;
    if (passed && next == nullptr) next = pair;
  }
  if (place.braces) {
    const Pair* anchor = previous != nullptr ? previous : &place.pairs().back();
    return splices_.insert(anchor->value.end, fmt::format(", {} = {}", field.key, literal));
  }
  std::string line;
  const Pair* neighbour = previous != nullptr ? previous : next;
  if (neighbour != nullptr) line = raw({neighbour->line.begin, neighbour->key.begin});
  append_key(line, field.key, literal, layout_.eol);
  const std::size_t position = previous != nullptr ? previous->line.end
                               : next != nullptr   ? next->line.begin
                                                   : place.start;
  splices_.insert_lines(position, std::move(line), layout_.eol);
}

/// An inline table that loses a key, or has none yet, is written anew, from the text of the others.
template <class Record>
void PlanEdit::rewrite_inline(const Place& place, const Record& before, const Record& after) {
  std::string out = "{ ";
  const auto add = [&](std::string_view key, std::string_view value) {
    if (out.size() > 2) out += ", ";
    append_key(out, key, value, "");
  };
  for (const Pair& pair : place.pairs()) {
    const auto all = fields<Record>();
    const auto field =
        std::ranges::find_if(all, [&](const Field<Record>& one) { return pair.name.is(one.key); });
    if (field == all.end() || same(before, after, *field)) {
      add(raw(pair.key), raw(pair.value));
    } else if (const auto value = literal(after, *field, "")) {
      add(raw(pair.key), *value);
    }
  }
  for (const Field<Record>& field : fields<Record>()) {
    if (same(before, after, field) || place.find(field.key) != nullptr) continue;
    if (const auto value = literal(after, field, "")) add(field.key, *value);
  }
  splices_.replace(*place.braces, out + " }");
}

template <class Record>
void PlanEdit::record(const Place& place, const Record& before, const Record& after) {
  const auto loses = [&](const Field<Record>& field) {
    return place.find(field.key) != nullptr && !literal(after, field) &&
           !same(before, after, field);
  };
  if (place.braces && (place.pairs().empty() || std::ranges::any_of(fields<Record>(), loses))) {
    return rewrite_inline(place, before, after);
  }
  for (const Field<Record>& field : fields<Record>()) {
    if (same(before, after, field)) continue;
    const Pair* pair = place.find(field.key);
    auto value = literal(after, field, place.braces ? "" : layout_.eol);
    if (pair != nullptr && value) {
      change(*pair, field, before, after, *std::move(value));
    } else if (pair != nullptr) {
      splices_.replace(pair->line, "");
    } else if (value) {
      insert_key(place, field, *value);
    }
  }
}

template <class Record>
void PlanEdit::append(std::string_view name, std::span<const Record> added) {
  if (const Place place = root(); const Pair* list = place.find(name)) {
    std::vector<std::string> literals;
    for (const Record& one : added) literals.push_back(inline_table(one));
    if (text_[list->value.begin] != '[') give_up(fmt::format("'{}' is not a list", name));
    return append_items(splices_, text_, list->value, literals, layout_.eol);
  }
  std::string block;
  for (const Record& one : added) append_table(block, name, one, layout_.eol);
  insert_block(places_.end_of_list(name), std::move(block));
}

template <class Record>
void PlanEdit::records(std::string_view name, const std::vector<Record>& before,
                       const std::vector<Record>& after) {
  if (before == after) return;
  const std::vector<Element> all = places_.elements(name);
  if (all.size() != before.size() || after.size() < before.size()) {
    give_up(fmt::format("its list of {} is not what was expected", name));
  }
  for (std::size_t i = 0; i < before.size(); ++i) {
    if (!same(before[i], after[i])) record(places_.place_of(all[i]), before[i], after[i]);
  }
  if (after.size() > before.size()) append(name, std::span(after).subspan(before.size()));
}

void PlanEdit::plan(const Plan& before, const Plan& after) {
  record(root(), before, after);
  records("updates", before.updates, after.updates);
  records("tasks", before.tasks, after.tasks);
}

void PlanEdit::set_key(std::string_view key, std::string_view literal) {
  const Place place = root();
  if (const Pair* pair = place.find(key))
    return splices_.replace(pair->value, std::string(literal));
  for (const Field<Plan>& field : fields<Plan>()) {
    if (field.key == key) return insert_key(place, field, std::string(literal));
  }
  std::string line;
  append_key(line, key_literal(key), literal, layout_.eol);
  const std::size_t position =
      key == "format" || place.lines.empty() ? place.start : place.lines.back().line.end;
  splices_.insert_lines(position, std::move(line), layout_.eol);
}

bool same_records(const Plan& a, const Plan& b) {
  return same(a, b) && a.updates == b.updates &&
         std::ranges::equal(a.tasks, b.tasks,
                            [](const Task& one, const Task& other) { return same(one, other); });
}

ParsedPlan read_whole(std::string_view text, std::string_view name, const Plan& expected) {
  try {
    ParsedPlan read = parse_plan(text, name);
    if (same_records(read.plan, expected)) return read;
  } catch (const Error& error) {
    give_up(error.what(), expected.session_id);
  }
  give_up("the result would read differently", expected.session_id);
}

}  // namespace

EditedPlan edit_and_read(std::string_view text, std::string_view name, const Plan& before,
                         const Diagnostics& diagnostics, Plan after) {
  PlanEdit edit(text);
  edit.plan(before, after);
  std::string edited = edit.apply();
  auto read =
      diagnostics.empty() ? read_back(edit.placed(), edited, name, before, after) : std::nullopt;
  if (!read) read = read_whole(edited, name, after);
  return {std::move(edited), std::move(*read)};
}

std::string edit_plan(std::string_view text, const Plan& before, const Plan& after) {
  PlanEdit edit(text);
  edit.plan(before, after);
  std::string edited = edit.apply();
  read_whole(edited, "the result", after);
  return edited;
}

std::string add_approval(std::string_view text, const Approval& approval) {
  std::vector<Approval> before = parse_approvals(text, "plan.toml");
  PlanEdit edit(text);
  std::vector<Approval> after = before;
  after.push_back(approval);
  edit.records("approvals", before, after);
  std::string result = edit.apply();
  if (parse_approvals(result, "plan.toml") != after) give_up("the result would read differently");
  return result;
}

std::string set_top_level(std::string_view text, std::string_view key, std::string_view literal) {
  PlanEdit edit(text);
  edit.set_key(key, literal);
  std::string result = edit.apply();
  try {
    parse_plan(result, "the result");
  } catch (const Error& error) {
    give_up(error.what());
  }
  return result;
}

}  // namespace gitplan::toml_io
