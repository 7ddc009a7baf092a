#include "plan/exchange/warnings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "plan/shown.hpp"
#include "plan/toml_misnamed_keys.hpp"

namespace gitplan::exchange {

void Warnings::add(std::string_view code, const std::string& what, const std::string& entry) {
  const auto [known, is_new] = by_words_.try_emplace(what, groups_.size());
  if (is_new) groups_.push_back({std::string(code), what, {}});
  std::vector<std::string>& entries = groups_[known->second].entries;
  if (entries.empty() || entries.back() != entry) entries.push_back(entry);
}

Diagnostics Warnings::diagnostics() const {
  Diagnostics list;
  for (const Group& group : groups_) {
    constexpr std::size_t most = 8;
    std::vector<std::string> shown_ones;
    for (std::size_t i = 0; i < std::min(most, group.entries.size()); ++i)
      shown_ones.push_back(shown(group.entries[i]));
    std::string names = text::join(shown_ones, ", ");
    if (group.entries.size() > most)
      names += fmt::format(" and {} more", group.entries.size() - most);
    list.push_back({Severity::warning, group.code, fmt::format("{}: {}", group.what, names), "",
                    std::nullopt});
  }
  return list;
}

namespace {

/// What to say of a key that the tool's tasks do not have.
std::string words_of(const std::string& key) {
  const auto meant = meant_key(key, KeyOf::task);
  if (!meant) return "";
  if (*meant == key)
    return fmt::format("key '{}', which is not the tool's, is left out", shown(key));
  return fmt::format("unknown key '{}' is left out; did you mean '{}'?", shown(key), *meant);
}

}  // namespace

void ForeignKeys::look_at(const std::string& key, const std::string& entry, Warnings& warnings) {
  if (std::ranges::find(of_tool_, key) != of_tool_.end()) return;
  const auto [known, is_new] = words_.try_emplace(key);
  if (is_new) known->second = words_of(key);
  if (!known->second.empty()) warnings.add("misnamed_key", known->second, entry);
}

}  // namespace gitplan::exchange
