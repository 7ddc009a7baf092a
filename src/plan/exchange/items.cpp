#include "plan/exchange/items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/exchange/implied_order.hpp"
#include "plan/exchange/order.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan::exchange {
namespace {

constexpr std::uint32_t max_number = 999999;

class Assembly {
 public:
  Assembly(std::vector<Item> items, const ImportOptions& options, Warnings& warnings)
      : items_(std::move(items)),
        options_(&options),
        warnings_(&warnings),
        order_(items_.size()),
        ids_(items_.size()),
        family_(items_.size()),
        needed_in_plan_(items_.size()) {}

  Imported run() {
    give_titles();
    index();
    find_existing();
    give_ids();
    connect();
    return collect();
  }

 private:
  [[nodiscard]] static bool has_title(const Item& item) {
    return !text::trim(item.task.description).empty();
  }

  /// One without is called by its own id: that which its task would get means nothing to anyone
  /// yet.
  void give_titles() {
    if (!items_.empty() && std::ranges::none_of(items_, has_title)) refuse_nameless();
    for (Item& item : items_) {
      if (has_title(item)) continue;
      item.task.description = fmt::format("untitled: {}", item.external_id);
      warnings_->add("no_title", "no title; its id became one", item.external_id);
    }
  }

  [[noreturn]] void refuse_nameless() const {
    std::vector<std::string> nameless;
    for (const Item& item : items_)
      nameless.push_back(fmt::format("'{}'", shown(item.external_id)));
    throw Error(ErrorKind::fatal, fmt::format("no title: {}", text::join(nameless, ", ")))
        .with_code("refused");
  }

