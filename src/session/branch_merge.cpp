#include "session/branch_merge.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/required_filters.hpp"
#include "git/usable_paths.hpp"
#include "session/flow_refusal.hpp"
#include "session/verification.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Files where the workers' worktrees stand would be written into them.
void refuse_slots_as_files(const Workspace& workspace, const MergedThing& merged,
                           const git::Oid& before, const git::Oid& merge) {
  const git::Repository& repository = workspace.repository();
  const auto& folder = workspace.slots().place().in_main;
  if (!folder) return;
  const auto known = git::entry_at(repository, git::tree_of(repository, before), *folder);
  const auto found = git::entry_at(repository, git::tree_of(repository, merge), *folder);
  if (!found || (known && known->oid == found->oid)) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("{} has files in '{}', where the workers' worktrees stand; "
                          "nothing was merged",
                          merged.name, text::printable(*folder)),
              Hint{fmt::format("to see them, run: git ls-tree -r {} {}/",
                               text::shell_quote(merged.revision), text::shell_quote(*folder))})
      .with_code("in_slots_folder");
}

std::string unusable_words(const std::string& path) {
  if (path.empty()) return "millions of new paths";
  return fmt::format("{}'{}'", path.ends_with('/') ? "millions of new paths below " : "",
                     text::printable(path));
}

/// Git would take them into no checkout: no task could start any more.
void refuse_unusable_paths(const Workspace& workspace, const MergedThing& merged,
                           const git::Oid& before, const git::Oid& merge) {
  const auto path = git::unusable_path(workspace.repository(), before, merge);
  if (!path) return;
  throw Error(ErrorKind::wrong_state,
              fmt::format("{} has {}, which no checkout can hold; {}", merged.name,
                          unusable_words(*path), merged.undone),
              Hint{fmt::format("to see what it brings, run: git ls-tree -r {}",
                               text::shell_quote(merged.revision))})
      .with_code("unusable_path");
}

/// So would files that a filter cannot write.
void refuse_failing_filters(const Workspace& workspace, const MergedThing& merged,
                            const git::Oid& before, const git::Oid& merge) {
  const auto problems = git::filter_problems(workspace.repository(), before, merge);
  if (problems.empty()) return;
  std::vector<std::string> messages{
      fmt::format("{} has files that git cannot check out; {}", merged.name, merged.undone)};
  for (const std::string& line : problems) messages.push_back("git: " + text::printable(line));
  throw Error(ErrorKind::wrong_state, std::move(messages),
              {Hint{fmt::format("to see what it brings, run: git ls-tree -r {}",
                                text::shell_quote(merged.revision))}})
      .with_code("filter_failed");
}

/// False: it was moved by somebody else.
bool move_branch(const Workspace& workspace, const MergeInto& request, const git::Oid& from,
                 const git::Oid& to) {
  if (request.publish) return request.publish(from, to);
  const auto advanced = git::advance_branch(
      workspace.repository(), ref_names::branch_ref(request.branch), from, to, request.reflog);
  if (advanced.update == git::FlowUpdate::lost_race) return false;
  if (advanced.update != git::FlowUpdate::moved)
    refuse_advance(request.branch, advanced, request.again, request.merged.undone);
  return true;
}

/// Made, verified and published; nothing where something moved on meanwhile.
std::optional<BranchMerge> try_once(Workspace& workspace, const MergeInto& request) {
  const git::Repository& repository = workspace.repository();
  const git::Oid tip = request.tip();
  Made made = request.make(tip);
  if (std::holds_alternative<AlreadyMerged>(made)) return AlreadyMerged{};
  if (auto* conflicts = std::get_if<git::Conflicts>(&made))
    return MergeConflicts{std::move(conflicts->paths)};
  const git::Oid merge = std::get<git::Merged>(made).commit;
  refuse_unfit_merge(workspace, request.merged, tip, merge);
  if (request.verify) {
    const int status = verify(workspace, merge, *request.verify);
    if (status != 0) return VerificationFailed{status};
  }
  if (!request.is_current() || !move_branch(workspace, request, tip, merge)) return std::nullopt;
  git::heal_after_gc(repository);
  workspace.detail(fmt::format("'{}' moved from {} to {}", text::printable(request.branch),
                               tip.abbreviated(), merge.abbreviated()));
  return MergedCommit{merge};
}

[[noreturn]] void refuse_restless(const Workspace& workspace, const std::string& branch) {
  throw Error(ErrorKind::lost_race,
              fmt::format("commits keep coming while '{}' is merged into", text::printable(branch)),
              Hint{"to see them, run: git log " +
                   text::shell_quote(git::branch_word(workspace.repository(), branch))});
}

}  // namespace

bool is_merged(const BranchMerge& merge) {
  return std::holds_alternative<MergedCommit>(merge) ||
         std::holds_alternative<AlreadyMerged>(merge);
}

void refuse_unfit_merge(const Workspace& workspace, const MergedThing& merged,
                        const git::Oid& before, const git::Oid& merge) {
  refuse_unusable_paths(workspace, merged, before, merge);
  refuse_slots_as_files(workspace, merged, before, merge);
  refuse_failing_filters(workspace, merged, before, merge);
}

BranchMerge merge_into(Workspace& workspace, const MergeInto& request) {
  std::optional<git::NamedLock> turn;
  // A verification may take minutes: others may publish meanwhile, a few times at most.
  constexpr int patient_tries = 3;
  constexpr int most_tries = 100;
  for (int attempt = 0; attempt < most_tries; ++attempt) {
    if (!turn && (!request.verify || attempt >= patient_tries))
      turn.emplace(workspace.repository(), "flow", std::chrono::minutes(10));
    if (auto outcome = try_once(workspace, request)) return *std::move(outcome);
  }
  refuse_restless(workspace, request.branch);
}

}  // namespace gitplan
