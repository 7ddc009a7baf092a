// Adding a slot's worktree: at once, so that a kill never leaves half of one.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"
#include "slots/slots.hpp"
#include "slots/trash.hpp"

namespace gitplan {
namespace {

namespace fs = std::filesystem;

std::string name_of(int number) { return fmt::format("worker-{}", number); }

[[noreturn]] void cannot(std::string_view what, const std::string& path) {
  throw Error(ErrorKind::fatal,
              fmt::format("cannot {} '{}': {}", what, text::printable(path), std::strerror(errno)));
}

/// What `git worktree add` would copy or adjust besides: then it is left to git.
bool needs_git(const git::Config& config) {
  return config.boolean("extensions.worktreeConfig").value_or(false) ||
         config.boolean("core.sparseCheckout").value_or(false);
}

/// What `git worktree add` for this path has made of a git folder in its first moments: nothing
/// yet, or a lock that says so. Under our lock no live one is ours.
bool is_half_added(const std::string& admin_folder, const std::string& dot_git) {
  const auto gitdir = read_file(admin_folder + "/gitdir");
  if (gitdir && !gitdir->empty() && text::trim(*gitdir) != dot_git) return false;
  const auto locked = read_file(admin_folder + "/locked");
  return locked ? std::string_view("initializing").starts_with(text::trim(*locked)) : !gitdir;
}

/// The complete git folder goes to its place in one step: "<common>/worktrees/worker-1", or with
/// another number behind it where that name is taken, as git does.
std::string place_admin_folder(const std::string& made, const std::string& admins,
                               const std::string& name) {
  make_folders(admins);
  for (int count = 0;; ++count) {
    std::string place =
        fmt::format("{}/{}{}", admins, name, count == 0 ? "" : std::to_string(count));
    if (::renameat2(AT_FDCWD, made.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE) == 0) {
      return place;
    }
    if (errno != EEXIST && errno != ENOTEMPTY) cannot("make", place);
  }
}

/// So does the folder, with the .git file in it.
void place_folder(const Fd& parent, const std::string& name, const std::string& admin_folder,
                  const std::string& path) {
  const std::string made = fmt::format(".{}.new", name);
  if (::mkdirat(parent.get(), made.c_str(), 0777) != 0 && errno != EEXIST) cannot("make", path);
  const Fd folder(
      ::openat(parent.get(), made.c_str(), O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  if (!folder) cannot("open", path);
  const Fd file(
      ::openat(folder.get(), ".git", O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666));
  const std::string content = fmt::format("gitdir: {}\n", admin_folder);
  if (!file ||
      ::write(file.get(), content.data(), content.size()) != static_cast<ssize_t>(content.size())) {
    cannot("write", path + "/.git");
  }
  if (::renameat(parent.get(), made.c_str(), parent.get(), name.c_str()) != 0) cannot("make", path);
}

}  // namespace

void Slots::forget_half_added(int number) const {
  const std::string admins = repository_->common_dir() + "/worktrees";
  const std::string path = join_path(place_.root, path_of(number));
  const Fd folder(::open(admins.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  std::error_code none;
  for (const auto& entry : fs::directory_iterator(admins, none)) {
    const std::string name = entry.path().filename().string();
    if (!name.starts_with(name_of(number))) continue;
    if (!is_half_added(entry.path().string(), path + "/.git")) continue;
    remove_folder(*repository_, folder.get(), name);
    // All that stands there by then.
    if (const Fd slot = open_beneath(place_.root, path_of(number)); slot)
      ::unlinkat(slot.get(), ".git", 0);
    ::rmdir(path.c_str());
  }
}

void Slots::clear_half_added() const {
  const std::string notes = git::state_folder(*repository_) + "/adding";
  std::error_code none;
  if (fs::directory_iterator(notes, none) == fs::directory_iterator()) return;
  const auto held = lock();
  const git::NamedLock turn(*repository_, "worktrees");
  for (const auto& note : fs::directory_iterator(notes, none)) {
    if (const auto number = slot_number(note.path().filename().string()))
      forget_half_added(*number);
    ::unlink(note.path().c_str());
  }
}

void Slots::add_with_git(const Slot& slot, const std::string& branch) const {
  const std::string notes = git::make_state_folder(*repository_) + "/adding";
  make_folders(notes);
  const std::string note = fmt::format("{}/{}", notes, name_of(slot.number));
  write_file_atomically(note, "");
  {
    const git::LockNote children(*repository_, {});
    git::Command add;
    add.folder = repository_->base_folder();
    add.arguments = {"--git-dir=" + repository_->common_dir(),
                     "-c",
                     "worktree.useRelativePaths=false",
                     "worktree",
                     "add",
                     "--no-checkout",
                     "--quiet",
                     "--",
                     slot.absolute_path,
                     branch};
    git::run_git_checked(add);
  }
  ::unlink(note.c_str());
}

void Slots::add_worktree(const Slot& slot, Claim claim) const {
  const git::NamedLock turn(*repository_, "worktrees");
  open_beneath(place_.root, place_.folder);  // refuses a symbolic link before anything is made
  if (needs_git(*config_)) {
    add_with_git(slot, claim.branch);
    return;
  }
  if (!git::read_ref(*repository_, "refs/heads/" + claim.branch)) {
    throw Error(ErrorKind::not_found, fmt::format("no branch named '{}'", claim.branch),
                Hint{"to see all branches, run: git branch --list"});
  }
  const git::TemporaryFolder making(*repository_);
  const std::string made = making.path() + "/admin";
  make_folders(made);
  write_file_atomically(made + "/HEAD", fmt::format("ref: refs/heads/{}\n", claim.branch));
  write_file_atomically(made + "/commondir", "../..\n");
  write_file_atomically(made + "/gitdir", slot.absolute_path + "/.git\n");
  claim.phase = Claim::Phase::filling;
  write_claim(made, claim);
  const std::string admin =
      place_admin_folder(made, repository_->common_dir() + "/worktrees", name_of(slot.number));
  make_folders(join_path(place_.root, place_.folder));
  place_folder(open_beneath(place_.root, place_.folder), name_of(slot.number), admin,
               slot.absolute_path);
}

}  // namespace gitplan
