// What an import could not carry over.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "plan/diagnostic.hpp"

namespace gitplan::exchange {

/// Says the same of many entries once.
class Warnings {
 public:
  /// Printable; what it is true of (external ids, or places in the file) follows it.
  void add(std::string_view code, const std::string& what, const std::string& entry);
  [[nodiscard]] Diagnostics diagnostics() const;

 private:
  struct Group {
    std::string code;
    std::string what;
    std::vector<std::string> entries;
  };
  std::vector<Group> groups_;
  std::unordered_map<std::string, std::size_t> by_words_;
};

/// Warns of keys that a tool's tasks do not have and that are not carried over, where one of ours
/// seems to be meant.
class ForeignKeys {
 public:
  /// `of_tool` lists the keys that the tool's tasks have.
  explicit ForeignKeys(std::span<const std::string_view> of_tool) : of_tool_(of_tool) {}
  void look_at(const std::string& key, const std::string& entry, Warnings& warnings);

 private:
  std::span<const std::string_view> of_tool_;
  std::map<std::string, std::string> words_;  ///< by key; empty: nothing to say
};

}  // namespace gitplan::exchange
