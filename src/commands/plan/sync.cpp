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
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "remote/git_hub.hpp"
#include "session/claiming.hpp"
#include "session/done_refs.hpp"
#include "session/flow.hpp"
#include "session/guard.hpp"
#include "session/publishing.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// What a plan's branch is to be on both sides.
struct Target {
  std::optional<git::Oid> here;
  std::optional<git::Oid> there;
  git::Oid to;
};

class Sync {
 public:
  Sync(Workspace& workspace, const SharedRemote& shared)
      : workspace_(&workspace), shared_(&shared) {
    result_.remote = shared.remote();
  }

  SyncResult run() {
    fetch();
    std::map<std::string, std::vector<std::string>> by_flow;
    for (const std::string& session : sessions()) {
      if (const auto flow = flow_of(session)) by_flow[*flow].push_back(session);
    }
    for (const auto& [flow, sessions] : by_flow) bring_together(flow, sessions);
    return std::move(result_);
  }

 private:
  /// Beats first, by themselves: what is read after them is no older.
  void fetch() {
    Publishing publishing(workspace_->repository(), *shared_);
    const std::string prefix(shared_->names().prefix());
    publishing.look({prefix + "beat/*"});
    publishing.look({std::string(ref_names::plan_prefix) + "*", prefix + "claims/*"});
    std::set<std::string> branches;
    for (const std::string& session : sessions()) {
      if (const auto flow = flow_of(session)) branches.insert(ref_names::branch_ref(*flow));
    }
    std::vector<std::string> patterns(branches.begin(), branches.end());
    patterns.push_back(std::string(ref_names::task_prefix) + "*");
    publishing.look(patterns);
  }

  /// Those that the remote has, and those here that it was seen to have.
  [[nodiscard]] std::set<std::string> sessions() const {
    std::set<std::string> all;
    const auto seen = publishing_seen(std::string(ref_names::plan_prefix) + "*");
    for (const auto& [ref, object] : seen) {
      const std::string session = ref_names::session_of(ref);
      if (is_session(session)) all.insert(session);
    }
    return all;
  }

  [[nodiscard]] remote::SeenRefs publishing_seen(const std::string& pattern) const {
    return remote::last_seen(workspace_->repository(), shared_->remote(), shared_->names(),
                             std::array{pattern});
  }

  /// Nothing of a plan that cannot be read.
  [[nodiscard]] std::optional<std::string> flow_of(const std::string& session) const try {
    const auto seen = shared_->seen(ref_names::plan_ref(session));
    if (!seen) return std::nullopt;
    return workspace_->store().peek_at(session, *seen).plan.flow_branch;
  } catch (const Error& error) {
    workspace_->note(error.what());
    return std::nullopt;
  }

  void bring_together(const std::string& flow, const std::vector<std::string>& sessions) {
    result_.plans.insert(result_.plans.end(), sessions.begin(), sessions.end());
    require_flow(*workspace_, flow);
    for (const std::string& session : sessions) follow_shared(*workspace_, session, flow);
    if (has_diverged(flow)) return result_.diverged.push_back(flow);
    std::map<std::string, Target> targets;
    for (const std::string& session : sessions) add_target(session, targets);
    if (!result_.success()) return;
    publish(flow, targets);
    for (const auto& [session, target] : targets)
      git::compare_and_swap(workspace_->repository(), ref_names::plan_ref(session), target.here,
                            target.to, "plan sync");
  }

  [[nodiscard]] bool has_diverged(const std::string& flow) const {
    const auto here = git::read_ref(workspace_->repository(), ref_names::branch_ref(flow));
    const auto there = shared_->seen_branch(flow);
    return here && there && !git::is_ancestor(workspace_->repository(), *here, *there) &&
           !git::is_ancestor(workspace_->repository(), *there, *here);
  }

  void add_target(const std::string& session, std::map<std::string, Target>& targets) {
    const std::string ref = ref_names::plan_ref(session);
    const auto here = git::read_ref(workspace_->repository(), ref);
    const auto there = shared_->seen(ref);
    if (!here || !there || here == there) return;
    if (git::is_ancestor(workspace_->repository(), *there, *here)) {
      targets[session] = {here, there, *here};
    } else if (!git::is_ancestor(workspace_->repository(), *here, *there)) {
      merge(session, *here, *there, targets);
    }
  }

