#include <fmt/format.h>

#include <array>
#include <filesystem>
#include <set>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/claiming.hpp"
#include "session/view.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

namespace fs = std::filesystem;

std::string shown_remote(const SharedRemote& shared) {
  return fmt::format("remote '{}'", text::printable(shared.remote()));
}

/// False: nothing more can be asked of it.
bool check_reached(const SharedRemote& shared, remote::HubOverGit& hub, Problems& problems) {
  const std::array<std::string, 1> beats{fmt::format("{}beat/*", shared.names().prefix())};
  const auto looked = hub.list(beats);
  if (const auto* away = std::get_if<remote::NotReached>(&looked)) {
    problems.push_back(
        {"remote_unreachable",
         fmt::format("{} cannot be reached: {}", shown_remote(shared), away->words),
         "to see whether it answers, run: git ls-remote " + text::shell_quote(shared.remote())});
    return false;
  }
  if (!std::get<remote::SeenRefs>(looked).empty()) return true;
  problems.push_back(
      {"unshared", fmt::format("{} shares no plan", shown_remote(shared)),
       "to share those that are here, run: git plan share " + text::shell_quote(shared.remote())});
  return false;
}

void check_atomic(const SharedRemote& shared, remote::HubOverGit& hub, Problems& problems) {
  if (hub.takes_atomic_pushes()) return;
  problems.push_back({"remote_not_atomic",
                      fmt::format("{} takes no atomic pushes", shown_remote(shared)),
                      "to have it take them, run there: git config receive.advertiseAtomic true"});
}

/// Those of refs and of packed-refs, in a repository that is a folder here.
std::set<std::string> locks_in(const fs::path& folder) {
  std::set<std::string> locks;
  std::error_code error;
  const auto add = [&](const fs::path& path) {
    std::error_code ignored;
    if (path.extension() == ".lock" && fs::is_regular_file(path, ignored))
      locks.insert(path.string());
  };
  add(folder / "packed-refs.lock");
  add(folder / "HEAD.lock");
  for (const auto& entry : fs::recursive_directory_iterator(
           folder / "refs", fs::directory_options::skip_permission_denied, error))
    add(entry.path());
  return locks;
}

/// A push that died there leaves them, and only the keeper of the host can remove them. Of one that
/// is reached over a network nobody sees them before a push.
void check_host_locks(const Workspace& workspace, const SharedRemote& shared, Problems& problems) {
  const auto url = workspace.config().text(fmt::format("remote.{}.url", shared.remote()));
  std::error_code error;
  if (!url || !fs::is_directory(*url, error)) return;
  const fs::path inner = fs::path(*url) / ".git";
  for (const std::string& path :
       locks_in(fs::is_directory(inner, error) ? inner : fs::path(*url))) {
    const auto written = fs::last_write_time(path, error);
    constexpr std::chrono::seconds a_push(60);
    if (error || fs::file_time_type::clock::now() - written < a_push) continue;
    problems.push_back({"remote_locked",
                        fmt::format("{} has lock '{}', which no push of a minute holds",
                                    shown_remote(shared), text::printable(path)),
                        "if no git runs there, run: rm -f " + text::shell_quote(path)});
  }
}

void check_host(const Workspace& workspace, const SharedRemote& shared, Problems& problems) {
  remote::HubOverGit hub(workspace.repository(), shared.remote(), shared.names());
  if (!check_reached(shared, hub, problems)) return;
  check_atomic(shared, hub, problems);
  check_host_locks(workspace, shared, problems);
}

/// What is here and was not seen there.
void check_published(const Workspace& workspace, const SharedRemote& shared,
                     const std::string& branch, Problems& problems) {
  const git::Repository& repository = workspace.repository();
  const auto here = git::read_ref(repository, ref_names::branch_ref(branch));
  const auto there = shared.seen_branch(branch);
  if (!here || !there || git::is_ancestor(repository, *here, *there)) return;
  const bool is_ahead = git::is_ancestor(repository, *there, *here);
  problems.push_back({is_ahead ? "unpublished" : "diverged",
                      is_ahead ? fmt::format("'{}' has what {} does not have",
                                             text::printable(branch), shown_remote(shared))
                               : fmt::format("'{}' and that of {} have both moved",
                                             text::printable(branch), shown_remote(shared)),
                      "to bring both together, run: git plan sync"});
}

/// Longer than any lease. By the clock of who made it: for people.
bool is_old(const remote::Claim& claim) {
  return now() - claim.renewed > remote::longest_lease.count();
}

void check_claim(const PlanView& view, TaskIndex index, Problems& problems) {
  const SeenClaim* claim = view.claimed_elsewhere(index);
  if (claim == nullptr || !claim->standing.claim || !is_old(*claim->standing.claim)) return;
  const std::string task = fmt::format("{}/{}", view.session(), view.task(index).id);
  problems.push_back(
      {"old_claim",
       fmt::format("task '{}' is claimed by {}, and was not renewed for a day or longer",
                   text::printable(task), describe(*claim)),
       fmt::format("to take it over, run: git task start --take {}", text::shell_quote(task))});
}

/// Of tasks that are over.
void check_settled(const SharedRemote& shared, const PlanView& view, Problems& problems) {
  for (const auto& [number, claim] : shared.claims(view.session())) {
    const auto found = view.plan().find(format_task_id(number));
    if (!found) continue;
    const Status status = view.status(static_cast<TaskIndex>(*found));
    if (status == Status::pending || status == Status::in_progress) continue;
    problems.push_back({"settled_claim",
                        fmt::format("task '{}/{}' is over, but still claimed by {}", view.session(),
                                    format_task_id(number), describe(claim)),
                        "to end such claims, run: git plan sync"});
  }
}

}  // namespace

void check_remote(const Workspace& workspace, Problems& problems) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  check_host(workspace, *shared, problems);
  std::set<std::string> flows;
  for (const PlanTip& tip : workspace.store().list()) {
    check_published(workspace, *shared, ref_names::plan_branch(tip.session), problems);
    const PlanView view(workspace, workspace.store().load_at(tip.session, tip.commit));
    flows.insert(view.plan().flow_branch);
    for (TaskIndex i = 0; i < view.size(); ++i) check_claim(view, i, problems);
    check_settled(*shared, view, problems);
  }
  for (const std::string& flow : flows) check_published(workspace, *shared, flow, problems);
}

}  // namespace gitplan::commands
