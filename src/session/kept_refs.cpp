#include "session/kept_refs.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "store/ref_names.hpp"

namespace gitplan {

std::vector<git::Ref> old_kept_refs(const git::Repository& repository, Seconds before,
                                    const WantedRef& wanted) {
  std::vector<git::Ref> old;
  for (const auto prefix : {ref_names::rescue_prefix, ref_names::attempt_prefix}) {
    for (auto& ref : git::list_refs(repository, std::string(prefix))) {
      const auto since = ref_names::kept_since(ref.name);
      if (since && *since <= before && wanted(ref)) old.push_back(std::move(ref));
    }
  }
  return old;
}

std::vector<git::Ref> drop_kept_refs(const git::Repository& repository, Seconds before,
                                     const WantedRef& wanted) {
  return git::delete_refs(repository, old_kept_refs(repository, before, wanted));
}

Json dropped_objects(const std::vector<git::Ref>& refs) {
  Json dropped = Json::array();
  for (const git::Ref& ref : refs)
    dropped.push_back(Json{{"ref", ref.name}, {"commit", ref.target.hex()}});
  return dropped;
}

}  // namespace gitplan
