#include "commands/plan/share.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/flow.hpp"
#include "session/publishing.hpp"
#include "session/remotes.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

using Views = std::vector<std::unique_ptr<PlanView>>;

std::vector<std::string> lines_of_git(const Workspace& workspace, std::vector<std::string> words) {
  git::Command command;
  command.arguments = {"--git-dir=" + workspace.repository().git_dir()};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  const auto outcome = git::run_git(command);
  std::vector<std::string> lines;
  for (const std::string_view line : text::split(outcome.output, '\n')) {
    if (!line.empty()) lines.emplace_back(line);
  }
  return lines;
}

[[noreturn]] void refuse_remote(const std::string& remote, const std::string& why) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("remote '{}' cannot be shared through: {}", text::printable(remote), why),
              Hint{"to see how it is set up, run: git remote show -n " + text::shell_quote(remote)})
      .with_code("remote_unfit");
}

/// What a push to several places, or another place than is read from, binds is only the first.
void refuse_unfit(const Workspace& workspace, const std::string& remote) {
  const auto pushed = lines_of_git(workspace, {"remote", "get-url", "--push", "--all", remote});
  const auto read = lines_of_git(workspace, {"remote", "get-url", "--all", remote});
  if (pushed.size() > 1) refuse_remote(remote, "it has several push URLs");
  if (!pushed.empty() && !read.empty() && pushed.front() != read.front())
    refuse_remote(remote, "its push URL is another one than its URL");
  if (workspace.config().boolean(fmt::format("remote.{}.mirror", remote)).value_or(false))
    refuse_remote(remote, "it is a mirror");
}

/// A host that was killed in a push has moved refs in the order of their names: flow goes first.
void refuse_late_flow(const std::string& flow_branch) {
  if (flow_branch < "plan/") return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("flow branch '{}' sorts after 'plan/': what a host that was cut off in a "
                          "push took could not be told",
                          text::printable(flow_branch)),
              Hint{"for plans of another flow branch, run: git plan create --flow=flow"})
      .with_code("flow_name");
}

Views chosen(Workspace& workspace, const std::vector<std::string>& words) {
  Views views;
  for (const std::string& word : words) views.push_back(select_plan(workspace, Access::read, word));
  if (!words.empty()) return views;
  for (const PlanTip& tip : workspace.store().list()) {
    auto view = std::make_unique<PlanView>(workspace, workspace.store().load(tip.session));
    if (!view->is_finished()) views.push_back(std::move(view));
  }
  return views;
}

[[noreturn]] void refuse_diverged(const std::string& branch, const std::string& remote) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' and that of remote '{}' have both moved", text::printable(branch),
                          text::printable(remote)),
              Hint{"to bring both together, run: git plan sync " + text::shell_quote(remote)})
      .with_code("diverged");
}

/// Of one flow branch, all in one push.
class Sharer {
 public:
  Sharer(Workspace& workspace, const SharedRemote& shared, std::string flow_branch,
         std::vector<const PlanView*> views)
      : workspace_(&workspace),
        shared_(&shared),
        flow_branch_(std::move(flow_branch)),
        views_(std::move(views)) {}

  std::vector<std::string> run() {
    Publishing publishing(workspace_->repository(), *shared_);
    publishing.write(
        flow_branch_, patterns(), [this](const remote::Seen& seen) { return decide(seen); },
        Asking::first);
    return pushed_;
  }

 private:
  [[nodiscard]] std::vector<std::string> patterns() const {
    std::vector<std::string> all{ref_names::branch_ref(flow_branch_),
                                 std::string(ref_names::task_prefix) + "*"};
    for (const PlanView* view : views_) {
      all.push_back(ref_names::plan_ref(view->session()));
      all.push_back(shared_->names().claims(view->session()));
    }
    return all;
  }

  std::optional<remote::Transaction> decide(const remote::Seen& seen) {
    remote::Transaction made;
    move_up(seen, ref_names::branch_ref(flow_branch_), made);
    for (const PlanView* view : views_) {
      move_up(seen, ref_names::plan_ref(view->session()), made);
      for (TaskIndex i = 0; i < view->size(); ++i) add_task(seen, *view, i, made);
    }
    pushed_.clear();
    for (const auto& move : made.moves) pushed_.push_back(move.ref);
    made.moves.push_back(
        {shared_->names().beat(flow_branch_), seen.beat,  // asks by a push
         remote::write_beat(workspace_->repository(), seen.beat, shared_->machine())});
    return made;
  }

