#include "plan/exchange/items.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"

namespace gitplan::exchange {
namespace {

constexpr std::uint32_t max_number = 999999;

/// Which item waits for which, by index.
class Order {
 public:
  explicit Order(std::size_t size) : edges_(size), seen_(size, 0) {}

  /// False, and nothing done, if it would close a cycle.
  bool add(std::size_t from, std::size_t to) {
    auto& list = edges_[from];
    if (std::ranges::find(list, to) != list.end()) return true;
    if (reaches(to, from)) return false;
    list.push_back(to);
    return true;
  }
  /// Not if it says nothing new.
  void add_implied(std::size_t from, std::size_t to) {
    if (!reaches(from, to)) add(from, to);
  }
  [[nodiscard]] const std::vector<std::size_t>& of(std::size_t item) const { return edges_[item]; }

 private:
  bool reaches(std::size_t from, std::size_t to) {
    ++round_;
    std::vector<std::size_t> stack{from};
    while (!stack.empty()) {
      const std::size_t at = stack.back();
      stack.pop_back();
      if (at == to) return true;
      if (seen_[at] == round_) continue;
      seen_[at] = round_;
      stack.insert(stack.end(), edges_[at].begin(), edges_[at].end());
    }
    return false;
  }

  std::vector<std::vector<std::size_t>> edges_;
  std::vector<std::size_t> seen_;
  std::size_t round_ = 0;
};

class Assembly {
 public:
  Assembly(std::vector<Item> items, const ImportOptions& options, Warnings& warnings)
      : items_(std::move(items)),
        options_(&options),
        warnings_(&warnings),
        order_(items_.size()),
        ids_(items_.size()) {}

  Imported run() {
    require_titles();
    index();
    find_existing();
    give_ids();
    connect();
    return collect();
  }

 private:
  /// By their own ids: those that their tasks would get mean nothing to anyone yet.
  void require_titles() const {
    std::vector<std::string> nameless;
    for (const Item& item : items_) {
      if (text::trim(item.task.description).empty())
        nameless.push_back(fmt::format("'{}'", shown(item.external_id)));
    }
    if (nameless.empty()) return;
    throw Error(ErrorKind::fatal, fmt::format("no title: {}", text::join(nameless, ", ")))
        .with_code("refused");
  }

  /// Of two entries with one id, which real files have, the first is what others mean.
  void index() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const std::string& id = items_[i].external_id;
      if (!by_id_.try_emplace(id, i).second)
        warnings_->add("duplicate_id", "several entries have one id, and became a task each", id);
    }
  }

  void find_existing() {
    if (options_->into == nullptr) return;
    std::unordered_map<std::string, std::string> known;
    for (const Task& task : options_->into->tasks) {
      if (const auto number = task_number(task.id)) taken_.insert(*number);
      if (task.external_id) known.try_emplace(*task.external_id, task.id);
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto found = known.find(items_[i].external_id);
      if (found == known.end()) continue;
      ids_[i] = found->second;
      existing_.insert(i);
    }
  }

  bool take(std::size_t item, std::optional<std::uint32_t> number) {
    if (!number || *number == 0 || *number > max_number || !taken_.insert(*number).second)
      return false;
    ids_[item] = format_task_id(*number);
    return true;
  }

