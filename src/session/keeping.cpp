#include "session/keeping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/done_refs.hpp"
#include "session/following.hpp"
#include "session/kept_refs.hpp"
#include "session/publishing.hpp"
#include "session/remote_task_branches.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

using remote::Seen;
using remote::Transaction;

std::vector<std::string> watched_patterns(const SharedRemote& shared, const KeptPlan& plan) {
  const auto& names = shared.names();
  return {ref_names::branch_ref(plan.flow_branch),
          ref_names::plan_ref(plan.session),
          names.claims(plan.session),
          names.dones(plan.session),
          names.landing(plan.flow_branch),
          std::string(ref_names::task_prefix) + "*"};
}

/// What a claim that stands there is replaced by, and what goes to the remote with it.
class Renewal {
 public:
  Renewal(const Workspace& workspace, const KeptPlan& plan, const ClaimedBy& by)
      : workspace_(&workspace),
        repository_(&workspace.repository()),
        shared_(workspace.shared_remote()),
        plan_(&plan),
        by_(&by),
        own_(remote::GitNotebook(*repository_).notes()) {}

  /// This run's, and those of runs that died. What a person claimed here does not expire.
  [[nodiscard]] std::optional<remote::Claim> ours(const git::Oid& object) const {
    if (std::ranges::find(own_, object, &remote::Note::claim) == own_.end()) return std::nullopt;
    auto standing = remote::standing_claim(*repository_, object);
    if (!standing.claim || !remote::is_held(standing) || standing.claim->run.empty())
      return std::nullopt;
    const std::string& run = standing.claim->run;
    if (run != by_->run && is_run_alive(*workspace_, run)) return std::nullopt;
    return std::move(standing.claim);
  }

  [[nodiscard]] bool is_done(std::uint32_t task) const {
    return done_ref(*repository_, plan_->session, format_task_id(task)).has_value();
  }

  void renew(const std::string& ref, std::uint32_t task, const git::Oid& object,
             remote::Claim claim, Transaction& made) const {
    claim.machine = shared_->machine();
    claim.run = by_->run;
    claim.lease = by_->lease;
    claim.renewed = now();
    claim.nonce.clear();
    claim.state = is_done(task) ? remote::ClaimState::done : remote::ClaimState::held;
    remote::Note note;
    note.of = remote::ClaimName{plan_->session, task};
    note.claim = remote::write_claim(
        *repository_, claim,
        fmt::format("Claim task {} of {}", format_task_id(task), plan_->session), object);
    made.moves.push_back({ref, object, note.claim});
    made.notes.push_back(std::move(note));
    push_done(task, made);
  }

  /// A branch that only grew here, or is where it was pushed from and was made anew.
  void push_branch(const std::string& branch, Transaction& made) const {
    if (branch.empty()) return;
    const std::string ref = ref_names::branch_ref(branch);
    const auto here = git::read_ref(*repository_, ref);
    const auto there = shared_->seen(ref);
    if (!here || here == there) return;
    if (there && !git::is_ancestor(*repository_, *there, *here)) return;
    made.moves.push_back({ref, there, here});
  }

  /// Each claim that is ours, as `seen`.
  void each(const Seen& seen,
            const std::function<void(const std::string& ref, std::uint32_t task,
                                     const git::Oid& object, const remote::Claim& claim)>& act) {
    for (const auto& [ref, object] : seen.refs) {
      const auto name = shared_->names().parse(ref);
      const auto* of = name ? std::get_if<remote::ClaimName>(&*name) : nullptr;
      if (of == nullptr || of->session != plan_->session) continue;
      if (const auto claim = ours(object)) act(ref, of->task, object, *claim);
    }
  }

 private:
  void push_done(std::uint32_t task, Transaction& made) const {
    const auto done = done_ref(*repository_, plan_->session, format_task_id(task));
    const std::string ref = shared_->names().done(plan_->session, task);
    const auto there = shared_->seen(ref);
    if (done && done != there) made.moves.push_back({ref, there, done});
  }

