#include "session/kept_refs.hpp"

#include <nlohmann/json.hpp>
#include <string>

#include "base/error.hpp"
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

namespace {

std::optional<std::string> attempt_at(const git::Repository& repository, const git::Oid& tip) {
  for (auto& ref : git::list_refs(repository, std::string(ref_names::attempt_prefix))) {
    if (ref.target == tip) return std::move(ref.name);
  }
  return std::nullopt;
}

std::string free_attempt(const git::Repository& repository, std::string_view session,
                         std::string_view task) {
  const Seconds time = now();
  for (int count = 1;; ++count) {
    std::string name = ref_names::attempt_ref(session, task, time, count);
    if (!git::read_ref(repository, name)) return name;
  }
}

}  // namespace

std::optional<std::string> keep_as_attempt(const git::Repository& repository, const git::Ref& ref,
                                           std::string_view session, std::string_view task) {
  auto kept = attempt_at(repository, ref.target);
  const bool is_kept = kept.has_value();
  if (!is_kept) kept = free_attempt(repository, session, task);
  const auto result = is_kept
                          ? git::delete_ref(repository, ref.name, ref.target)
                          : git::move_ref(repository, ref.name, *kept, ref.target, "task reset");
  return result == git::SwapResult::swapped ? kept : std::nullopt;
}

std::string keep_commit_as_attempt(const git::Repository& repository, const git::Oid& commit,
                                   std::string_view session, std::string_view task,
                                   const std::string& reflog) {
  constexpr int most_names = 100'000;
  const Seconds time = now();
  for (int count = 1; count < most_names; ++count) {
    std::string ref = ref_names::attempt_ref(session, task, time, count);
    if (git::compare_and_swap(repository, ref, std::nullopt, commit, reflog) ==
        git::SwapResult::swapped)
      return ref;
  }
  throw Error(ErrorKind::lost_race, "no free name for an attempt");
}

Json dropped_objects(const std::vector<git::Ref>& refs) {
  Json dropped = Json::array();
  for (const git::Ref& ref : refs)
    dropped.push_back(Json{{"ref", ref.name}, {"commit", ref.target.hex()}});
  return dropped;
}

}  // namespace gitplan
