// Which of beads' issues waits for which: `dependencies`, `parent` and `dependents` of all records.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "plan/exchange/items.hpp"
#include "plan/exchange/json_document.hpp"

namespace gitplan::exchange {

class BeadsEdges {
 public:
  /// Warns of those that name no issue, and of those whose issue is not there.
  BeadsEdges(const std::vector<const Json*>& issues, Warnings& warnings);

  /// Gives an item what it waits for and its parent. Only some types order work; the others tell of
  /// it, and are warned of.
  void tell(Item& item, Warnings& warnings) const;

 private:
  struct Edge {
    std::string to;
    std::string type;
  };
  void read(const Json& dependency, const std::string& id, Warnings& warnings);
  void read_parent(const Json& issue, const char* key, const std::string& id, Warnings& warnings);
  void read_dependent(const Json& dependent, const std::string& id, Warnings& warnings);
  enum class Told { outright, again };  ///< again: most often by another record, too
  void add(const std::string& from, Edge edge, Told told, const std::string& told_by,
           Warnings& warnings);

  std::map<std::string, std::vector<Edge>> from_;
  std::set<std::array<std::string, 3>> known_;  ///< from, to, type
};

}  // namespace gitplan::exchange
