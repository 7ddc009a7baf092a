#include "commands/plan/sync.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/share.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/believed_flow.hpp"
#include "session/branch_merge.hpp"
#include "session/claiming.hpp"
#include "session/done_refs.hpp"
#include "session/fetching.hpp"
#include "session/flow.hpp"
#include "session/following.hpp"
#include "session/guard.hpp"
#include "session/merged_text.hpp"
#include "session/publishing.hpp"
#include "session/settled_claims.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// What a branch is to be on both sides.
struct Target {
  std::optional<git::Oid> here;
  std::optional<git::Oid> there;
  git::Oid to;
};

/// What is to happen for the plans of one flow branch.
struct Group {
  std::vector<std::string> sessions;
  std::map<std::string, Target> targets;  ///< by ref
  bool is_own = false;                    ///< see is_own_flow
  bool has_failed = false;
};

class Sync {
 public:
  Sync(Workspace& workspace, const SharedRemote& shared)
      : workspace_(&workspace), shared_(&shared) {
    result_.remote = shared.remote();
  }

  SyncResult run() {
    fetch();
    std::map<std::string, Group> groups;
    for (const std::string& session : shared_sessions(*workspace_)) {
      if (const auto flow = believed_flow(*workspace_, session))
        groups[*flow].sessions.push_back(session);
    }
    name_unfit(groups);
    for (auto& one : groups) each(one.second, [&] { decide(one.first, one.second); });
    if (!result_.success()) return std::move(result_);
    for (auto& one : groups) each(one.second, [&] { bring_together(one.first, one.second); });
    if (failure_) throw *failure_;
    return std::move(result_);
  }

 private:
  void fetch() {
    Publishing publishing(workspace_->repository(), *shared_);
    fetch_all(*workspace_, publishing);
  }

  void name_unfit(std::map<std::string, Group>& groups) const {
    std::set<std::string> flows;
    for (const auto& [flow, group] : groups) flows.insert(flow);
    name_unfit_branches(*workspace_, flows);
    std::erase_if(groups, [&](const auto& one) { return is_unfit_branch(*workspace_, one.first); });
  }

