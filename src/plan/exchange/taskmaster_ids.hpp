// How Task Master's files write ids: 5, "5", 5.2, "5.2", and 2 below task 5.
#pragma once

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "plan/exchange/json_document.hpp"

namespace gitplan::exchange {

/// The id of what stands below `parent` (empty: nothing): "5.2" of 2, and of "5.2" itself.
std::string full_id(const std::string& id, const std::string& parent);

/// All ids of a list, in full.
class TaskMasterIds {
 public:
  void add(const std::string& id);
  [[nodiscard]] bool contains(const std::string& id) const { return ids_.contains(id); }
  /// What `word` in the dependencies of an entry below `parent` names: a number there names the
  /// sibling if there is one, else the task. What is not there comes back as it would be.
  [[nodiscard]] std::string resolve(const std::string& word, const std::string& parent) const;
  /// The ids that a text names: itself, or a list such as "1, 2.1".
  [[nodiscard]] std::vector<std::string> split(const std::string& text) const;

 private:
  [[nodiscard]] const std::string* find(const std::string& id) const;

  std::set<std::string> ids_;
  std::map<std::string, std::string> by_numbers_;  ///< "1.2": "01.2"
};

/// The texts that a `dependencies` value holds, in whichever form; `other` takes what is none.
std::vector<std::string> dependency_words(const Json& value, std::vector<std::string>& other);

}  // namespace gitplan::exchange
