#include "git/scratch_checkout.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/checkout.hpp"
#include "git/complaint.hpp"
#include "git/config.hpp"
#include "git/fresh_worktree.hpp"
#include "git/gitfile.hpp"
#include "git/lock.hpp"
#include "git/merge.hpp"
#include "git/ref_files.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"

namespace gitplan::git {
namespace {

namespace fs = std::filesystem;

constexpr int kMostScratches = 1000;

// A claim lasts as long as anybody has this descriptor open. Children inherit it on purpose: a
// program that outlives a killed parent keeps its checkout. Unlocking by hand lets go at once,
// whoever else has it open.
class Claim {
 public:
  explicit Claim(const std::string& path)
      : fd_(open(path.c_str(), O_RDWR | O_CREAT | O_NOFOLLOW, 0666)) {  // NOLINT: no O_CLOEXEC
    if (!fd_) throw Error(ErrorKind::fatal, fmt::format("'{}': {}", path, std::strerror(errno)));
    int locked = 0;
    do {
      locked = flock(fd_.get(), LOCK_EX | LOCK_NB);
    } while (locked != 0 && errno == EINTR);
    if (locked != 0) fd_.reset();
  }
  Claim(Claim&&) noexcept = default;
  Claim& operator=(Claim&&) noexcept = default;
  Claim(const Claim&) = delete;
  Claim& operator=(const Claim&) = delete;
  ~Claim() {
    if (fd_) flock(fd_.get(), LOCK_UN);
  }

  [[nodiscard]] bool is_ours() const { return static_cast<bool>(fd_); }

 private:
  Fd fd_;
};

struct Scratch {
  Claim claim;
  Checkout checkout;
};

Scratch claim_scratch(const Repository& repository) {
  const std::string state = make_state_folder(repository);
  for (int n = 1; n <= kMostScratches; ++n) {
    std::string path = fmt::format("{}/scratch-{}", state, n);
    Claim claim(path + ".lock");
    if (claim.is_ours()) return {std::move(claim), {std::move(path), ""}};
  }
  throw Error(ErrorKind::lost_race, fmt::format("all checkouts below '{}' are in use", state));
}

// Finds the admin folder; false if this is no worktree of the repository.
bool find_admin_folder(const Repository& repository, Checkout& checkout) {
  checkout.admin_folder = git_folder_of(checkout.path);
  std::error_code error;
  const fs::path parent = fs::path(checkout.admin_folder).parent_path();
  if (checkout.admin_folder.empty() ||
      !fs::equivalent(parent, repository.common_dir() + "/worktrees", error) || error) {
    return false;
  }
  return exists(checkout.admin_folder + "/gitdir") && exists(checkout.admin_folder + "/HEAD");
}

// The claim is ours, so whatever lock or unfinished merge stands here was left by a killed process.
void clear_admin_folder(const std::string& admin_folder) {
  constexpr std::array kUnfinished = {
      "MERGE_HEAD",       "MERGE_MSG",   "MERGE_MODE",   "MERGE_RR",       "AUTO_MERGE",
      "CHERRY_PICK_HEAD", "REVERT_HEAD", "SQUASH_MSG",   "rebase-merge",   "rebase-apply",
      "sequencer",        "BISECT_LOG",  "BISECT_START", "MERGE_AUTOSTASH"};
  std::error_code error;
  for (const char* name : kUnfinished) fs::remove_all(join_path(admin_folder, name), error);
  for (fs::directory_iterator entry(admin_folder, error);
       !error && entry != fs::directory_iterator(); entry.increment(error)) {
    std::error_code ignored;
    if (entry->path().extension() == ".lock") fs::remove(entry->path(), ignored);
  }
}

void add_worktree(const Repository& repository, Checkout& checkout, const Oid& commit) {
  const NamedLock lock(repository, "worktrees");
  discard_folder(repository, checkout.path);
  Command command;
  // Twice -f: a scratch that a killed process left may be recorded, and locked as "initializing".
  // Relative paths would make a repository that libgit2 cannot open.
  command.arguments = {"-c",        "worktree.useRelativePaths=false",
                       "worktree",  "add",
                       "-q",        "-f",
                       "-f",        "--no-checkout",
                       "--detach",  checkout.path,
                       commit.hex()};
  command.environment = {{"GIT_DIR", repository.common_dir()}};
  run_git_checked(command);
  if (find_admin_folder(repository, checkout)) return;
  throw Error(ErrorKind::fatal,
              fmt::format("'{}' is no worktree of this repository", checkout.path));
}

// Ignored files go as well; then tracked ones are made right. In this order, what a post-checkout
// hook makes stays.
Outcome make_pristine(const Checkout& checkout, const Oid& commit) {
  Outcome cleaned = run_git(git_in(checkout, {"clean", "-ffdxq"}));
  if (!cleaned.ok()) return cleaned;
  std::vector<std::string> words = words_to_fill();
  words.push_back(commit.hex());
  Command fill = git_in(checkout, std::move(words));
  fill.environment = command_to_fill().environment;
  return run_git(fill);
}

// What ran in it before may have checked a branch out, which a reset would move.
bool is_detached(const Checkout& checkout) {
  return read_loose(checkout.admin_folder + "/HEAD").kind == RefValue::Kind::direct;
}

void prepare(const Repository& repository, Checkout& checkout, const Oid& commit) {
  if (find_admin_folder(repository, checkout) && is_detached(checkout)) {
    clear_admin_folder(checkout.admin_folder);
    if (make_pristine(checkout, commit).ok()) return;
  }
  add_worktree(repository, checkout, commit);
  const Outcome outcome = make_pristine(checkout, commit);
  if (!outcome.ok())
    throw complaint(fmt::format("cannot check out {}", commit.abbreviated()), outcome);
}

void tell_post_checkout(const Repository& repository, const Checkout& checkout, const Oid& commit) {
  const Fd folder(open(checkout.path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  run_post_checkout(repository, Config(repository), folder.get(), commit);
}

// The git folder first: a checkout without one is made anew where it is needed.
void remove_scratch(const Repository& repository, const std::string& path) {
  Checkout checkout{path, ""};
  if (find_admin_folder(repository, checkout)) {
    const NamedLock lock(repository, "worktrees");
    discard_folder(repository, checkout.admin_folder);
  }
  discard_folder(repository, path);
}

}  // namespace

void remove_idle_checkouts(const Repository& repository) try {
  const std::string state = state_folder(repository);
  for (int n = 1; n <= kMostScratches; ++n) {
    const std::string path = fmt::format("{}/scratch-{}", state, n);
    if (!exists(path + ".lock")) return;  // they are claimed in this order
    if (!exists(path)) continue;
    const Claim claim(path + ".lock");
    if (claim.is_ours()) remove_scratch(repository, path);
  }
} catch (const Error&) {
  // They are in nobody's way, and the next one removes them.
}

void with_checkout(const Repository& repository, const Oid& commit,
                   const std::function<void(const std::string& folder)>& use) {
  Scratch scratch = claim_scratch(repository);
  prepare(repository, scratch.checkout, commit);
  tell_post_checkout(repository, scratch.checkout, commit);
  use(scratch.checkout.path);
}

}  // namespace gitplan::git
