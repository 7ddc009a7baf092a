#include "session/shared_reset.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/claiming.hpp"
#include "session/publishing.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {

void publish_reset(const Workspace& workspace, const PlanView& view, TaskIndex index,
                   const std::string& branch, std::span<const std::string> attempts) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  const std::string claim =
      shared->names().claim(view.session(), task_number(view.task(index).id).value_or(0));
  const std::string branch_ref = ref_names::branch_ref(branch);
  bool may_delete = true;
  const auto decide = [&](const remote::Seen& seen) {
    remote::Transaction made;
    const auto standing = seen.at(claim);
    if (standing && is_own_claim(workspace.repository(), *standing))
      made.moves.push_back({claim, standing, std::nullopt});
    for (const std::string& kept : attempts) {
      const auto there = shared->names().shared(kept, shared->machine());
      const auto commit = git::read_ref(workspace.repository(), kept);
      if (there && commit) made.moves.push_back({*there, std::nullopt, commit});
    }
    const auto begun = branch.empty() || !may_delete ? std::nullopt : shared->seen(branch_ref);
    if (begun) made.moves.push_back({branch_ref, begun, std::nullopt});
    return made.moves.empty() ? std::nullopt : std::optional(made);
  };
  Publishing publishing(workspace.repository(), *shared);
  const auto write = [&] {
    publishing.write(view.plan().flow_branch, {shared->names().claims(view.session())}, decide);
  };
  try {
    write();
  } catch (const Error& error) {
    if (error.code() != "remote_refused" || branch.empty()) throw;
    may_delete = false;
    write();
    workspace.note(fmt::format("branch '{}' stays on remote '{}': {}", text::printable(branch),
                               text::printable(shared->remote()), error.what()));
  }
}

}  // namespace gitplan