  /// Of two entries with one id, which real files have, the first is what others mean.
  void index() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const std::string& id = items_[i].external_id;
      if (items_[i].ours) by_our_id_.try_emplace(items_[i].ours->id, i);
      if (!by_id_.try_emplace(id, i).second)
        warnings_->add("duplicate_id", "several entries have one id, and became a task each", id);
    }
  }

  void find_existing() {
    if (options_->into == nullptr) return;
    for (const Task& task : options_->into->tasks) {
      if (const auto number = task_number(task.id)) taken_.insert(*number);
      if (task.external_id) in_plan_.try_emplace(*task.external_id, &task);
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto found = in_plan_.find(items_[i].external_id);
      if (found == in_plan_.end()) continue;
      ids_[i] = found->second->id;
      family_.is_fixed[i] = true;
    }
  }

  bool claim_id(std::size_t item, std::optional<std::uint32_t> number) {
    if (!number || *number == 0 || *number > max_number || !taken_.insert(*number).second)
      return false;
    ids_[item] = format_task_id(*number);
    return true;
  }

  void give_ids() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      if (!ids_[i].empty() || !item.ours) continue;
      if (claim_id(i, task_number(item.ours->id))) ids_[i] = item.ours->id;
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (ids_[i].empty()) claim_id(i, items_[i].number);
    }
    std::uint32_t next = first_free();
    for (std::size_t i = 0; i < items_.size(); ++i) {
      while (ids_[i].empty() && !claim_id(i, next++)) {
        if (next > max_number)
          throw Error(ErrorKind::fatal, "no task id is free up to 999999").with_code("no_free_id");
      }
    }
  }

  /// After those that are taken, if that leaves enough ids of three digits; else from the first on.
  [[nodiscard]] std::uint32_t first_free() const {
    constexpr std::size_t usual = 999;
    std::uint32_t next = 1;
    for (const std::uint32_t number : taken_) next = std::max(next, number + 1);
    const auto left = static_cast<std::size_t>(std::ranges::count(ids_, std::string()));
    return next + left <= usual + 1 ? next : 1;
  }

  void connect() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (family_.is_fixed[i]) {
        compare_with_plan(i);
      } else {
        for (const std::string& wanted : items_[i].depends_on) connect(i, wanted);
      }
    }
    cut_cycles();
    find_wholes();
    // Whole first, parts after: what is said outright goes before what is implied.
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!family_.is_fixed[i]) family_.needs[i] = order_.of(i);
      family_.is_awaited[i] = items_[i].task.status != Status::cancelled;
      if (family_.wholes[i] && family_.is_fixed[*family_.wholes[i]]) tell_of_new_part(i);
    }
    for (const std::size_t item : add_implied(order_, family_)) {
      warnings_->add("too_many_dependencies",
                     "not all dependencies of its whole are passed on to it: too many",
                     items_[item].external_id);
    }
  }

  /// A task that the plan has already stays as it is; what the tool says of it beyond is told.
  void compare_with_plan(std::size_t item) {
    const Task& task = *in_plan_.at(items_[item].external_id);
    const std::unordered_set<std::string_view> kept(task.depends_on.begin(), task.depends_on.end());
    for (const std::string& wanted : items_[item].depends_on) {
      const auto found = by_id_.find(wanted);
      const auto in_plan = in_plan_.find(wanted);
      if (found == by_id_.end() && in_plan == in_plan_.end()) {
        tell_of_unknown(item, wanted);
        continue;
      }
      if (found != by_id_.end()) family_.needs[item].push_back(found->second);
      const std::string& id = found != by_id_.end() ? ids_[found->second] : in_plan->second->id;
      if (!kept.contains(id) && id != task.id) tell_of_new_dependency(item, wanted);
    }
  }

  void tell_of_new_dependency(std::size_t item, const std::string& wanted) {
    warnings_->add("existing_task",
                   fmt::format("a dependency on '{}' is not added to what the plan has already",
                               shown(wanted)),
                   items_[item].external_id);
  }

  void tell_of_new_part(std::size_t part) {
    if (!family_.is_fixed[part] && family_.is_awaited[part])
      tell_of_new_dependency(*family_.wholes[part], items_[part].external_id);
  }

  void tell_of_unknown(std::size_t item, const std::string& wanted) {
    warnings_->add(
        "unknown_dependency",
        fmt::format("a dependency on '{}', which is not there, is left out", shown(wanted)),
        items_[item].external_id);
  }

  void cut_cycles() {
    for (const auto& [from, to] : order_.cut_cycles()) {
      warnings_->add("cycle",
                     fmt::format("a dependency on '{}', which waits for it, is left out: a cycle",
                                 shown(items_[to].external_id)),
                     items_[from].external_id);
    }
  }

  void find_wholes() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const std::string& parent = items_[i].parent;
      if (parent.empty()) continue;
      if (const auto found = by_id_.find(parent); found != by_id_.end()) {
        family_.wholes[i] = found->second;
      } else {
        warnings_->add("unknown_parent",
                       fmt::format("a parent '{}', which is not there, is left out", shown(parent)),
                       items_[i].external_id);
      }
    }
    cut_circles();
  }

  /// No entry is a part of itself.
  void cut_circles() {
    const std::size_t nobody = items_.size();
    std::vector<std::size_t> met_from(items_.size(), nobody);
    for (std::size_t start = 0; start < items_.size(); ++start) {
      for (std::size_t at = start; met_from[at] == nobody;) {
        met_from[at] = start;
        if (family_.wholes[at] && met_from[*family_.wholes[at]] == start) cut_circle(at);
        if (family_.wholes[at]) at = *family_.wholes[at];
      }
    }
  }

  void cut_circle(std::size_t item) {
    warnings_->add("cycle",
                   fmt::format("a parent '{}', which is a part of it, is left out: a cycle",
                               shown(items_[item].parent)),
                   items_[item].external_id);
    family_.wholes[item].reset();
  }

  void connect(std::size_t item, const std::string& wanted) {
    const auto found = by_id_.find(wanted);
    const auto in_plan = in_plan_.find(wanted);
    if (found == by_id_.end() && in_plan != in_plan_.end()) {
      needed_in_plan_[item].push_back(in_plan->second->id);
    } else if (found == by_id_.end()) {
      tell_of_unknown(item, wanted);
    } else if (found->second == item) {
      warnings_->add("self_dependency", "a dependency on itself is left out", wanted);
    } else {
      order_.add(item, found->second);
    }
  }

  [[nodiscard]] std::vector<std::string> dependencies(std::size_t item) const {
    if (items_[item].ours && items_[item].same_dependencies && ids_[item] == items_[item].ours->id)
      return items_[item].ours->depends_on;
    std::vector<std::string> ids = needed_in_plan_[item];
    for (const std::size_t needed : order_.of(item)) ids.push_back(ids_[needed]);
    std::ranges::sort(ids, {}, [](const std::string& id) { return task_number(id); });
    return ids;
  }

  /// What was exported says it by the ids of then.
  [[nodiscard]] std::optional<std::string> part_of(std::size_t item) const {
    if (family_.wholes[item]) return ids_[*family_.wholes[item]];
    const auto& ours = items_[item].ours;
    if (!ours || !ours->part_of) return std::nullopt;
    const auto found = by_our_id_.find(*ours->part_of);
    return found == by_our_id_.end() ? ours->part_of : ids_[found->second];
  }

  Imported collect() {
    Imported imported;
    for (const std::size_t item : in_order()) {
      if (family_.is_fixed[item]) {
        imported.existing.push_back(items_[item].external_id);
        continue;
      }
      Task task = std::move(items_[item].task);
      task.id = ids_[item];
      task.external_id = items_[item].ours ? items_[item].ours->external_id
                                           : std::optional(items_[item].external_id);
      task.depends_on = dependencies(item);
      task.part_of = part_of(item);
      imported.plan.tasks.push_back(std::move(task));
    }
    return imported;
  }

  [[nodiscard]] std::vector<std::size_t> in_order() const {
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < items_.size(); ++i) order.push_back(i);
    const bool placed =
        std::ranges::all_of(items_, [](const Item& item) { return item.place.has_value(); });
    if (placed) {
      std::ranges::stable_sort(order, {}, [&](std::size_t item) { return items_[item].place; });
    }
    return order;
  }

  std::vector<Item> items_;
  const ImportOptions* options_;
  Warnings* warnings_;
  Order order_;
  std::vector<std::string> ids_;
  Family family_;                                         ///< fixed: in `into` already
  std::vector<std::vector<std::string>> needed_in_plan_;  ///< ids of tasks of `into`
  std::unordered_map<std::string, const Task*> in_plan_;  ///< by external id
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_map<std::string, std::size_t> by_our_id_;  ///< as they were exported
  std::unordered_set<std::uint32_t> taken_;
};

}  // namespace

void add_paragraph(std::optional<std::string>& text, std::string_view heading,
                   std::string_view paragraph) {
  if (paragraph.empty()) return;
  std::string all = text ? *text + "\n\n" : "";
  if (!heading.empty()) all.append(heading).append(":\n");
  text = all.append(paragraph);
}

Imported assemble(std::vector<Item> items, const ImportOptions& options, Warnings& warnings) {
  Imported imported = Assembly(std::move(items), options, warnings).run();
  imported.warnings = warnings.diagnostics();
  return imported;
}

}  // namespace gitplan::exchange