  void give_ids() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const Item& item = items_[i];
      if (!ids_[i].empty() || !item.ours) continue;
      if (take(i, task_number(item.ours->id))) ids_[i] = item.ours->id;
    }
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (ids_[i].empty()) take(i, items_[i].number);
    }
    std::uint32_t next = 1;
    for (const std::uint32_t number : taken_) next = std::max(next, number + 1);
    for (std::size_t i = 0; i < items_.size(); ++i) {
      if (!ids_[i].empty()) continue;
      if (!take(i, next++))
        throw Error(ErrorKind::fatal, "no task id is free after 999999").with_code("no_free_id");
    }
  }

  void connect() {
    for (std::size_t i = 0; i < items_.size(); ++i) {
      for (const std::string& wanted : items_[i].depends_on) connect(i, wanted);
    }
    // Whole first, parts after: what is said outright goes before what is implied.
    const Order said = order_;
    for (std::size_t i = 0; i < items_.size(); ++i) {
      const auto parent = by_id_.find(items_[i].parent);
      if (items_[i].parent.empty() || parent == by_id_.end()) continue;
      if (items_[i].task.status != Status::cancelled) order_.add_implied(parent->second, i);
      inherit(i, parent->second, said);
    }
  }

  void connect(std::size_t item, const std::string& wanted) {
    const auto found = by_id_.find(wanted);
    if (found == by_id_.end()) {
      warnings_->add(
          "unknown_dependency",
          fmt::format("a dependency on '{}', which is not there, is left out", shown(wanted)),
          items_[item].external_id);
    } else if (found->second == item) {
      warnings_->add("self_dependency", "a dependency on itself is left out", wanted);
    } else if (!order_.add(item, found->second)) {
      warnings_->add("cycle",
                     fmt::format("a dependency on '{}', which waits for it, is left out: a cycle",
                                 shown(wanted)),
                     items_[item].external_id);
    }
  }

  /// Parts wait for what their whole waits for, but not for one another.
  void inherit(std::size_t item, std::size_t parent, const Order& said) {
    std::size_t whole = parent;
    for (std::size_t depth = 0; depth < items_.size(); ++depth) {
      for (const std::size_t needed : said.of(whole)) {
        if (items_[needed].parent != items_[whole].external_id) order_.add_implied(item, needed);
      }
      const auto above = by_id_.find(items_[whole].parent);
      if (items_[whole].parent.empty() || above == by_id_.end()) return;
      whole = above->second;
    }
  }

  [[nodiscard]] std::vector<std::string> dependencies(std::size_t item) const {
    if (items_[item].ours && items_[item].same_dependencies && ids_[item] == items_[item].ours->id)
      return items_[item].ours->depends_on;
    std::vector<std::string> ids;
    for (const std::size_t needed : order_.of(item)) ids.push_back(ids_[needed]);
    std::ranges::sort(ids, {}, [](const std::string& id) { return task_number(id); });
    return ids;
  }

  Imported collect() {
    Imported imported;
    for (const std::size_t item : in_order()) {
      if (existing_.contains(item)) {
        imported.existing.push_back(items_[item].external_id);
        continue;
      }
      Task task = std::move(items_[item].task);
      task.id = ids_[item];
      task.external_id = items_[item].ours ? items_[item].ours->external_id
                                           : std::optional(items_[item].external_id);
      task.depends_on = dependencies(item);
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
  std::unordered_map<std::string, std::size_t> by_id_;
  std::unordered_set<std::uint32_t> taken_;
  std::unordered_set<std::size_t> existing_;
};

}  // namespace

void Warnings::add(std::string_view code, const std::string& what, const std::string& external_id) {
  for (Group& group : groups_) {
    if (group.what != what) continue;
    if (group.ids.empty() || group.ids.back() != external_id) group.ids.push_back(external_id);
    return;
  }
  groups_.push_back({std::string(code), what, {external_id}});
}

Diagnostics Warnings::diagnostics() const {
  Diagnostics list;
  for (const Group& group : groups_) {
    constexpr std::size_t most = 8;
    std::vector<std::string> ids;
    for (std::size_t i = 0; i < std::min(most, group.ids.size()); ++i)
      ids.push_back(shown(group.ids[i]));
    std::string names = text::join(ids, ", ");
    if (group.ids.size() > most) names += fmt::format(" and {} more", group.ids.size() - most);
    list.push_back({Severity::warning, group.code, fmt::format("{}: {}", group.what, names), "",
                    std::nullopt});
  }
  return list;
}

Imported assemble(std::vector<Item> items, const ImportOptions& options, Warnings& warnings) {
  Imported imported = Assembly(std::move(items), options, warnings).run();
  imported.warnings = warnings.diagnostics();
  return imported;
}

}  // namespace gitplan::exchange
