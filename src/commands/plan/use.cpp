#include "commands/plan/use.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "git/config.hpp"
#include "git/lock.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "session/done_refs.hpp"
#include "session/held_branch.hpp"
#include "session/kept_refs.hpp"
#include "session/shared_deletion.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {

namespace {

/// They go on without it.
void warn_of_workers(Workspace& workspace, const std::string& session) {
  for (const Slot& slot : workspace.slots().worktrees()) {
    if (!slot.claim || slot.claim->session != session) continue;
    workspace.warn({Severity::warning, "worker_left",
                    fmt::format("worker {} still has task {} of it, in '{}'", slot.number,
                                slot.claim->task, slot.path),
                    slot.claim->task, std::nullopt});
    workspace.hint(fmt::format("to save what it holds and free it, run: git wave worker remove {}",
                               slot.number));
  }
}

/// As `git branch -D` does: its worktree would be on a branch without a commit.
void refuse_checked_out(const Workspace& workspace, const std::string& session) {
  const auto holder = git::worktree_of_branch(workspace.repository(), ref_names::plan_ref(session));
  if (holder && holds_its_branch(*holder))
    refuse_held_branch(fmt::format("delete plan '{}'", session), *holder);
}

}  // namespace

std::string use_plan(Workspace& workspace, const std::string& plan) {
  const StoredPlan stored = workspace.store().load(ref_names::session_of(plan));
  git::set_config(workspace.repository(), "plan.current", stored.session);
  return stored.session;
}

namespace {

Hint way_to_delete(const std::string& session) {
  return {fmt::format("to delete it all the same, run: git plan delete -f {}", session)};
}

StoredPlan load_readable(const Workspace& workspace, const std::string& session) try {
  return workspace.store().load(session);
} catch (const Error& error) {
  if (error.kind() != ErrorKind::fatal) throw;
  std::vector<Hint> hints = error.hints();
  hints.push_back(way_to_delete(session));
  throw Error(error.kind(), error.messages(), std::move(hints)).with_code(error.code());
}

}  // namespace

DeleteResult delete_plan(Workspace& workspace, const std::string& plan, Force force) {
  workspace.begin_write();
  const std::string session = ref_names::session_of(plan);
  const git::NamedLock turn(workspace.repository(), "plans");
  refuse_checked_out(workspace, session);
  DeleteResult result{session, {}, {}};
  if (force == Force::yes) {
    // A plan that nobody can read any more can still be deleted.
    const auto tip = git::read_ref(workspace.repository(), ref_names::plan_ref(session));
    result.commit = tip ? *tip : workspace.store().load(session).commit;
  } else {
    const PlanView view(workspace, load_readable(workspace, session));
    result.commit = view.stored().commit;
    if (!view.is_finished()) {
      throw Error(ErrorKind::wrong_state,
                  fmt::format("plan '{}' is not finished: {} of {} tasks completed", session,
                              view.count(Status::completed), view.size()),
                  way_to_delete(session));
    }
  }
  publish_deletion(workspace, session, result.commit,
                   force == Force::yes ? HeldClaims::end : HeldClaims::refuse);
  if (git::delete_ref(workspace.repository(), ref_names::plan_ref(session), result.commit) ==
      git::SwapResult::lost_race) {
    throw Error(ErrorKind::lost_race, fmt::format("plan '{}' changed meanwhile", session),
                Hint{"to see it, run: git plan show " + session});
  }
  const auto current = workspace.config().text("plan.current");
  if (current && ref_names::session_of(*current) == session) {
    git::unset_config(workspace.repository(), "plan.current");
  }
  result.dropped_refs =
      git::delete_refs(workspace.repository(), waiting_refs(workspace.repository(), session));
  warn_of_workers(workspace, session);
  return result;
}

Json to_json(const DeleteResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["session_id"] = result.session;
  object["plan_branch"] = ref_names::plan_branch(result.session);
  object["commit"] = result.commit.hex();
  if (!result.dropped_refs.empty()) object["dropped_refs"] = dropped_objects(result.dropped_refs);
  return object;
}

Json used_object(const std::string& session) {
  Json object = new_object();
  object["success"] = true;
  object["session_id"] = session;
  object["plan_branch"] = ref_names::plan_branch(session);
  return object;
}

}  // namespace gitplan::commands
