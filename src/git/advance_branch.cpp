#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/checkout_changes.hpp"
#include "git/checkout_journal.hpp"
#include "git/complaint.hpp"
#include "git/follower.hpp"
#include "git/index_lock.hpp"
#include "git/lock.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/ref_files.hpp"
#include "git/refs.hpp"
#include "git/repair_checkout.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto kLockPatience = 2s;
constexpr auto kProgramPatience = 10s;
constexpr auto kNap = 20ms;

using Paths = std::vector<std::string>;

FlowResult swap(const Repository& repository, const CheckoutJournal& move) {
  const auto expected = move.before.is_zero() ? std::nullopt : std::optional(move.before);
  const SwapResult result =
      compare_and_swap(repository, move.branch, expected, move.after, move.reflog_message);
  return {result == SwapResult::swapped ? FlowUpdate::moved : FlowUpdate::lost_race, "", {}};
}

// The options and settings take back what the user's config may say of merges made by hand. A
// branch may have "=" in its name, so its own options go through --config-env.
Command fast_forward_command(const CheckoutJournal& journal) {
  const std::string branch = journal.branch.substr(journal.branch.find('/', 5) + 1);
  Command command = git_as_user(
      journal.checkout,
      {"-c", "maintenance.auto=false", "-c", "merge.autoStash=false", "-c", "pull.twohead=ort",
       "-c", "core.filesRefLockTimeout=2000",
       "--config-env=branch." + branch + ".mergeOptions=GIT_PLAN_MERGE_OPTIONS", "merge",
       "--ff-only", "--no-overwrite-ignore", "--no-squash", "--commit", "--no-autostash",
       "--no-edit", "--no-stat", "--no-verify-signatures", journal.after.hex()});
  command.environment.emplace_back("GIT_PLAN_MERGE_OPTIONS", "--ff-only");
  command.environment.emplace_back("GIT_REFLOG_ACTION", journal.reflog_message);
  command.environment.emplace_back("GIT_EDITOR", "true");
  return command;
}

LockNote note_locks(const Repository& repository, const CheckoutJournal& journal,
                    LockNote::Taken taken) {
  const std::string& admin = journal.checkout.admin_folder;
  return {repository,
          {index_lock(journal.checkout), admin + "/HEAD.lock", admin + "/ORIG_HEAD.lock",
           repository.common_dir() + "/" + journal.branch + ".lock"},
          taken};
}

void repair_with_note(const Repository& repository, const CheckoutJournal& journal) {
  const LockNote note = note_locks(repository, journal, LockNote::Taken::repeatedly);
  repair_checkout(repository, journal);
}

// On a full disk, say, or beside another git program, there is no way back now: the journal stays
// for the next command.
void put_right(const Repository& repository, const CheckoutJournal& journal) try {
  repair_with_note(repository, journal);
} catch (const Error& error) {
  throw Error(
      error.kind(),
      {fmt::format("the checkout in '{}' stands between two commits", journal.checkout.path),
       error.what()},
      {Hint{"when that is mended, to put the checkout right, run: git plan doctor --fix"}})
      .with_code("unfinished_checkout");
}

// One attempt, with its journal from before the first change to after the last.
Outcome merge_with_journal(const Repository& repository, const CheckoutJournal& journal) {
  const LockNote note = note_locks(repository, journal, LockNote::Taken::once);
  const Fd file = write_checkout_journal(repository, journal);
  const IndexLockWatch lock(journal.checkout);
  Command command = fast_forward_command(journal);
  command.note_fd = file.get();
  Outcome outcome = run_git(command);
  if (!outcome.ok()) {
    lock.clear_after(outcome);
    put_right(repository, journal);
  }
  remove_checkout_journal(repository);
  return outcome;
}

// "error: The following untracked working tree files would be overwritten by merge:" and lines with
// a tab.
Paths paths_that_git_names(const Outcome& outcome) {
  Paths paths;
  bool listing = false;
  for (const std::string_view line : text::split(outcome.errors, '\n')) {
    if (listing && line.starts_with('\t')) {
      paths.emplace_back(line.substr(1));
    } else {
      listing = line.starts_with("error: ") && line.ends_with(':');
    }
  }
  std::ranges::sort(paths);
  return paths;
}

