#include "schedule/interner.hpp"

#include <algorithm>
#include <bit>
#include <functional>

#include "base/text.hpp"

namespace gitplan::schedule {

std::uint32_t Interner::intern(std::string_view text) {
  if (2 * (texts_.size() + 1) > slots_.size()) rehash(std::max<std::size_t>(16, 2 * slots_.size()));
  const std::size_t hash = std::hash<std::string_view>{}(text);
  std::uint32_t& slot = slots_[slot_of(text, hash)];
  if (slot == 0) {
    texts_.emplace_back(text);
    hashes_.push_back(hash);
    slot = static_cast<std::uint32_t>(texts_.size());
  }
  return slot - 1;
}

std::optional<std::uint32_t> Interner::find(std::string_view text) const {
  if (slots_.empty()) return {};
  const std::uint32_t slot = slots_[slot_of(text, std::hash<std::string_view>{}(text))];
  return slot == 0 ? std::nullopt : std::optional(slot - 1);
}

void Interner::reserve(std::size_t texts) {
  const std::size_t slots = std::bit_ceil(2 * texts + 2);
  if (slots > slots_.size()) rehash(slots);
  texts_.reserve(texts);
  hashes_.reserve(texts);
}

std::size_t Interner::slot_of(std::string_view text, std::size_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at] != 0 && (hashes_[slots_[at] - 1] != hash || texts_[slots_[at] - 1] != text)) {
    at = (at + 1) & mask;
  }
  return at;
}

void Interner::rehash(std::size_t slots) {
  slots_.assign(slots, 0);
  for (std::uint32_t number = 0; number < texts_.size(); ++number) {
    std::size_t at = hashes_[number] & (slots - 1);
    while (slots_[at] != 0) at = (at + 1) & (slots - 1);
    slots_[at] = number + 1;
  }
}

std::string_view folded(std::string_view text, std::string& buffer) {
  bool after_space = true;
  for (const char c : text) {
    const bool other_space = c >= '\t' && c <= '\r';
    if (other_space || (c == ' ' && after_space)) {
      buffer = text::fold_space(text);
      return buffer;
    }
    after_space = c == ' ';
  }
  if (after_space && !text.empty()) text.remove_suffix(1);
  return text;
}

}  // namespace gitplan::schedule
