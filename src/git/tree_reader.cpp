#include "git/tree_reader.hpp"

#include <algorithm>
#include <string>

namespace gitplan::git {
namespace {

constexpr std::uint32_t type_bits = 0170000;

TreeEntry described(const git_tree_entry* entry) {
  return {git_tree_entry_name(entry), from_libgit2(*git_tree_entry_id(entry)),
          static_cast<std::uint32_t>(git_tree_entry_filemode_raw(entry))};
}

/// The digits before the first space.
std::optional<std::uint32_t> parse_mode(std::string_view digits) {
  const auto is_octal = [](char c) { return c >= '0' && c <= '7'; };
  if (digits.empty() || !std::ranges::all_of(digits, is_octal)) return std::nullopt;
  std::uint32_t mode = 0;
  for (const char digit : digits) mode = (mode << 3U) + static_cast<std::uint32_t>(digit - '0');
  return mode;
}

std::uint32_t usual_mode(std::uint32_t mode) {
  constexpr std::uint32_t file = 0100000;
  constexpr std::uint32_t link = 0120000;
  constexpr std::uint32_t folder = 0040000;
  constexpr std::uint32_t submodule = 0160000;
  constexpr std::uint32_t owner_runs = 0100;
  const std::uint32_t type = mode & type_bits;
  if (type == file) return (mode & owner_runs) != 0 ? 0100755 : 0100644;
  return type == link || type == folder ? type : submodule;
}

/// Takes "<mode> <name>\0<20 bytes>" from the front.
std::optional<TreeEntry> take_entry(std::string_view& rest) {
  const std::size_t space = rest.find(' ');
  const std::size_t end = rest.find('\0');
  if (end == std::string_view::npos || space >= end || rest.size() - end - 1 < GIT_OID_RAWSZ)
    return std::nullopt;
  const auto mode = parse_mode(rest.substr(0, space));
  const std::string_view name = rest.substr(space + 1, end - space - 1);
  if (!mode || name.empty()) return std::nullopt;
  git_oid oid;
  git_oid_fromraw(&oid, reinterpret_cast<const unsigned char*>(rest.data() + end + 1));
  rest.remove_prefix(end + 1 + GIT_OID_RAWSZ);
  return TreeEntry{std::string(name), from_libgit2(oid), usual_mode(*mode)};
}

}  // namespace

std::optional<std::vector<TreeEntry>> parse_tree(std::string_view content) {
  std::vector<TreeEntry> entries;
  while (!content.empty()) {
    auto entry = take_entry(content);
    if (!entry) return std::nullopt;
    entries.push_back(*std::move(entry));
  }
  return entries;
}

TreeReader::TreeReader(std::vector<TreeEntry> entries) : entries_(std::move(entries)) {
  std::ranges::stable_sort(entries_, {}, &TreeEntry::name);
}

std::size_t TreeReader::count() const {
  return tree_ ? git_tree_entrycount(tree_.get()) : entries_.size();
}

std::string_view TreeReader::name(std::size_t index) const {
  if (!tree_) return entries_[index].name;
  return git_tree_entry_name(git_tree_entry_byindex(tree_.get(), index));
}

TreeEntry TreeReader::entry(std::size_t index) const {
  return tree_ ? described(git_tree_entry_byindex(tree_.get(), index)) : entries_[index];
}

std::optional<TreeEntry> TreeReader::find(std::string_view name) const {
  if (tree_) {
    const git_tree_entry* entry = git_tree_entry_byname(tree_.get(), std::string(name).c_str());
    return entry != nullptr ? std::optional(described(entry)) : std::nullopt;
  }
  const auto found = std::ranges::lower_bound(entries_, name, {}, &TreeEntry::name);
  return found != entries_.end() && found->name == name ? std::optional(*found) : std::nullopt;
}

}  // namespace gitplan::git
