#include "commands/wave/worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/wave/live_worker.hpp"
#include "commands/wave/worker_process.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/worktrees.hpp"
#include "plan/estimate.hpp"
#include "plan/ids.hpp"
#include "session/kept_refs.hpp"
#include "session/select.hpp"
#include "session/slot_check.hpp"
#include "session/workspace.hpp"
#include "store/ledger.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

Claim claim_for(const Workspace& workspace, const std::string& branch, const git::Oid& tip) {
  Claim claim;
  claim.branch = branch;
  claim.since = now();
  const auto name = ref_names::parse_task_branch(branch);
  if (!name) return claim;
  if (const auto session = session_naming(workspace.repository(), tip, branch)) {
    claim.session = *session;
    claim.task = name->id;
  }
  return claim;
}

void refuse_held_task(const Workspace& workspace, int worker, const Claim& claim) {
  if (claim.session.empty()) return;
  const auto has_it = [&](const Slot& slot) {
    return slot.number != worker && slot.holds_its_task() && slot.claim &&
           slot.claim->session == claim.session && same_task(slot.claim->task, claim.task);
  };
  const auto worktrees = git::list_worktrees(workspace.repository());
  for (const Slot& slot : workspace.slots().elsewhere(worktrees)) {
    if (has_it(slot)) throw held_elsewhere(claim.task, slot);
  }
  for (const Slot& slot : workspace.slots().among(worktrees)) {
    if (!has_it(slot)) continue;
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("task '{}' is with worker {} already, in '{}'", claim.task, slot.number,
                    slot.path),
        Hint{fmt::format("to take it from there, run: git wave worker remove {}", slot.number)})
        .with_code("held");
  }
}

}  // namespace

int parse_worker(const std::string& word) {
  std::string_view digits = word;
  constexpr std::string_view prefix = "worker-";
  if (digits.starts_with(prefix)) digits.remove_prefix(prefix.size());
  int number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  constexpr int most_workers = 9999;
  if (error != std::errc{} || end != digits.data() + digits.size() || number < 1 ||
      number > most_workers) {
    throw Error(ErrorKind::usage,
                fmt::format("'{}' is no worker: 1 to {}", text::printable(word), most_workers),
                Hint{"to see the workers, run: git wave worker list"});
  }
  return number;
}

WorkerAdded add_worker(Workspace& workspace, int worker, const std::string& word) {
  workspace.begin_write();
  const std::string branch = ref_names::branch_name(word);
  Slot reserved;
  {
    const auto turn = workspace.slots().lock();
    const git::Oid tip = require_branch(workspace, branch);
    Claim claim = claim_for(workspace, branch, tip);
    refuse_held_task(workspace, worker, claim);
    refuse_live_worker(workspace, worker);
    reserved = workspace.slots().reserve(worker, std::move(claim));
  }
  workspace.slots().fill(reserved, workspace.settings().hooks);
  return {workspace.slots().at(worker), branch};
}

Json to_json(const WorkerAdded& added) {
  Json object = new_object();
  object["success"] = true;
  object["worker"] = std::to_string(added.slot.number);
  object["worktree_path"] = added.slot.path;
  object["absolute_path"] = added.slot.absolute_path;
  object["branch"] = added.branch;
  return object;
}

std::string remove_worker(Workspace& workspace, int worker) {
  workspace.begin_write();
  const Slot slot = workspace.slots().at(worker);
  if (slot.state == Slot::State::absent) {
    throw Error(ErrorKind::not_found, fmt::format("no worker {}", worker),
                Hint{"to see the workers, run: git wave worker list"});
  }
  refuse_live_worker(workspace, worker);
  workspace.slots().remove(slot, workspace.settings().hooks);
  return slot.path;
}

Json removed_object(const std::string& path) {
  Json object = new_object();
  object["success"] = true;
  object["message"] = "Removed worktree at " + path;
  return object;
}

PruneResult prune_workers(Workspace& workspace, std::optional<Seconds> expire) {
  workspace.begin_write();
  PruneResult result;
  for (const Slot& slot : workspace.slots().worktrees()) {
    if (slot.state != Slot::State::folder_gone) continue;
    workspace.slots().remove(slot, Hooks::skip);
    result.removed_worktrees.push_back(slot.path);
  }
  if (expire) {
    result.dropped_refs =
        drop_kept_refs(workspace.repository(), *expire, [](const git::Ref&) { return true; });
    delete_old_logs(workspace, *expire);
  }
  return result;
}

Json to_json(const PruneResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["removed_worktrees"] = result.removed_worktrees;
  object["dropped_refs"] = dropped_objects(result.dropped_refs);
  return object;
}

Seconds parse_age(const std::string& word) {
  if (word == "now" || word == "all") return now();
  if (word == "never") return 0;
  std::string plain = word;
  std::replace(plain.begin(), plain.end(), '.', ' ');
  constexpr std::string_view ago = " ago";
  if (plain.ends_with(ago)) plain.resize(plain.size() - ago.size());
  const auto seconds = parse_duration(plain);
  if (!seconds) {
    throw Error(
        ErrorKind::usage, fmt::format("'{}' is no age", text::printable(word)),
        Hint{"to drop what is older than two weeks, run: git wave worker prune --expire=2.weeks"});
  }
  return now() - static_cast<Seconds>(*seconds);
}

}  // namespace gitplan::commands
