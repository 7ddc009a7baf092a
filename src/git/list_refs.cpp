// Refs by prefix, and those in the way of another.
#include <string_view>

#include "git/ref_files.hpp"
#include "git/refs.hpp"
#include "git/refs_snapshot.hpp"

namespace gitplan::git {

std::vector<Ref> list_refs(const Repository& repository, const std::string& prefix) {
  return RefsSnapshot(repository, prefix).refs();
}

std::optional<std::string> ref_in_the_way(const Repository& repository, const std::string& name) {
  for (auto slash = name.find('/', std::string_view("refs/").size()); slash != std::string::npos;
       slash = name.find('/', slash + 1)) {
    const std::string above = name.substr(0, slash);
    if (read_raw_ref(repository, above).kind != RefValue::Kind::absent) return above;
  }
  const std::vector<Ref> below = list_refs(repository, name + "/");
  return below.empty() ? std::nullopt : std::optional(below.front().name);
}

}  // namespace gitplan::git