  const Workspace* workspace_;
  const git::Repository* repository_;
  const SharedRemote* shared_;
  const KeptPlan* plan_;
  const ClaimedBy* by_;
  std::vector<remote::Note> own_;
};

bool push_renewal(const Workspace& workspace, const KeptPlan& plan, const ClaimedBy& by,
                  const std::set<std::string>& left_out) {
  const SharedRemote& shared = *workspace.shared_remote();
  bool is_any = false;
  Publishing publishing(workspace.repository(), shared);
  Renewal renewal(workspace, plan, by);
  publishing.renew(plan.flow_branch, {shared.names().claims(plan.session)}, [&](const Seen& seen) {
    Transaction made;
    renewal.each(seen, [&](const auto& ref, auto task, const auto& object, const auto& claim) {
      renewal.renew(ref, task, object, claim, made);
      if (!left_out.contains(claim.branch)) renewal.push_branch(claim.branch, made);
    });
    is_any = !made.moves.empty();
    return is_any ? std::optional(made) : std::nullopt;
  });
  return is_any;
}

/// Those that the next renewal would push.
std::set<std::string> branches_of_claims(const ClaimsSeen& seen) {
  std::set<std::string> branches;
  for (const std::string& ref : seen.own) {
    const auto& claim = seen.all.at(ref).claim;
    if (claim && !claim->branch.empty()) branches.insert(claim->branch);
  }
  return branches;
}

bool has_moved(const remote::SeenRefs& listed, const remote::SeenRefs& known) {
  return listed != known;
}

}  // namespace

ClaimsSeen claims_seen(const Workspace& workspace, const std::string& session) {
  ClaimsSeen seen;
  const SharedRemote& shared = *workspace.shared_remote();
  for (auto& [task, claim] : shared.claims(session)) {
    const std::string ref = shared.names().claim(session, task);
    if (claim.is_own) seen.own.insert(ref);
    seen.all.emplace(ref, std::move(claim.standing));
  }
  return seen;
}

bool look_at_remote(const Workspace& workspace, const KeptPlan& plan) {
  const SharedRemote& shared = *workspace.shared_remote();
  const git::Repository& repository = workspace.repository();
  const auto patterns = watched_patterns(shared, plan);
  const std::string beat = shared.names().beat(plan.flow_branch);
  auto all = patterns;
  all.push_back(beat);
  remote::HubOverGit hub(repository, shared.remote(), shared.names());
  auto listed = hub.list(all);
  if (const auto* away = std::get_if<remote::NotReached>(&listed)) {
    remote::Ended ended;
    ended.kind = remote::Ended::Kind::unreachable;
    ended.words = away->words;
    remote::throw_unless_done(ended, shared.remote());
  }
  const auto known = remote::last_seen(repository, shared.remote(), shared.names(), all);
  if (!has_moved(std::get<remote::SeenRefs>(listed), known)) {
    shared.note_current(plan.flow_branch, patterns);
    return false;
  }
  {
    Publishing publishing(repository, shared);
    publishing.look({beat});  // before what it binds
    publishing.look(patterns);
    shared.note_current(plan.flow_branch, patterns);
  }
  follow_shared(workspace, plan.session, plan.flow_branch);
  return true;
}

bool renew_claims(const Workspace& workspace, const KeptPlan& plan, const ClaimedBy& by,
                  std::set<std::string>& left_out) {
  try {
    return push_renewal(workspace, plan, by, left_out);
  } catch (const Error& error) {
    if (error.code() != "remote_refused") throw;
    const auto branches = branches_of_claims(claims_seen(workspace, plan.session));
    const auto before = left_out.size();
    left_out.insert(branches.begin(), branches.end());
    if (left_out.size() == before) throw;
    workspace.note(fmt::format("the remote does not take the task branches: {}", error.what()));
    return push_renewal(workspace, plan, by, left_out);
  }
}

