// What an import could not carry over.
#pragma once

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

}  // namespace gitplan::exchange
