// What git says of all sessions at one moment, for the ledgers of several plans: each part is read
// when it is first asked for, and once.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "git/refs.hpp"
#include "git/refs_snapshot.hpp"
#include "store/branch_index.hpp"
#include "store/plan_outlines.hpp"
#include "store/session_trees.hpp"

namespace gitplan {

class RepositoryFacts {
 public:
  explicit RepositoryFacts(const git::Repository& repository) : repository_(&repository) {}

  [[nodiscard]] const git::Repository& repository() const { return *repository_; }
  SessionTrees& trees();
  /// Of the task branches; nothing where they never held still.
  std::optional<git::RefsPrint> branches_print();
  const BranchIndex& branches();
  /// Of the plans; as branches_print.
  std::optional<git::RefsPrint> plans_print();
  /// What is done, of every session: see ref_names::parse_done_ref.
  const std::vector<git::Ref>& done_refs();
  /// Of every plan; `open`, where given, is one that need not be read again.
  const std::vector<PlanOutline>& outlines(const StoredPlan* open = nullptr);

 private:
  const git::RefsSnapshot& task_refs();

  const git::Repository* repository_;
  std::unique_ptr<SessionTrees> trees_;
  std::optional<git::RefsSnapshot> task_refs_;
  std::optional<std::optional<git::RefsPrint>> print_;
  std::unique_ptr<BranchIndex> branches_;
  std::optional<std::optional<git::RefsPrint>> plans_print_;
  std::optional<std::vector<git::Ref>> done_refs_;
  std::optional<std::vector<PlanOutline>> outlines_;
};

}  // namespace gitplan