  /// A mistake in one plan blocks no other; the first one is told at the end.
  template <class Step>
  void each(Group& group, const Step& step) {
    if (group.has_failed) return;
    try {
      step();
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::lost_race) throw;
      group.has_failed = true;
      if (failure_) return workspace_->note(error.what());
      failure_ = error;
    }
  }

  void decide(const std::string& flow, Group& group) {
    result_.plans.insert(result_.plans.end(), group.sessions.begin(), group.sessions.end());
    group.is_own = is_own_flow(*workspace_, flow, group.sessions);
    if (group.is_own) add_flow(flow, group.targets);
    for (const std::string& session : group.sessions) add_plan(session, group.targets);
  }

  /// Nothing where the remote has all that is here. True: both have moved.
  bool add_ahead(const std::string& ref, std::map<std::string, Target>& targets) const {
    const git::Repository& repository = workspace_->repository();
    const auto here = git::read_ref(repository, ref);
    const auto there = shared_->seen(ref);
    if (!here || here == there || (there && git::is_ancestor(repository, *here, *there)))
      return false;
    targets[ref] = {here, there, *here};
    return there && !git::is_ancestor(repository, *there, *here);
  }

  void add_flow(const std::string& flow, std::map<std::string, Target>& targets) {
    const std::string ref = ref_names::branch_ref(flow);
    if (!add_ahead(ref, targets)) return;
    Target& target = targets[ref];
    auto made = git::merge_commit(workspace_->repository(), *target.there, *target.here,
                                  fmt::format("Merge both sides of {}\n", text::printable(flow)));
    if (const auto* conflicts = std::get_if<git::Conflicts>(&made))
      return result_.flow_conflicts.push_back({flow, conflicts->paths});
    target.to = std::get<git::Merged>(made).commit;
    const std::string name = fmt::format("branch '{}'", text::printable(flow));
    refuse_unfit_merge(*workspace_, {name, flow, "nothing has moved"}, *target.there, target.to);
    result_.merged_flow.push_back(flow);
  }

  void add_plan(const std::string& session, std::map<std::string, Target>& targets) {
    const std::string ref = ref_names::plan_ref(session);
    if (add_ahead(ref, targets)) merge(session, targets[ref]);
  }

  void merge(const std::string& session, Target& target) {
    const auto base = git::merge_base(workspace_->repository(), *target.here, *target.there);
    if (!base) refuse_unrelated(session);
    const PlanStore& store = workspace_->store();
    const StoredPlan before = store.load_at(session, *base);
    const StoredPlan ours = store.load_at(session, *target.here);
    const StoredPlan theirs = store.load_at(session, *target.there);
    const PlanView view(*workspace_, ours);
    auto merged = merge_plans(before.plan, ours.plan, theirs.plan,
                              [&](const Task& task) { return is_begun(view, task); });
    if (!merged.conflicts.empty())
      return result_.conflicts.push_back({session, std::move(merged.conflicts)});
    refuse_new_errors(*workspace_, session, check_plan(theirs.plan, {}, {}, theirs.diagnostics),
                      check_plan(merged.plan, {}, {}, theirs.diagnostics));
    target.to = commit(theirs, merged_text(*workspace_, {before, ours, theirs}, merged),
                       merged.plan.version, {*target.there, *target.here});
    result_.merged.push_back({session, merged.plan.version, std::move(merged.renamed)});
  }

  [[noreturn]] void refuse_unrelated(const std::string& session) const {
    throw Error(ErrorKind::negative,
                fmt::format("plan '{}' here and that of remote '{}' have nothing in common",
                            text::printable(session), text::printable(shared_->remote())),
                Hint{"to see what is here, run: git plan show " + text::shell_quote(session)})
        .with_code("unrelated");
  }

  /// Something says its id.
  [[nodiscard]] bool is_begun(const PlanView& view, const Task& task) const {
    const auto index = view.plan().find(task.id);
    if (!index) return false;
    const auto at = static_cast<TaskIndex>(*index);
    const auto number = task_number(task.id);
    const auto claim =
        number ? shared_->seen(shared_->names().claim(view.session(), *number)) : std::nullopt;
    return view.task_branch(at) != nullptr || view.slot(at) != nullptr || view.in_flow(at) ||
           (number && done_ref(workspace_->repository(), view.session(), task.id)) ||
           (claim && is_own_claim(workspace_->repository(), *claim));
  }

  [[nodiscard]] git::Oid commit(const StoredPlan& theirs, const std::string& toml,
                                std::int64_t version,
                                const std::array<git::Oid, 2>& parents) const {
    const git::Repository& repository = workspace_->repository();
    const git::Oid tree =
        git::tree_with_file(repository, git::tree_of(repository, theirs.commit),
                            ref_names::plan_file, git::write_blob(repository, toml));
    return git::create_commit(repository, tree, parents,
                              fmt::format("Merge both sides' changes (v{})\n", version));
  }

  void bring_together(const std::string& flow, const Group& group) {
    if (group.is_own) require_flow(*workspace_, flow);
    if (group.is_own || !group.targets.empty()) publish(flow, group);
    std::map<std::string, std::optional<git::Oid>> before;
    const auto here = [&](const std::string& ref) {
      return git::read_ref(workspace_->repository(), ref);
    };
    before[ref_names::branch_ref(flow)] = here(ref_names::branch_ref(flow));
    for (const std::string& session : group.sessions)
      before[ref_names::plan_ref(session)] = here(ref_names::plan_ref(session));
    for (const std::string& session : group.sessions) {
      group.is_own ? follow_shared(*workspace_, session, flow)
                   : follow_theirs(*workspace_, session, flow);
    }
    for (const auto& [ref, commit] : before) {
      if (here(ref) != commit) result_.updated.push_back(ref_names::branch_name(ref));
    }
  }

  void publish(const std::string& flow, const Group& group) {
    std::vector<std::string> patterns{ref_names::branch_ref(flow)};
    for (const std::string& session : group.sessions) {
      patterns.push_back(ref_names::plan_ref(session));
      patterns.push_back(shared_->names().claims(session));
    }
    std::vector<std::string> pushed;
    Publishing publishing(workspace_->repository(), *shared_);
    publishing.write(flow, patterns, [&](const remote::Seen& seen) {
      remote::Transaction made;
      for (const auto& [ref, target] : group.targets) {
        if (seen.at(ref) != target.there) refuse_moved();
        made.moves.push_back({ref, target.there, target.to});
      }
      pushed.clear();
      for (const std::string& session : group.sessions)
        end_settled(*workspace_, session, seen, made);
      for (const auto& move : made.moves) pushed.push_back(move.ref);
      if (moves_flow(flow, made)) made.pre_push = remote::Push::PrePush::run;
      return made.moves.empty() ? std::nullopt : std::optional(made);
    });
    result_.pushed.insert(result_.pushed.end(), pushed.begin(), pushed.end());
  }

  static bool moves_flow(const std::string& flow, const remote::Transaction& made) {
    const std::string ref = ref_names::branch_ref(flow);
    return std::ranges::find(made.moves, ref, &remote::RefMove::ref) != made.moves.end();
  }

  [[noreturn]] static void refuse_moved() {
    throw Error(ErrorKind::lost_race, "the remote moved while both sides were brought together",
                Hint{"to go on from what it has now, run: git plan sync"});
  }

  Workspace* workspace_;
  const SharedRemote* shared_;
  SyncResult result_;
  std::optional<Error> failure_;
};

