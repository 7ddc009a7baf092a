#include "plan/exchange/beads_edges.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

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

std::string type_of(const Json& dependency) {
  if (!dependency.is_object()) return "blocks";
  return either(dependency, "type", "dependency_type").value_or("blocks");
}

std::string quoted(const Json& value) {
  return fmt::format("'{}'", shown(value.dump(-1, ' ', false, Json::error_handler_t::replace)));
}

/// Those of a list, or the one value; nothing for null.
template <class Read>
void for_each(const Json& issue, const char* key, Read read) {
  const auto found = issue.find(key);
  if (found == issue.end() || found->is_null()) return;
  if (!found->is_array()) return read(*found);
  for (const Json& one : *found) read(one);
}

}  // namespace

BeadsEdges::BeadsEdges(const std::vector<const Json*>& issues, Warnings& warnings) {
  for (const Json* issue : issues) from_[beads_id(*issue)];
  for (const Json* issue : issues) {
    for_each(*issue, "dependencies",
             [&](const Json& one) { read(one, beads_id(*issue), warnings); });
  }
  // What `bd show --json` says of an issue was said above, if the others are there, too.
  for (const Json* issue : issues) {
    const std::string id = beads_id(*issue);
    for (const char* key : {"parent", "parent_id"}) read_parent(*issue, key, id, warnings);
    for_each(*issue, "dependents", [&](const Json& one) { read_dependent(one, id, warnings); });
  }
}

void BeadsEdges::add(const std::string& from, Edge edge, Told told, const std::string& told_by,
                     Warnings& warnings) {
  const auto owner = from_.find(from);
  if (owner == from_.end()) {
    return warnings.add(
        "unknown_dependency",
        fmt::format("a dependency of '{}', which is not there, is left out", shown(from)), told_by);
  }
  const bool is_new = known_.insert({from, edge.to, edge.type}).second;
  if (is_new || told == Told::outright) owner->second.push_back(std::move(edge));
}

void BeadsEdges::read(const Json& dependency, const std::string& id, Warnings& warnings) {
  const bool is_object = dependency.is_object();
  const auto to = is_object ? either(dependency, "depends_on_id", "id") : text_of(dependency);
  if (!to || to->empty()) {
    return warnings.add("unknown_dependency",
                        "a dependency that names no issue is left out, " + quoted(dependency), id);
  }
  const std::string from = is_object ? text_at(dependency, "issue_id").value_or(id) : id;
  add(from, {*to, type_of(dependency)}, Told::outright, id, warnings);
}

void BeadsEdges::read_parent(const Json& issue, const char* key, const std::string& id,
                             Warnings& warnings) {
  const auto parent = issue.find(key);
  if (parent == issue.end() || parent->is_null()) return;
  const auto to = parent->is_object() ? text_at(*parent, "id") : text_of(*parent);
  if (!to) {
    warnings.add("unknown_parent", "a parent that names no issue is left out, " + quoted(*parent),
                 id);
  } else if (!to->empty()) {
    add(id, {*to, "parent-child"}, Told::again, id, warnings);
  }
}

void BeadsEdges::read_dependent(const Json& dependent, const std::string& id, Warnings& warnings) {
  const bool is_object = dependent.is_object();
  const auto from = is_object ? either(dependent, "issue_id", "id") : text_of(dependent);
  if (!from || from->empty()) {
    return warnings.add("unknown_dependency",
                        "a dependent that names no issue is left out, " + quoted(dependent), id);
  }
  add(*from, {id, type_of(dependent)}, Told::again, id, warnings);
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