  void merge(const std::string& session, const git::Oid& here, const git::Oid& there,
             std::map<std::string, Target>& targets) {
    const auto base = git::merge_base(workspace_->repository(), here, there);
    if (!base) {
      throw Error(ErrorKind::negative,
                  fmt::format("plan '{}' here and that of remote '{}' have nothing in common",
                              text::printable(session), text::printable(shared_->remote())),
                  Hint{"to see what is here, run: git plan show " + text::shell_quote(session)})
          .with_code("unrelated");
    }
    const PlanStore& store = workspace_->store();
    const StoredPlan ours = store.load_at(session, here);
    const StoredPlan theirs = store.load_at(session, there);
    auto merged = merge_plans(store.load_at(session, *base).plan, ours.plan, theirs.plan,
                              [&](const Task& task) { return is_begun(ours, task); });
    if (!merged.conflicts.empty())
      return result_.conflicts.push_back({session, std::move(merged.conflicts)});
    refuse_new_errors(*workspace_, session, check_plan(theirs.plan, {}, {}, theirs.diagnostics),
                      check_plan(merged.plan, {}, {}, theirs.diagnostics));
    targets[session] = {here, there, commit(theirs, merged.plan, {there, here})};
    result_.merged.push_back({session, merged.plan.version, std::move(merged.renamed)});
  }

  /// Something here says its id.
  [[nodiscard]] bool is_begun(const StoredPlan& ours, const Task& task) const {
    const PlanView view(*workspace_, ours);
    const auto index = view.plan().find(task.id);
    if (!index) return false;
    const auto at = static_cast<TaskIndex>(*index);
    return view.task_branch(at) != nullptr || view.slot(at) != nullptr || view.in_flow(at) ||
           done_ref(workspace_->repository(), ours.session, task.id).has_value();
  }

  [[nodiscard]] git::Oid commit(const StoredPlan& theirs, const Plan& merged,
                                const std::array<git::Oid, 2>& parents) const {
    const git::Repository& repository = workspace_->repository();
    const std::string toml =
        toml_io::edit_plan(workspace_->store().text(theirs), theirs.plan, merged);
    const git::Oid tree =
        git::tree_with_file(repository, git::tree_of(repository, theirs.commit),
                            ref_names::plan_file, git::write_blob(repository, toml));
    return git::create_commit(repository, tree, parents,
                              fmt::format("Merge both sides' changes (v{})\n", merged.version));
  }

  void publish(const std::string& flow, const std::map<std::string, Target>& targets) {
    const std::string flow_ref = ref_names::branch_ref(flow);
    std::vector<std::string> patterns{flow_ref};
    for (const auto& [session, target] : targets) patterns.push_back(ref_names::plan_ref(session));
    const auto here = git::read_ref(workspace_->repository(), flow_ref);
    Publishing publishing(workspace_->repository(), *shared_);
    publishing.write(flow, patterns, [&](const remote::Seen& seen) {
      remote::Transaction made;
      const auto there = seen.at(flow_ref);
      if (here && there != here &&
          (!there || git::is_ancestor(workspace_->repository(), *there, *here)))
        made.moves.push_back({flow_ref, there, here});
      for (const auto& [session, target] : targets) {
        if (seen.at(ref_names::plan_ref(session)) != target.there) refuse_moved();
        made.moves.push_back({ref_names::plan_ref(session), target.there, target.to});
      }
      for (const auto& move : made.moves) result_.pushed.push_back(move.ref);
      return made.moves.empty() ? std::nullopt : std::optional(made);
    });
  }

  [[noreturn]] static void refuse_moved() {
    throw Error(ErrorKind::lost_race, "the remote moved while both sides were brought together",
                Hint{"to go on from what it has now, run: git plan sync"});
  }

  Workspace* workspace_;
  const SharedRemote* shared_;
  SyncResult result_;
};

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
  if (workspace.config().text("plan.remote") != remote)
    git::set_config(workspace.repository(), "plan.remote", remote);
  Workspace shared(workspace.settings(), workspace.notices());
  shared.begin_write();
  return Sync(shared, *shared.shared_remote()).run();
}

Json to_json(const SyncResult& result) {
  Json object = new_object();
  object["success"] = result.success();
  object["remote"] = result.remote;
  object["plans"] = result.plans;
  object["pushed"] = result.pushed;
  object["merged"] = Json::array();
  for (const MergedPlan& one : result.merged) {
    Json renamed = Json::array();
    for (const RenamedTask& task : one.renamed)
      renamed.push_back(Json{{"from", task.from}, {"to", task.to}});
    object["merged"].push_back(Json{{"plan_branch", plan_branch_text(one.session)},
                                    {"plan_version", version_text(one.version)},
                                    {"renamed", std::move(renamed)}});
  }
  object["conflicts"] = Json::array();
  for (const PlanConflicts& one : result.conflicts) {
    for (const MergeConflict& conflict : one.conflicts) {
      Json entry{{"plan_branch", plan_branch_text(one.session)}, {"kind", word_of(conflict.kind)}};
      if (!conflict.task.empty()) entry["task"] = conflict.task;
      if (!conflict.key.empty()) entry["key"] = conflict.key;
      object["conflicts"].push_back(std::move(entry));
    }
  }
  object["diverged"] = result.diverged;
  return object;
}

}  // namespace gitplan::commands
