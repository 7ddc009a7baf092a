#include "schedule/file_index.hpp"

#include <algorithm>
#include <unordered_set>
#include <utility>

namespace gitplan::schedule {

namespace {

std::uint64_t child_key(std::uint32_t node, std::uint32_t name) {
  return (std::uint64_t{node} << 32U) | name;
}

std::size_t length_of(const PathPattern& pattern) {
  std::size_t length = 1;
  for (const NamePattern& name : pattern.names) length += name.text.size() + name.tokens.size() + 1;
  return length;
}

}  // namespace

/// Collects the smallest owner only, and skips whatever cannot beat it.
class FileIndex::First {
 public:
  [[nodiscard]] bool wants(Owner owner) const { return owner < best_; }
  [[nodiscard]] bool wants_subtree(const Node& node) const { return node.first_owner < best_; }
  [[nodiscard]] bool is_full() const { return false; }
  void take(Owner owner) { best_ = std::min(best_, owner); }
  void take_subtree(const FileIndex& index, NodeIndex node) {
    take(index.nodes_[node].first_owner);
  }
  [[nodiscard]] std::optional<Owner> best() const {
    return best_ == none ? std::nullopt : std::optional(best_);
  }

 private:
  Owner best_ = none;
};

/// Collects every owner, up to a limit.
class FileIndex::All {
 public:
  explicit All(std::size_t limit) : limit_(limit) {}
  [[nodiscard]] bool wants(Owner owner) const { return !is_full() && !owners_.contains(owner); }
  [[nodiscard]] bool wants_subtree(const Node& /*node*/) const { return !is_full(); }
  [[nodiscard]] bool is_full() const { return owners_.size() >= limit_; }
  void take(Owner owner) {
    if (!is_full()) owners_.insert(owner);
  }
  void take_subtree(const FileIndex& index, NodeIndex node) {
    std::vector<NodeIndex> open = {node};
    while (!open.empty() && !is_full()) {
      const Node& top = index.nodes_[open.back()];
      open.pop_back();
      for (EntryIndex entry = top.first_entry; entry != none; entry = index.entries_[entry].next) {
        take(index.entries_[entry].owner);
      }
      for (NodeIndex next = top.first_child; next != none; next = index.nodes_[next].next_sibling) {
        open.push_back(next);
      }
    }
  }
  [[nodiscard]] std::vector<Owner> sorted() const {
    std::vector<Owner> list(owners_.begin(), owners_.end());
    std::sort(list.begin(), list.end());
    return list;
  }

