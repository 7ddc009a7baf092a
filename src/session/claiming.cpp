#include "session/claiming.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/following.hpp"
#include "session/kept_refs.hpp"
#include "session/plan_checkouts.hpp"
#include "session/publishing.hpp"
#include "session/remote_task_branches.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// What decides over a start: the plan, flow, who has what, and the branches that were begun.
std::vector<std::string> deciding(const SharedRemote& shared, const std::string& session,
                                  const std::string& flow_branch) {
  return {ref_names::branch_ref(flow_branch), ref_names::plan_ref(session),
          shared.names().claims(session)};
}

std::uint32_t number_of(const PlanView& view, TaskIndex index) {
  return task_number(view.task(index).id).value_or(0);
}

class Claimer {
 public:
  Claimer(const Workspace& workspace, const PlanView& view, std::span<const Wanted> wanted,
          Take take, const ClaimedBy& by)
      : workspace_(&workspace),
        shared_(workspace.shared_remote()),
        view_(&view),
        wanted_(wanted),
        take_(take),
        by_(by),
        own_(remote::GitNotebook(workspace.repository()).notes()) {}

  Claiming run() {
    const std::string& flow = view_->plan().flow_branch;
    auto patterns = deciding(*shared_, view_->session(), flow);
    for (const Wanted& one : wanted_)
      patterns.push_back(branches_of_task(view_->task(one.task).id));
    // Renewals push the branches of tasks that are held, and move no beat.
    const auto asking = take_ == Take::held_ones ? Asking::first : Asking::where_needed;
    Publishing publishing(workspace_->repository(), *shared_);
    publishing.write(
        flow, std::move(patterns), [this](const remote::Seen& seen) { return decide(seen); },
        asking);
    if (result_.is_stale) catch_up();
    return std::move(result_);
  }

 private:
  /// What does not follow was written here alone: looking again would end alike.
  void catch_up() const {
    const std::string& flow = view_->plan().flow_branch;
    const std::string plan_ref = ref_names::plan_ref(view_->session());
    follow_shared(*workspace_, view_->session(), flow);
    if (git::read_ref(workspace_->repository(), plan_ref) != shared_->seen(plan_ref))
      refuse_unpublished(*shared_, view_->branch());
    if (flow_tip(*workspace_, flow) != shared_->seen_branch(flow))
      refuse_unpublished(*shared_, flow);
    for (const Wanted& one : wanted_) take_remote_branch(*workspace_, shared_task(one));
  }

  std::optional<remote::Transaction> decide(const remote::Seen& seen) {
    result_ = {};
    if (is_stale(seen)) {
      result_.is_stale = true;
      return std::nullopt;
    }
    remote::Transaction made;
    for (const Wanted& one : wanted_) claim(seen, one, made);
    return made;
  }

  /// An unpublished plan is one that was written here alone.
  [[nodiscard]] bool is_stale(const remote::Seen& seen) const {
    const auto plan = seen.at(ref_names::plan_ref(view_->session()));
    const auto flow = seen.at(ref_names::branch_ref(view_->plan().flow_branch));
    if (plan != view_->stored().commit || flow != view_->flow().commit) return true;
    return std::ranges::any_of(wanted_, [&](const Wanted& one) {
      return has_unknown_work(seen, one) || (take_ == Take::free_ones && is_taken(seen, one));
    });
  }

  [[nodiscard]] bool is_taken(const remote::Seen& seen, const Wanted& one) const {
    const auto standing = standing_at(seen, one);
    return has_number(one) && standing && remote::is_held(*standing) && !is_own(standing->object) &&
           standing->object != one.replaces;
  }

  /// Somebody who has it, or gave it back, has pushed a branch of it that is not here.
  [[nodiscard]] bool has_unknown_work(const remote::Seen& seen, const Wanted& one) const {
    const std::string pattern = branches_of_task(view_->task(one.task).id);
    return std::ranges::any_of(seen.refs, [&](const auto& ref) {
      return remote::matches(pattern, ref.first) &&
             lags_behind(*workspace_, shared_task(one), {ref.first, ref.second});
    });
  }

  [[nodiscard]] std::optional<remote::StandingClaim> standing_at(const remote::Seen& seen,
                                                                 const Wanted& one) const {
    const auto object = seen.at(ref_of(one));
    if (!object) return std::nullopt;
    return remote::standing_claim(workspace_->repository(), *object);
  }

  [[nodiscard]] SharedTask shared_task(const Wanted& one) const {
    return {view_->session(), view_->task(one.task).id, one.branch};
  }

  [[nodiscard]] std::string ref_of(const Wanted& one) const {
    return shared_->names().claim(view_->session(), number_of(*view_, one.task));
  }

  /// Of a task whose id is none there is no claim, and no branch either.
  [[nodiscard]] bool has_number(const Wanted& one) const {
    return task_number(view_->task(one.task).id).has_value();
  }

  [[nodiscard]] bool is_own(const git::Oid& object) const {
    return std::ranges::find(own_, object, &remote::Note::claim) != own_.end();
  }