/// A remote without a beat is one that nobody shares through.
void refuse_unshared(const Workspace& workspace, const std::string& remote) {
  const auto shared = SharedRemote::through(workspace.repository(), workspace.config(), remote);
  const auto beats = fmt::format("{}beat/*", shared.names().prefix());
  if (!Publishing(workspace.repository(), shared).look({beats}).empty()) return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("no plan is shared through remote '{}'", text::printable(remote)),
      Hint{"to share those of this clone, run: git plan share " + text::shell_quote(remote)})
      .with_code("unshared");
}

std::string word_of(MergeConflict::Kind kind) {
  switch (kind) {
    case MergeConflict::Kind::removed:
      return "removed";
    case MergeConflict::Kind::id:
      return "id";
    case MergeConflict::Kind::key:
      break;
  }
  return "key";
}

}  // namespace

SyncResult sync(Workspace& workspace, const std::optional<std::string>& word) {
  const std::string remote = require_remote(workspace, word);
  if (workspace.config().text("plan.remote") != remote) {
    refuse_unshared(workspace, remote);
    git::set_config(workspace.repository(), "plan.remote", remote);
  }
  Workspace shared(workspace.settings(), workspace.notices());
  shared.begin_write();
  return Sync(shared, *shared.shared_remote()).run();
}

namespace {

Json merged_object(const MergedPlan& one) {
  Json renamed = Json::array();
  for (const RenamedTask& task : one.renamed)
    renamed.push_back(Json{{"from", task.from}, {"to", task.to}});
  return Json{{"plan_branch", plan_branch_text(one.session)},
              {"plan_version", version_text(one.version)},
              {"renamed", std::move(renamed)}};
}

Json conflict_object(const std::string& session, const MergeConflict& conflict) {
  Json entry{{"plan_branch", plan_branch_text(session)}, {"kind", word_of(conflict.kind)}};
  if (!conflict.task.empty()) entry["task"] = conflict.task;
  if (!conflict.key.empty()) entry["key"] = conflict.key;
  if (conflict.kind != MergeConflict::Kind::removed) {
    entry["ours"] = conflict.ours;
    entry["theirs"] = conflict.theirs;
  }
  return entry;
}

}  // namespace

Json to_json(const SyncResult& result) {
  Json object = new_object();
  object["success"] = result.success();
  object["remote"] = result.remote;
  object["plans"] = result.plans;
  object["updated"] = result.updated;
  object["pushed"] = result.pushed;
  object["merged"] = Json::array();
  object["renumbered"] = Json::array();
  for (const MergedPlan& one : result.merged) {
    object["merged"].push_back(merged_object(one));
    for (const RenamedTask& task : one.renamed) {
      object["renumbered"].push_back(Json{
          {"from", task.from}, {"to", task.to}, {"plan_branch", plan_branch_text(one.session)}});
    }
  }
  object["merged_flow"] = result.merged_flow;
  object["conflicts"] = Json::array();
  for (const PlanConflicts& one : result.conflicts) {
    for (const MergeConflict& conflict : one.conflicts)
      object["conflicts"].push_back(conflict_object(one.session, conflict));
  }
  for (const FlowConflict& one : result.flow_conflicts) {
    object["conflicts"].push_back(
        Json{{"kind", "flow"}, {"flow_branch", one.flow_branch}, {"paths", one.paths}});
  }
  return object;
}

}  // namespace gitplan::commands