 private:
  std::size_t limit_;
  std::unordered_set<Owner> owners_;
};

void FileIndex::add(Owner owner, std::span<const std::string> files) {
  for (const std::string& text : files) {
    if (const auto names = plain_path(text)) {
      add_literal(owner, text, *names);
      continue;
    }
    const std::vector<PathPattern> patterns = readings(text);
    for (std::size_t i = 0; i < patterns.size(); ++i) {
      NodeIndex node = 0;
      nodes_[0].first_owner = std::min(nodes_[0].first_owner, owner);
      for (std::size_t depth = 0; depth < patterns[i].literal_names; ++depth) {
        node = make_child(node, patterns[i].names[depth].text);
        nodes_[node].first_owner = std::min(nodes_[node].first_owner, owner);
      }
      add_entry(node, {owner, text, i, patterns[i].literal});
    }
  }
}

void FileIndex::add_literal(Owner owner, std::string_view text,
                            std::span<const std::string_view> names) {
  NodeIndex node = 0;
  nodes_[0].first_owner = std::min(nodes_[0].first_owner, owner);
  for (const std::string_view name : names) {
    node = make_child(node, name);
    nodes_[node].first_owner = std::min(nodes_[node].first_owner, owner);
  }
  add_entry(node, {owner, text, 0, true});
}

std::optional<FileIndex::Owner> FileIndex::first_overlap(std::span<const std::string> files) const {
  First found;
  search_all(files, found);
  return found.best();
}

std::vector<FileIndex::Owner> FileIndex::overlaps(std::span<const std::string> files,
                                                  std::size_t limit) const {
  All found(limit);
  search_all(files, found);
  return found.sorted();
}

std::optional<FileIndex::NodeIndex> FileIndex::child(NodeIndex node, std::string_view name) const {
  const auto number = names_.find(name);
  if (!number) return {};
  const auto found = children_.find(child_key(node, *number));
  return found == children_.end() ? std::nullopt : std::optional(found->second);
}

FileIndex::NodeIndex FileIndex::make_child(NodeIndex node, std::string_view name) {
  const auto made = static_cast<NodeIndex>(nodes_.size());
  const auto [place, is_new] = children_.try_emplace(child_key(node, names_.intern(name)), made);
  if (is_new) {
    nodes_.emplace_back();
    nodes_[made].next_sibling = std::exchange(nodes_[node].first_child, made);
  }
  return place->second;
}

void FileIndex::add_entry(NodeIndex node, Entry entry) {
  const auto made = static_cast<EntryIndex>(entries_.size());
  Node& at = nodes_[node];
  if (at.last_entry == none) {
    at.first_entry = made;
  } else {
    entries_[at.last_entry].next = made;
  }
  at.last_entry = made;
  entries_.push_back(entry);
}

bool FileIndex::meets(const PathPattern& wanted, const Entry& entry) const {
  const std::size_t cost = length_of(wanted) * (entry.text.size() + 1);
  if (cost > work_->left) {
    work_->left = 0;
    return uncompared_ == Uncompared::overlapping;
  }
  work_->left -= cost;
  return intersect(wanted, readings(entry.text)[entry.reading]);
}

template <typename Found>
void FileIndex::search_all(std::span<const std::string> files, Found& found) const {
  for (const std::string& text : files) {
    if (const auto names = plain_path(text)) {
      search_plain(text, *names, found);
    } else {
      for (const PathPattern& pattern : readings(text)) search(pattern, found);
    }
  }
}

/// As search() does for a literal, without making its pattern where no glob asks for it.
template <typename Found>
void FileIndex::search_plain(std::string_view text, std::span<const std::string_view> names,
                             Found& found) const {
  NodeIndex node = 0;
  for (std::size_t depth = 0; depth < names.size() && !found.is_full(); ++depth) {
    for (EntryIndex at = nodes_[node].first_entry; at != none; at = entries_[at].next) {
      const Entry& entry = entries_[at];
      if (!found.wants(entry.owner)) continue;
      if (entry.literal || meets(readings(text).front(), entry)) found.take(entry.owner);
    }
    const auto next = child(node, names[depth]);
    if (!next) return;
    node = *next;
  }
  if (!found.is_full()) found.take_subtree(*this, node);
}

template <typename Found>
void FileIndex::search(const PathPattern& wanted, Found& found) const {
  NodeIndex node = 0;
  for (std::size_t depth = 0; !found.is_full(); ++depth) {
    const bool at_end = depth == wanted.literal_names;
    if (at_end && wanted.literal) return found.take_subtree(*this, node);
    search_node(wanted, node, found);
    if (at_end) return search_below(wanted, node, found);
    const auto next = child(node, wanted.names[depth].text);
    if (!next) return;
    node = *next;
  }
}

/// What stands at a node on the way of the wanted path: folders that hold it, and globs.
template <typename Found>
void FileIndex::search_node(const PathPattern& wanted, NodeIndex node, Found& found) const {
  for (EntryIndex at = nodes_[node].first_entry; at != none; at = entries_[at].next) {
    const Entry& entry = entries_[at];
    if (found.wants(entry.owner) && (entry.literal || meets(wanted, entry)))
      found.take(entry.owner);
  }
}

/// What stands below the literal start of a wanted glob.
template <typename Found>
void FileIndex::search_below(const PathPattern& wanted, NodeIndex top, Found& found) const {
  std::vector<NodeIndex> open = {top};
  while (!open.empty()) {
    const NodeIndex node = open.back();
    open.pop_back();
    if (!found.wants_subtree(nodes_[node])) continue;
    for (EntryIndex at = nodes_[node].first_entry; node != top && at != none;
         at = entries_[at].next) {
      const Entry& entry = entries_[at];
      if (found.wants(entry.owner) && meets(wanted, entry)) found.take(entry.owner);
    }
    for (NodeIndex next = nodes_[node].first_child; next != none;
         next = nodes_[next].next_sibling) {
      open.push_back(next);
    }
  }
}

}  // namespace gitplan::schedule
