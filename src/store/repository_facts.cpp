#include "store/repository_facts.hpp"

#include <string>

#include "store/ref_names.hpp"

namespace gitplan {

SessionTrees& RepositoryFacts::trees() {
  if (!trees_) trees_ = std::make_unique<SessionTrees>(*repository_);
  return *trees_;
}

const git::RefsSnapshot& RepositoryFacts::task_refs() {
  if (!task_refs_) task_refs_.emplace(*repository_, std::string(ref_names::task_prefix));
  return *task_refs_;
}

std::optional<git::RefsPrint> RepositoryFacts::branches_print() {
  if (!print_) print_ = task_refs().print();
  return *print_;
}

const BranchIndex& RepositoryFacts::branches() {
  if (!branches_)
    branches_ = std::make_unique<BranchIndex>(*repository_, trees(), task_refs().refs());
  return *branches_;
}

std::optional<git::RefsPrint> RepositoryFacts::plans_print() {
  if (!plans_print_)
    plans_print_ = git::RefsSnapshot(*repository_, std::string(ref_names::plan_prefix)).print();
  return *plans_print_;
}

const std::vector<git::Ref>& RepositoryFacts::done_refs() {
  if (!done_refs_) done_refs_ = git::list_refs(*repository_, std::string(ref_names::done_prefix));
  return *done_refs_;
}

const std::vector<PlanOutline>& RepositoryFacts::outlines(const StoredPlan* open) {
  plans_print();  // of before they are read: what changes meanwhile is read again by the next one
  if (!outlines_) outlines_ = outline_plans(*repository_, PlanStore(*repository_), {}, open);
  return *outlines_;
}

}  // namespace gitplan