  void claim(const remote::Seen& seen, const Wanted& one, remote::Transaction& made) {
    result_.won.push_back(one.task);
    const auto is_claimed = [&](const remote::RefMove& move) { return move.ref == ref_of(one); };
    // Two tasks of one number, in a plan that a person wrote so, have one claim.
    if (!has_number(one) || std::ranges::any_of(made.moves, is_claimed)) return;
    const auto standing = standing_at(seen, one);
    const bool is_held = standing && remote::is_held(*standing);
    if (is_held && is_own(standing->object) && is_same_place(*standing, one)) return;
    if (is_held && !is_own(standing->object)) result_.taken.push_back(*standing);
    const auto before = standing ? std::optional(standing->object) : std::nullopt;
    add_claim(workspace_->repository(), *shared_, *view_, one, before, made, by_);
  }

  /// One that was made for a branch alone names no worker yet.
  static bool is_same_place(const remote::StandingClaim& standing, const Wanted& wanted) {
    return standing.claim && standing.claim->worker == wanted.worker;
  }

  const Workspace* workspace_;
  const SharedRemote* shared_;
  const PlanView* view_;
  std::span<const Wanted> wanted_;
  Take take_;
  const ClaimedBy& by_;
  std::vector<remote::Note> own_;
  Claiming result_;
};

}  // namespace

Claiming claim_tasks(const Workspace& workspace, const PlanView& view,
                     std::span<const Wanted> wanted, Take take, const ClaimedBy& by) {
  Claiming all;
  for (const Wanted& one : wanted) all.won.push_back(one.task);
  if (workspace.shared_remote() == nullptr || wanted.empty()) return all;
  return Claimer(workspace, view, wanted, take, by).run();
}

bool is_own_claim(const git::Repository& repository, const git::Oid& claim) {
  const auto own = remote::GitNotebook(repository).notes();
  return std::ranges::find(own, claim, &remote::Note::claim) != own.end();
}

void add_claim(const git::Repository& repository, const SharedRemote& shared, const PlanView& view,
               const Wanted& wanted, const std::optional<git::Oid>& before,
               remote::Transaction& made, const ClaimedBy& by) {
  const std::string& id = view.task(wanted.task).id;
  remote::Claim claim;
  claim.machine = shared.machine();
  claim.worker = wanted.worker;
  claim.branch = wanted.branch;
  claim.run = by.run;
  claim.lease = by.lease;
  claim.since = claim.renewed = now();
  remote::Note note;
  note.of = remote::ClaimName{view.session(), number_of(view, wanted.task)};
  note.claim = remote::write_claim(repository, claim,
                                   fmt::format("Claim task {} of {}", id, view.session()), before);
  made.moves.push_back(
      {shared.names().claim(view.session(), number_of(view, wanted.task)), before, note.claim});
  made.notes.push_back(std::move(note));
}

void give_back(const Workspace& workspace, const PlanView& view,
               std::span<const TaskIndex> tasks) try {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr || tasks.empty()) return;
  const auto own = remote::GitNotebook(workspace.repository()).notes();
  Publishing publishing(workspace.repository(), *shared);
  publishing.write(
      view.plan().flow_branch, {shared->names().claims(view.session())},
      [&](const remote::Seen& seen) {
        remote::Transaction made;
        for (const TaskIndex task : tasks) {
          const auto ref = shared->names().claim(view.session(), number_of(view, task));
          const auto standing = seen.at(ref);
          if (standing && std::ranges::find(own, *standing, &remote::Note::claim) != own.end())
            made.moves.push_back({ref, standing, std::nullopt});
        }
        return std::optional(made);
      });
} catch (const Error& error) {
  workspace.note(fmt::format("a claim was not given back: {}", error.what()));
}

std::string describe(const SeenClaim& claim) {
  if (!claim.standing.claim) return "somebody who cannot be named";
  const remote::Claim& one = *claim.standing.claim;
  std::string text = fmt::format("machine {}", text::printable(one.machine));
  if (one.worker > 0) text += fmt::format(", worker {}", one.worker);
  return text + ", since " + rfc3339(one.since);
}

namespace {

void refuse_claimed(const PlanView& view, TaskIndex index, const std::string& how) {
  const SeenClaim* claim = view.claimed_elsewhere(index);
  if (claim == nullptr) return;
  const std::string& id = view.task(index).id;
  throw Error(ErrorKind::wrong_state,
              fmt::format("task '{}' is claimed by {}", text::printable(id), describe(*claim)),
              Hint{how + id})
      .with_code("claimed");
}

}  // namespace

void refuse_claimed(const PlanView& view, TaskIndex index) {
  refuse_claimed(view, index, "to take it over, run: git task start --take ");
}

void refuse_claimed_reset(const PlanView& view, TaskIndex index) {
  refuse_claimed(view, index, "to start it over all the same, run: git task reset -f ");
}

}  // namespace gitplan
