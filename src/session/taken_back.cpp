#include "session/taken_back.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "plan/diff.hpp"
#include "session/workspace.hpp"
#include "store/plan_store.hpp"

namespace gitplan {
namespace {

constexpr std::size_t most_by_hand = 20;

/// Our commits say which version they are.
bool is_ours(const git::Commit& commit, const Plan& plan) {
  return commit.subject().ends_with(fmt::format("(v{})", plan.version));
}

TakenBack describe(const git::Commit& commit, const StoredPlan& before, const Plan& plan) {
  const std::string changes = summary(compare(before.plan, plan));
  return {before.commit,
          commit.id,
          {Severity::warning, "taken_back",
           fmt::format("commit {} was made from v{}, and takes back what v{} had: {}",
                       commit.id.abbreviated(), plan.version, before.plan.version, changes),
           "", std::nullopt}};
}

}  // namespace

std::string TakenBack::hint() const {
  return fmt::format("to see what it took back, run: git diff {} {}", before.abbreviated(),
                     commit.abbreviated());
}

std::optional<TakenBack> taken_back(const Workspace& workspace, const StoredPlan& stored) try {
  StoredPlan now = stored;
  for (std::size_t count = 0; count < most_by_hand; ++count) {
    const auto commits = workspace.store().history(now.commit, 2);
    if (commits.size() < 2 || is_ours(commits.front(), now.plan)) return std::nullopt;
    StoredPlan before = workspace.store().read_at(stored.session, commits.back().id);
    if (now.plan.version < before.plan.version) return describe(commits.front(), before, now.plan);
    now = std::move(before);
  }
  return std::nullopt;
} catch (const Error&) {
  return std::nullopt;  // what cannot be read is named elsewhere
}

}  // namespace gitplan
