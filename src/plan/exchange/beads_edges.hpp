// Which of beads' issues waits for which: `dependencies` of all records.
#pragma once

#include <map>
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

  std::map<std::string, std::vector<Edge>> from_;
};

}  // namespace gitplan::exchange
