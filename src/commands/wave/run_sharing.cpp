#include "commands/wave/run_sharing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "commands/wave/keeper_news.hpp"
#include "commands/wave/worker_care.hpp"
#include "commands/wave/worker_process.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/done_refs.hpp"
#include "session/following.hpp"
#include "session/push_pace.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

std::string hex_of(const std::optional<git::Oid>& oid) { return oid ? oid->hex() : "-"; }

/// What is kept of slots.
std::vector<std::string> rescued(const git::Repository& repository) {
  std::vector<std::string> refs;
  for (git::Ref& ref : git::list_refs(repository, std::string(ref_names::rescue_prefix)))
    refs.push_back(std::move(ref.name));
  return refs;
}

}  // namespace

RunSharing::RunSharing(const Workspace& workspace, KeptPlan plan, schedule::Overlapping overlapping)
    : plan_(std::move(plan)) {
  most_pushes(workspace);
  wants_.run = new_run_name();
  wants_.process = git::announced_process(workspace.repository());
  wants_.lease = lease_time(workspace);
  wants_.overlapping = overlapping;
  wants_.stands_on = "0";
  write_wants(workspace, wants_);
}

void RunSharing::want(const Workspace& workspace, const supervisor::Claimable& claimable) {
  const git::Repository& repository = workspace.repository();
  const std::string state =
      fmt::format("{} {}", hex_of(flow_tip(workspace, plan_.flow_branch)),
                  hex_of(git::read_ref(repository, ref_names::plan_ref(plan_.session))));
  RunWants wants = wants_;
  wants.room = claimable.room;
  wants.but = claimable.but;
  wants.only = claimable.only;
  wants.stands_on = fmt::format("{} {}", changes_, state);
  if (wants == wants_) return;
  wants.stands_on = fmt::format("{} {}", ++changes_, state);
  wants_ = std::move(wants);
  write_wants(workspace, wants_);
}

std::optional<supervisor::KeeperNews> RunSharing::said(std::string_view line) {
  auto news = parse_keeper_news(line);
  if (!news) return std::nullopt;
  if (const auto* seen_to = std::get_if<supervisor::SeenTo>(&*news)) {
    seen_to_ = seen_to->stands_on;
    waits_ = seen_to->waits;
  }
  return news;
}

bool RunSharing::is_ours(const Workspace& workspace, const PlanView& view, TaskIndex task) const {
  const SharedRemote& shared = *workspace.shared_remote();
  const auto claims = shared.claims(view.session());
  const auto found = claims.find(task_number(view.task(task).id).value_or(0));
  if (found == claims.end() || !found->second.is_own || !found->second.standing.claim) return false;
  const std::string& run = found->second.standing.claim->run;
  return run == wants_.run || !is_run_alive(workspace, run);
}

/// What is unsaved in it is rescued.
void RunSharing::empty_slot(Workspace& workspace, const WorkerRecord& record) const {
  try {
    const Slot slot = workspace.slots().at(record.worker);
    if (slot.state != Slot::State::absent && is_with(slot, record))
      workspace.slots().remove(slot, workspace.settings().hooks);
  } catch (const Error& error) {
    workspace.warn({Severity::warning, "not_removed", error.what(), record.task, std::nullopt});
  }
  worker_records(workspace).erase(record.worker);
}

std::string RunSharing::keep_lost(Workspace& workspace, const WorkerRecord& record) const {
  workspace.begin_write();
  if (record.phase != WorkerRecord::Phase::done) empty_slot(workspace, record);
  const auto flow = flow_tip(workspace, plan_.flow_branch);
  const auto kept = release_done(workspace.repository(), plan_.session, record.task, flow);
  if (kept) return *kept;
  if (record.branch.empty()) return {};
  return keep_lost_branch(workspace, plan_, record.task, record.branch).value_or("");
}

void RunSharing::end(Workspace& workspace, const std::vector<WorkerRecord>& left) const {
  workspace.begin_write();
  const auto before = rescued(workspace.repository());
  for (const WorkerRecord& record : left) empty_slot(workspace, record);
  auto saved = rescued(workspace.repository());
  std::erase_if(saved,
                [&](const std::string& ref) { return std::ranges::binary_search(before, ref); });
  try {
    give_back_claims(workspace, plan_, wants_.claimed_by(), saved);
  } catch (const Error& error) {
    workspace.note(fmt::format("claims were not given back, and expire: {}", error.what()));
  }
  forget_wants(workspace, wants_.run);
}

}  // namespace gitplan::commands