void give_back_claims(const Workspace& workspace, const KeptPlan& plan, const ClaimedBy& by,
                      const std::vector<std::string>& rescued) {
  const SharedRemote& shared = *workspace.shared_remote();
  const git::Repository& repository = workspace.repository();
  Publishing publishing(repository, shared);
  Renewal renewal(workspace, plan, by);
  publishing.write(plan.flow_branch, {shared.names().claims(plan.session)}, [&](const Seen& seen) {
    Transaction made;
    renewal.each(seen, [&](const auto& ref, auto task, const auto& object, const auto& claim) {
      renewal.push_branch(claim.branch, made);
      if (renewal.is_done(task)) return renewal.renew(ref, task, object, claim, made);
      made.moves.push_back({ref, object, std::nullopt});
    });
    for (const std::string& ref : rescued) {
      const auto there = shared.names().shared(ref, shared.machine());
      const auto commit = git::read_ref(repository, ref);
      if (there && commit) made.moves.push_back({*there, shared.seen(*there), commit});
    }
    return made.moves.empty() ? std::nullopt : std::optional(made);
  });
}

void sweep_claims(const Workspace& workspace, const KeptPlan& plan,
                  const std::vector<std::pair<std::string, git::Oid>>& claims) {
  const SharedRemote& shared = *workspace.shared_remote();
  Publishing(workspace.repository(), shared)
      .write(plan.flow_branch, {shared.names().claims(plan.session)},
             [&](const Seen& seen) -> std::optional<Transaction> {
               Transaction made;
               for (const auto& [ref, object] : claims) {
                 if (seen.at(ref) == object) made.moves.push_back({ref, object, std::nullopt});
               }
               if (made.moves.empty()) return std::nullopt;
               return made;
             });
}

std::optional<TaskIndex> task_of_claim(const Workspace& workspace, const PlanView& view,
                                       const std::string& ref) {
  const auto name = workspace.shared_remote()->names().parse(ref);
  const auto* of = name ? std::get_if<remote::ClaimName>(&*name) : nullptr;
  if (of == nullptr || of->session != view.session()) return std::nullopt;
  const auto found = view.plan().find(format_task_id(of->task));
  return found ? std::optional(static_cast<TaskIndex>(*found)) : std::nullopt;
}

void take_remote_work(const Workspace& workspace, const PlanView& view, TaskIndex task,
                      const std::string& branch) {
  const SharedRemote& shared = *workspace.shared_remote();
  const git::Repository& repository = workspace.repository();
  const std::string& id = view.task(task).id;
  const std::string done = shared.names().done(view.session(), task_number(id).value_or(0));
  Publishing(repository, shared).look({branches_of_task(id), done});
  take_remote_branch(workspace, {view.session(), id, branch});
  if (const auto tip = shared.seen(done)) set_done(repository, view.session(), id, *tip);
}

std::optional<std::string> keep_lost_branch(const Workspace& workspace, const KeptPlan& plan,
                                            const std::string& task, const std::string& branch) {
  const git::Repository& repository = workspace.repository();
  const std::string ref = ref_names::branch_ref(branch);
  const auto here = git::read_ref(repository, ref);
  if (!here || !git::worktrees_of_branch(repository, ref).empty()) return std::nullopt;
  const auto there = workspace.shared_remote()->seen(ref);
  const auto flow = flow_tip(workspace, plan.flow_branch);
  const auto has = [&](const std::optional<git::Oid>& tip) {
    return tip && git::is_ancestor(repository, *here, *tip);
  };
  if (has(there) || has(flow)) return std::nullopt;
  auto kept = keep_as_attempt(repository, {ref, *here}, plan.session, task);
  if (there) git::compare_and_swap(repository, ref, std::nullopt, *there, "as on the remote");
  return kept;
}

}  // namespace gitplan
