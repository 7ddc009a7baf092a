#include "git/merge_in_checkout.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/checkout.hpp"
#include "git/checkout_changes.hpp"
#include "git/complaint.hpp"
#include "git/config.hpp"
#include "git/gitfile.hpp"
#include "git/hooks_folder.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

constexpr std::array kMergeHooks = {"pre-merge-commit", "prepare-commit-msg", "commit-msg"};

bool is_hook_in_tree(const Repository& repository, const Oid& tree, const std::string& path) {
  constexpr std::uint32_t kExecutable = 0100755;
  const auto entry = entry_at(repository, tree, fs::path(path).lexically_normal().string());
  return entry && (entry->mode == kExecutable || entry->is_symlink());
}

// The lines of a hook that refused, without git's own last words.
std::vector<std::string> words_of_hook(const Outcome& outcome) {
  constexpr std::size_t kMostLines = 20;
  std::vector<std::string> lines;
  for (const std::string* output : {&outcome.output, &outcome.errors}) {
    for (const std::string_view line : text::split(*output, '\n')) {
      const bool gits =
          line.starts_with("Not committing merge") || line.starts_with("Auto-merging");
      if (!gits && !text::trim(line).empty()) lines.emplace_back(line);
    }
  }
  if (lines.size() > kMostLines) {
    lines.erase(lines.begin(), lines.end() - static_cast<std::ptrdiff_t>(kMostLines));
  }
  return lines;
}

[[noreturn]] void refused_by_hook(const Outcome& outcome, const Oid& theirs) {
  std::vector<std::string> messages{
      fmt::format("a hook of this repository refused the merge of '{}'", theirs.abbreviated())};
  for (std::string& line : words_of_hook(outcome)) messages.push_back(std::move(line));
  throw Error(ErrorKind::negative, std::move(messages),
              {Hint{fmt::format("to see the hook at work, run: git merge --no-ff {}",
                                theirs.abbreviated())}})
      .with_code("hook_refused");
}

// The options take back what the user's config may say of merges made by hand.
Outcome run_merge(const Checkout& checkout, const std::string& message_file, const Oid& theirs) {
  return run_git(git_as_user(
      checkout, {"-c", "i18n.commitEncoding=UTF-8", "merge", "--no-ff", "--commit", "--no-squash",
                 "--no-edit", "--no-stat", "--no-log", "--no-autostash", "--no-verify-signatures",
                 "--cleanup=whitespace", "-F", message_file, theirs.hex()}));
}

// Nobody else was in it since git wrote its files. Of files as young as the index git would look at
// the content, and where it would store other line ends take that for a change.
void trust_files(const Checkout& checkout) {
  constexpr time_t kLater = 2;
  std::array<timespec, 2> times{};
  times[0].tv_nsec = UTIME_OMIT;
  clock_gettime(CLOCK_REALTIME, &times[1]);
  times[1].tv_sec += kLater;
  utimensat(AT_FDCWD, (checkout.admin_folder + "/index").c_str(), times.data(), 0);
}

Merged commit_at_head(const Checkout& checkout) {
  const std::string head = run_git_checked(git_in(checkout, {"rev-parse", "--verify", "HEAD"}));
  const std::optional<Oid> commit = Oid::parse(text::trim(head));
  if (!commit) throw Error(ErrorKind::fatal, fmt::format("'{}' has no commit", checkout.path));
  return {*commit};
}

std::variant<Merged, Conflicts> judge(const Checkout& checkout, const Outcome& outcome,
                                      const std::string& message_file, const Oid& ours,
                                      const Oid& theirs) {
  if (outcome.ok()) return commit_at_head(checkout);
  if (complains_of_unrelated(outcome.errors)) refuse_unrelated(ours, theirs);
  std::vector<std::string> paths = unmerged_paths(checkout);
  if (!paths.empty()) return conflicts_of(std::move(paths));
  if (outcome.errors.find("Not committing merge") != std::string::npos) {
    refused_by_hook(outcome, theirs);
  }
  if (outcome.output.find("Automatic merge failed") == std::string::npos) {
    throw complaint("git merge", outcome);
  }
  // rerere.autoUpdate resolved and staged all of it; git leaves only the commit to do.
  const Outcome committed =
      run_git(git_as_user(checkout, {"-c", "i18n.commitEncoding=UTF-8", "commit", "-q", "--no-edit",
                                     "--cleanup=whitespace", "-F", message_file}));
  if (!committed.ok()) refused_by_hook(committed, theirs);
  return commit_at_head(checkout);
}

}  // namespace

bool has_merge_hooks(const Repository& repository, const Oid& ours) {
  const Config config(repository);
  const std::string folder = hooks_folder(repository, config);
  if (!folder.starts_with('/')) {
    const Oid tree = tree_of(repository, ours);
    return std::ranges::any_of(kMergeHooks, [&](const char* hook) {
      return is_hook_in_tree(repository, tree, join_path(folder, hook));
    });
  }
  return std::ranges::any_of(kMergeHooks, [&](const char* hook) {
    return find_hook(repository, config, hook).has_value();
  });
}

std::variant<Merged, Conflicts> merge_in_checkout(const Repository& repository, const Oid& ours,
                                                  const Oid& theirs, const std::string& message) {
  const TemporaryFolder folder(repository);
  const std::string message_file = folder.path() + "/message";
  write_file_atomically(message_file, message);
  std::variant<Merged, Conflicts> result;
  with_checkout(repository, ours, [&](const std::string& path) {
    const Checkout checkout{path, git_folder_of(path)};
    trust_files(checkout);
    const Outcome outcome = run_merge(checkout, message_file, theirs);
    result = judge(checkout, outcome, message_file, ours, theirs);
    if (!outcome.ok())
      run_git(git_in(checkout, {"reset", "-q", "--hard", "--no-recurse-submodules"}));
  });
  return result;
}

void refuse_unrelated(const Oid& ours, const Oid& theirs) {
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("refusing to merge unrelated histories: '{}' and '{}' have no common commit",
                  ours.abbreviated(), theirs.abbreviated()),
      Hint{fmt::format("to see where they start, run: git log --oneline --graph {} {}",
                       ours.abbreviated(), theirs.abbreviated())});
}

bool complains_of_unrelated(const std::string& errors) {
  return errors.find("unrelated histories") != std::string::npos;
}

Conflicts conflicts_of(std::vector<std::string> paths) {
  std::ranges::sort(paths);
  paths.erase(std::unique(paths.begin(), paths.end()), paths.end());
  return {std::move(paths)};
}

}  // namespace gitplan::git
