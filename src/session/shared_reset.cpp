#include "session/shared_reset.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/kept_refs.hpp"
#include "session/publishing.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

class SharedReset {
 public:
  SharedReset(const Workspace& workspace, const PlanView& view, TaskIndex index,
              const std::string& branch, std::span<const std::string> attempts)
      : repository_(&workspace.repository()),
        shared_(workspace.shared_remote()),
        view_(&view),
        task_(view.task(index).id),
        branch_ref_(branch.empty() ? "" : ref_names::branch_ref(branch)),
        attempts_(attempts.begin(), attempts.end()) {}

  void write() {
    Publishing publishing(*repository_, *shared_);
    publishing.write(view_->plan().flow_branch, {shared_->names().claims(view_->session())},
                     [this](const remote::Seen& seen) { return decide(seen); });
  }
  /// The host lets none go.
  void leave_branch() { branch_ref_.clear(); }
  [[nodiscard]] const std::vector<std::string>& attempts() const { return attempts_; }

 private:
  std::optional<remote::Transaction> decide(const remote::Seen& seen) {
    remote::Transaction made;
    const std::string claim =
        shared_->names().claim(view_->session(), task_number(task_).value_or(0));
    const auto standing = seen.at(claim);
    if (standing && is_own_claim(*repository_, *standing))
      made.moves.push_back({claim, standing, std::nullopt});
    const auto begun = branch_ref_.empty() ? std::nullopt : shared_->seen(branch_ref_);
    if (begun && !is_kept(*begun))
      attempts_.push_back(
          keep_commit_as_attempt(*repository_, *begun, view_->session(), task_, "task reset"));
    add_attempts(made);
    if (begun) made.moves.push_back({branch_ref_, begun, std::nullopt});
    return made.moves.empty() ? std::nullopt : std::optional(made);
  }

  /// Others may have pushed to the branch, too.
  [[nodiscard]] bool is_kept(const git::Oid& commit) const {
    return std::ranges::any_of(attempts_, [&](const std::string& ref) {
      const auto kept = git::read_ref(*repository_, ref);
      return kept && git::is_ancestor(*repository_, commit, *kept);
    });
  }

  void add_attempts(remote::Transaction& made) const {
    for (const std::string& kept : attempts_) {
      const auto there = shared_->names().shared(kept, shared_->machine());
      const auto commit = git::read_ref(*repository_, kept);
      if (there && commit) made.moves.push_back({*there, std::nullopt, commit});
    }
  }

  const git::Repository* repository_;
  const SharedRemote* shared_;
  const PlanView* view_;
  std::string task_;
  std::string branch_ref_;  ///< empty: it stays, or there is none
  std::vector<std::string> attempts_;
};

}  // namespace

std::vector<std::string> publish_reset(const Workspace& workspace, const PlanView& view,
                                       TaskIndex index, const std::string& branch,
                                       std::span<const std::string> attempts) {
  if (workspace.shared_remote() == nullptr) return {attempts.begin(), attempts.end()};
  SharedReset reset(workspace, view, index, branch, attempts);
  try {
    reset.write();
  } catch (const Error& error) {
    if (error.code() != "remote_refused" || branch.empty()) throw;
    reset.leave_branch();
    reset.write();
    workspace.note(fmt::format("branch '{}' stays on remote '{}': {}", text::printable(branch),
                               text::printable(workspace.shared_remote()->remote()), error.what()));
  }
  return reset.attempts();
}

}  // namespace gitplan
