#include "plan/exchange/beads_edges.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "plan/exchange/beads_records.hpp"
#include "plan/shown.hpp"

namespace gitplan::exchange {
namespace {

/// The one of two keys that is there: an export and `bd show --json` do not use the same.
std::optional<std::string> either(const Json& object, const char* key, const char* other) {
  auto text = text_at(object, key);
  return text ? text : text_at(object, other);
}

void add_parent(Item& item, const std::string& parent, Warnings& warnings) {
  if (item.parent.empty() || item.parent == parent) {
    item.parent = parent;
    return;
  }
  warnings.add("unknown_parent", fmt::format("a second parent '{}' is left out", shown(parent)),
               item.external_id);
}

}  // namespace

BeadsEdges::BeadsEdges(const std::vector<const Json*>& issues, Warnings& warnings) {
  for (const Json* issue : issues) from_[beads_id(*issue)];
  for (const Json* issue : issues) {
    const std::string id = beads_id(*issue);
    const auto dependencies = issue->find("dependencies");
    if (dependencies == issue->end() || dependencies->is_null()) continue;
    if (!dependencies->is_array()) {
      read(*dependencies, id, warnings);
    } else {
      for (const Json& dependency : *dependencies) read(dependency, id, warnings);
    }
  }
}

void BeadsEdges::read(const Json& dependency, const std::string& id, Warnings& warnings) {
  const bool is_object = dependency.is_object();
  const auto to = is_object ? either(dependency, "depends_on_id", "id") : text_of(dependency);
  if (!to || to->empty()) {
    const std::string text = dependency.dump(-1, ' ', false, Json::error_handler_t::replace);
    return warnings.add(
        "unknown_dependency",
        fmt::format("a dependency that names no issue is left out, '{}'", shown(text)), id);
  }
  const std::string from = is_object ? text_at(dependency, "issue_id").value_or(id) : id;
  const auto owner = from_.find(from);
  if (owner == from_.end()) {
    return warnings.add(
        "unknown_dependency",
        fmt::format("a dependency of '{}', which is not there, is left out", shown(from)), id);
  }
  const auto type =
      is_object ? either(dependency, "type", "dependency_type") : std::optional<std::string>();
  owner->second.push_back({*to, type.value_or("blocks")});
}

void BeadsEdges::tell(Item& item, Warnings& warnings) const {
  for (const auto& [to, type] : from_.at(item.external_id)) {
    if (type == "parent-child") {
      add_parent(item, to, warnings);
    } else if (type == "blocks") {
      item.depends_on.push_back(to);
    } else if (type == "waits-for" || type == "conditional-blocks") {
      item.depends_on.push_back(to);
      warnings.add("dependency_type",
                   fmt::format("a dependency of type '{}' became one that blocks", type),
                   item.external_id);
    } else {
      warnings.add(
          "dependency_type",
          fmt::format("a dependency of type '{}' orders no work and is left out", shown(type, 40)),
          item.external_id);
    }
  }
}

}  // namespace gitplan::exchange