bool has_arrived(const Repository& repository, const CheckoutJournal& journal) {
  const std::optional<Oid> tip = read_ref(repository, journal.branch);
  if (!tip) return false;
  return *tip == journal.after ||
         (*tip != journal.before && is_ancestor(repository, journal.after, *tip));
}

// A stash does not put conflicts aside, so they are told from changes.
FlowResult blocked_by(const CheckoutJournal& journal, Paths changes) {
  const std::string& path = journal.checkout.path;
  Paths conflicts = unmerged_paths(journal.checkout);
  if (!conflicts.empty()) return {FlowUpdate::conflicted, path, std::move(conflicts)};
  return {FlowUpdate::blocked, path, std::move(changes)};
}

Paths local_changes(const Repository& repository, const CheckoutJournal& journal) {
  return paths_in_the_way(journal.checkout,
                          changes_between(repository, journal.before, journal.after));
}

FlowResult judge_refusal(const Repository& repository, const CheckoutJournal& journal,
                         const Outcome& outcome) {
  if (read_ref(repository, journal.branch) != journal.before)
    return {FlowUpdate::lost_race, "", {}};
  Paths changes = local_changes(repository, journal);
  if (changes.empty()) changes = paths_that_git_names(outcome);
  FlowResult result = blocked_by(journal, std::move(changes));
  if (!result.paths.empty()) return result;
  throw complaint(fmt::format("git merge in '{}'", journal.checkout.path), outcome);
}

FlowResult fast_forward(const Repository& repository, const CheckoutJournal& journal) {
  const auto deadline = Clock::now() + kLockPatience;
  if (read_ref(repository, journal.branch) != journal.before)
    return {FlowUpdate::lost_race, "", {}};
  Paths changes = local_changes(repository, journal);
  if (!changes.empty()) return blocked_by(journal, std::move(changes));
  for (;;) {
    wait_for_index_lock(journal.checkout);
    const Outcome outcome = merge_with_journal(repository, journal);
    if (has_arrived(repository, journal)) return {};
    if (outcome.ok()) return {FlowUpdate::lost_race, "", {}};
    if (!met_a_lock(outcome)) return judge_refusal(repository, journal, outcome);
    if (Clock::now() >= deadline) give_up_on_index_lock(journal.checkout);
    std::this_thread::sleep_for(kNap);
  }
}

void wait_for_programs(const Repository& repository, const CheckoutJournal& journal) {
  const auto deadline = Clock::now() + kProgramPatience;
  while (is_at_work(repository, journal)) {
    if (Clock::now() >= deadline) {
      throw Error(ErrorKind::lost_race,
                  fmt::format("a git process is still at work in '{}'", journal.checkout.path),
                  Hint{"to see who, run: pgrep -a git"});
    }
    std::this_thread::sleep_for(kNap);
  }
}

}  // namespace

void recover_checkout(const Repository& repository) {
  if (!has_checkout_journal(repository)) return;
  const NamedLock lock(repository, "checkout");
  const std::optional<CheckoutJournal> journal = read_checkout_journal(repository);
  if (journal) {
    // A branch that has moved leaves nothing to wait for: only hooks run after that.
    if (read_ref(repository, journal->branch) != journal->after)
      wait_for_programs(repository, *journal);
    clear_stale_locks(repository);
    repair_with_note(repository, *journal);
  }
  remove_checkout_journal(repository);
}

FlowResult advance_branch(const Repository& repository, const std::string& branch,
                          const Oid& expected, const Oid& desired,
                          const std::string& reflog_message) {
  recover_checkout(repository);
  const std::string target = follow_symbolic(repository, branch);
  CheckoutJournal move{target, expected, desired, {}, reflog_message, {}};
  if (expected.is_zero()) return swap(repository, move);
  auto follower = follower_of(repository, target);
  if (auto* refusal = std::get_if<FlowResult>(&follower)) return std::move(*refusal);
  const auto& checkout = std::get<std::optional<Checkout>>(follower);
  if (!checkout) return swap(repository, move);
  move.checkout = *checkout;
  const NamedLock lock(repository, "checkout");
  recover_checkout(repository);
  return fast_forward(repository, move);
}

}  // namespace gitplan::git
