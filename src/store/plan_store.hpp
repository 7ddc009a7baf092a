// Plans on their branches. Every write is an operation on a value, run again after a lost race.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/objects.hpp"
#include "git/oid.hpp"
#include "git/refs.hpp"
#include "plan/diagnostic.hpp"
#include "plan/plan.hpp"
#include "plan/toml.hpp"
#include "store/plan_mover.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// The plans that remotes were seen to have, as git calls their branches here:
/// "origin/plan/<session>".
std::vector<std::string> remote_plans(const git::Repository& repository);
/// The session of such a name.
std::string session_of_remote_plan(std::string_view name);
/// "to have it here, run: git branch plan/x origin/plan/x"
std::string how_to_take_up(std::string_view remote_plan);

/// A plan as one commit of its branch holds it.
struct StoredPlan {
  std::string session;
  git::Oid commit;
  git::Oid blob;  ///< plan.toml
  Plan plan;
  Diagnostics diagnostics;  ///< what could not be read as it should
  std::vector<int> task_lines;
};

struct PlanTip {
  std::string session;
  git::Oid commit;
};

/// What a write did.
struct PlanWrite {
  StoredPlan stored;     ///< as it is now
  bool changed = false;  ///< false: the edit changed nothing and no version was made
};

class PlanStore {
 public:
  explicit PlanStore(const git::Repository& repository) : repository_(&repository) {}
  /// Whose branches somebody else moves, who must outlive it.
  PlanStore(const git::Repository& repository, PlanMover& mover)
      : repository_(&repository), mover_(&mover) {}

  /// All plan branches, by name.
  [[nodiscard]] std::vector<PlanTip> list() const;
  /// Nothing if there is no such branch. Throws Error(fatal) if its plan.toml cannot be read.
  [[nodiscard]] std::optional<StoredPlan> find(std::string_view session) const;
  /// Throws Error(not_found), with "did you mean" and the hint to list plans.
  [[nodiscard]] StoredPlan load(std::string_view session) const;
  /// The plan at one commit of its branch.
  [[nodiscard]] StoredPlan load_at(std::string_view session, const git::Oid& commit) const;
  /// The same, which leaves the cache as it is.
  [[nodiscard]] StoredPlan peek_at(std::string_view session, const git::Oid& commit) const;
  /// The same of an old commit, past the cache, which is for what is asked again and again.
  [[nodiscard]] StoredPlan read_at(std::string_view session, const git::Oid& commit) const;
  /// Where it is, without its plan, which may be unreadable. Throws as `load` if there is none, and
  /// Error(fatal) if it has no plan.toml.
  [[nodiscard]] StoredPlan locate(std::string_view session) const;
  [[nodiscard]] StoredPlan locate_at(std::string_view session, const git::Oid& commit) const;
  /// The commits of a plan's branch from `tip` on, newest first, along first parents, at most
  /// `limit`; it ends where a shallow clone does.
  [[nodiscard]] std::vector<git::Commit> history(const git::Oid& tip, std::size_t limit) const;
  /// plan.toml as text.
  [[nodiscard]] std::string text(const StoredPlan& stored) const;

  /// A new plan branch with this text as plan.toml. Throws Error(wrong_state) if the session is
  /// taken.
  StoredPlan create(std::string_view session, std::string_view toml,
                    std::string_view message) const;

  /// Reads the plan, applies `edit` and, if that changed it, commits the next version; after a lost
  /// race all of it again. `edit` may throw to refuse. `message` is that of the commit; its
  /// subject is followed by the version.
  using Edit = std::function<Plan(const StoredPlan& current)>;
  [[nodiscard]] PlanWrite update(std::string_view session, std::string_view message,
                                 const Edit& edit) const;

  /// As update, for what is written beside the plan itself: plan.toml as text, and no new version.
  using TextEdit = std::function<std::string(const StoredPlan& current, const std::string& toml)>;
  [[nodiscard]] PlanWrite annotate(std::string_view session, std::string_view message,
                                   const TextEdit& edit) const;

  /// Commits `toml`, which parses as `plan`, on top of `current`. Nothing if the branch has moved
  /// meanwhile.
  [[nodiscard]] std::optional<StoredPlan> replace(const StoredPlan& current, std::string_view toml,
                                                  const Plan& plan, std::string_view message) const;

 private:
  [[noreturn]] void refuse_unknown(std::string_view session) const;
  [[nodiscard]] std::optional<git::Oid> tip(std::string_view session) const;
  /// What a commit of the plan is to hold; nothing: it stays as it is.
  struct Next {
    std::string toml;
    std::int64_t version = 0;
    std::optional<toml_io::ParsedPlan> read = std::nullopt;  ///< what the text says, where known
  };
  [[nodiscard]] PlanWrite write(
      std::string_view session, std::string_view message,
      const std::function<std::optional<Next>(const StoredPlan& current)>& next) const;
  /// Without the plan, which whoever wants it knows, or reads.
  [[nodiscard]] StoredPlan commit_text(const StoredPlan& current, std::string_view toml,
                                       const Plan& after, std::int64_t version,
                                       std::string_view message, git::SwapResult& result) const;
  [[nodiscard]] git::SwapResult move(const PlanMove& move) const;
  [[nodiscard]] StoredPlan reread(StoredPlan written, Next next) const;
  const git::Repository* repository_;
  PlanMover* mover_ = nullptr;  ///< null: they move here alone
};

}  // namespace gitplan