  /// To where it is here; nothing where the remote is there, or further.
  void move_up(const remote::Seen& seen, const std::string& ref, remote::Transaction& made) const {
    const git::Repository& repository = workspace_->repository();
    const auto here = git::read_ref(repository, ref);
    const auto there = seen.at(ref);
    if (!here || there == here) return;
    if (there && git::is_ancestor(repository, *here, *there)) return;
    if (there && !git::is_ancestor(repository, *there, *here))
      refuse_diverged(ref_names::branch_name(ref), shared_->remote());
    made.moves.push_back({ref, there, here});
  }

  void add_task(const remote::Seen& seen, const PlanView& view, TaskIndex index,
                remote::Transaction& made) const {
    if (view.status(index) != Status::in_progress) return;
    if (const TaskBranch* branch = view.task_branch(index))
      move_up(seen, ref_names::branch_ref(branch->name), made);
    const Slot* slot = view.slot(index);
    const auto number = task_number(view.task(index).id);
    if (slot == nullptr || !number) return;
    const std::string ref = shared_->names().claim(view.session(), *number);
    if (seen.at(ref)) return;
    const TaskBranch* branch = view.task_branch(index);
    add_claim(workspace_->repository(), *shared_, view,
              {index, slot->number, branch != nullptr ? branch->name : ""}, std::nullopt, made);
  }

  Workspace* workspace_;
  const SharedRemote* shared_;
  std::string flow_branch_;
  std::vector<const PlanView*> views_;
  std::vector<std::string> pushed_;
};

/// The host's words say why: nothing of ours is wrong, and nothing has changed.
std::vector<std::string> share_or_refuse(Sharer sharer, const std::string& remote) try {
  return sharer.run();
} catch (const Error& error) {
  if (error.code() != "remote_refused") throw;
  refuse_remote(remote, error.what());
}

}  // namespace

std::string require_remote(const Workspace& workspace, const std::optional<std::string>& word) {
  const auto known = remotes_of(workspace.repository());
  if (word && known.contains(*word)) return *word;
  if (!word) {
    const auto shared = workspace.config().text("plan.remote").value_or("");
    if (known.contains(shared)) return shared;
    if (known.size() == 1) return *known.begin();
    if (known.contains("origin")) return "origin";
  }
  throw Error(ErrorKind::not_found,
              word ? fmt::format("there is no remote '{}'", text::printable(*word))
                   : std::string("there is no remote to share through"),
              Hint{"to see those that there are, run: git remote -v"});
}

ShareResult share_plans(Workspace& workspace, const ShareRequest& request) {
  workspace.begin_write();
  ShareResult result;
  result.remote = require_remote(workspace, request.remote);
  refuse_unfit(workspace, result.remote);
  const SharedRemote shared =
      SharedRemote::through(workspace.repository(), workspace.config(), result.remote);
  result.machine = shared.machine();
  const Views views = chosen(workspace, request.plans);
  std::map<std::string, std::vector<const PlanView*>> by_flow;
  for (const auto& view : views) {
    by_flow[view->plan().flow_branch].push_back(view.get());
    result.plans.push_back(view->session());
  }
  if (views.empty()) by_flow[select_flow(workspace)];
  for (const auto& [flow, of_flow] : by_flow) {
    refuse_late_flow(flow);
    require_flow(workspace, flow);
  }
  for (const auto& [flow, of_flow] : by_flow) {
    const auto pushed = share_or_refuse({workspace, shared, flow, of_flow}, result.remote);
    result.pushed.insert(result.pushed.end(), pushed.begin(), pushed.end());
  }
  if (workspace.config().text("plan.remote") != result.remote)
    git::set_config(workspace.repository(), "plan.remote", result.remote);
  return result;
}

Json to_json(const ShareResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["remote"] = result.remote;
  object["machine"] = result.machine;
  object["plans"] = result.plans;
  object["pushed"] = result.pushed;
  return object;
}

}  // namespace gitplan::commands
