// Removing slots and moving aside what is not ours to remove.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/presence.hpp"
#include "git/repository.hpp"
#include "git/worktrees.hpp"
#include "slots/changed_files.hpp"
#include "slots/look.hpp"
#include "slots/slots.hpp"
#include "slots/trash.hpp"

namespace gitplan {
namespace {

bool is_same_use(const Slot& now, const Slot& before) {
  if (now.admin_folder != before.admin_folder || now.claim.has_value() != before.claim.has_value())
    return false;
  if (!now.claim) return true;
  return now.claim->session == before.claim->session && now.claim->task == before.claim->task &&
         now.claim->branch == before.claim->branch && now.claim->since == before.claim->since;
}

constexpr std::chrono::milliseconds a_moment(10);

/// Submodules know by an absolute path where they stand: nothing works in them elsewhere.
bool has_submodules(const Slot& slot) { return exists(join_path(slot.admin_folder, "modules")); }

/// The submodules of a worktree that was renamed remember where they stood, which `git worktree
/// repair` leaves alone.
void repair_submodules(const std::string& admin_folder, const std::string& old_name,
                       const std::string& new_name) {
  const std::string old_piece = "/" + old_name + "/";
  for (const auto& submodule : submodule_folders(admin_folder)) {
    git::Command read;
    read.arguments = {"config", "--file", submodule + "/config", "core.worktree"};
    std::string path(text::trim(git::run_git(read).output));
    const auto place = path.rfind(old_piece);
    if (place == std::string::npos) continue;
    path.replace(place, old_piece.size(), "/" + new_name + "/");
    git::Command write;
    write.arguments = {"config", "--file", submodule + "/config", "core.worktree", path};
    git::run_git(write);
  }
}

}  // namespace

void Slots::tell(const std::vector<Rescued>& saved, const Slot& slot) const {
  for (const auto& one : saved) {
    report_(fmt::format("rescued {} of '{}' to {}", one.what, slot.path, one.ref));
  }
}

std::optional<Look> Slots::save_work(Slot& slot, const SlotFolder& folder) const {
  Look look(folder.fd(), slot.path, slot.absolute_path);
  const StatusEntries status = status_entries(folder);
  if (!nested_repositories(folder, look, status).empty()) {
    const auto held = lock();
    move_aside(slot);
    slot.admin_folder.clear();  // it lives on with the folder
    return std::nullopt;
  }
  const auto name = [&](int count) { return name_ref_(slot.number, count); };
  tell(rescue(*repository_, folder, status, name), slot);
  return look;
}

void Slots::save_without_folder(const Slot& slot) const {
  const auto name = [&](int count) { return name_ref_(slot.number, count); };
  tell(rescue_without_folder(*repository_, slot, name), slot);
}

/// The folder that they belonged to is gone or somebody else's by now: they stay as repositories.
void Slots::keep_submodules(const Slot& slot) const {
  for (int count = 1;; ++count) {
    const std::string kept =
        fmt::format("{}/submodules-of-worker-{}-{}", repository_->common_dir(), slot.number, count);
    if (::mkdir(kept.c_str(), 0777) != 0) {
      if (errno == EEXIST) continue;
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot make '{}': {}", kept, std::strerror(errno)));
    }
    if (::rename(join_path(slot.admin_folder, "modules").c_str(),
                 join_path(kept, "modules").c_str()) != 0) {
      throw Error(ErrorKind::fatal, fmt::format("cannot keep the submodules of '{}': {}", slot.path,
                                                std::strerror(errno)));
    }
    for (const auto& submodule : submodule_folders(kept)) {
      git::Command unset;
      unset.arguments = {"config", "--file", submodule + "/config", "--unset", "core.worktree"};
      git::run_git(unset);
      git::Command repair;  // of worktrees that were made of it
      repair.arguments = {"--git-dir=" + submodule, "worktree", "repair"};
      git::run_git(repair);
    }
    report_(
        fmt::format("kept the submodules of '{}', with their commits, in '{}'", slot.path, kept));
    return;
  }
}

void Slots::forget(const Slot& slot) const {
  if (slot.admin_folder.empty()) return;
  if (has_submodule_commits(slot.admin_folder)) keep_submodules(slot);
  const git::NamedLock turn(*repository_, "worktrees");
  // What `git worktree remove` does, but at once: killed halfway, it would leave a worktree that
  // nobody can name.
  const auto slash = slot.admin_folder.rfind('/');
  const std::string admins = slot.admin_folder.substr(0, slash);
  if (const Fd folder(::open(admins.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)); folder) {
    remove_folder(*repository_, folder.get(), slot.admin_folder.substr(slash + 1));
  }
  ::rmdir(admins.c_str());  // only if it was the last one, as git does
  git::leave_lost_worktree(*repository_);
}

void Slots::move_aside(const Slot& slot) const {
  const Fd parent = open_beneath(place_.root, place_.folder);
  const std::string name = fmt::format("worker-{}", slot.number);
  if (::unlinkat(parent.get(), slot.folder.c_str(), AT_REMOVEDIR) == 0) return;  // it was empty
  for (int count = 1;; ++count) {
    const std::string aside = fmt::format("aside-{}-{}", name, count);
    if (::renameat2(parent.get(), slot.folder.c_str(), parent.get(), aside.c_str(),
                    RENAME_NOREPLACE) == 0) {
      report_(fmt::format("moved '{}' aside to '{}/{}'", slot.path, place_.shown, aside));
      if (slot.is_worktree()) live_on_aside(slot, aside);
      repair_inner_worktrees(slot, aside);
      return;
    }
    if (errno != EEXIST) {
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot move '{}' aside: {}", slot.path, std::strerror(errno)));
    }
  }
}

/// Git knows other worktrees that stand in it by where they stood.
void Slots::repair_inner_worktrees(const Slot& slot, const std::string& aside) const {
  const std::string before = slot.absolute_path + "/";
  git::Command repair;
  repair.folder = repository_->base_folder();
  repair.arguments = {"--git-dir=" + repository_->common_dir(), "worktree", "repair", "--"};
  const std::size_t none = repair.arguments.size();
  for (const auto& worktree : git::linked_worktrees(repository_->common_dir())) {
    if (!worktree.path.starts_with(before)) continue;
    repair.arguments.push_back(fmt::format("{}/{}/{}/{}", place_.root, place_.folder, aside,
                                           worktree.path.substr(before.size())));
  }
  if (repair.arguments.size() > none) git::run_git(repair);
}

/// It stays a worktree that works, but gives its branch back.
void Slots::live_on_aside(const Slot& slot, const std::string& aside) const {
  ::unlink(join_path(slot.admin_folder, "locked").c_str());
  git::Command repair;
  repair.folder = repository_->base_folder();
  repair.arguments = {"--git-dir=" + repository_->common_dir(), "worktree", "repair", "--",
                      fmt::format("{}/{}/{}", place_.root, place_.folder, aside)};
  git::run_git(repair);
  repair_submodules(slot.admin_folder, fmt::format("worker-{}", slot.number), aside);
  git::Command detach;
  detach.arguments = {"--git-dir=" + slot.admin_folder, "update-ref", "--no-deref", "HEAD", "HEAD"};
  git::run_git(detach);
  erase_claim(slot.admin_folder);
}

/// What somebody wrote while it went is left where it was found, as plain files.
void Slots::keep_aside(const Slot& slot, std::size_t files) const {
  const Fd parent = open_beneath(place_.root, place_.folder);
  if (const Fd folder = open_beneath(place_.root, join_path(place_.folder, slot.folder)); folder)
    ::unlinkat(folder.get(), ".git", 0);
  report_(fmt::format("{} in '{}' changed while it was removed",
                      text::count(static_cast<long long>(files), "file", "files"), slot.path));
  Slot plain = slot;
  plain.state = Slot::State::strange;
  move_aside(plain);
}

/// Renamed first, so that whoever knows it by its path writes there no more.
void Slots::move_out_of_reach(Slot& slot) const {
  if (slot.folder.starts_with(leaving_prefix)) return;
  const Fd parent = open_beneath(place_.root, place_.folder);
  const std::string leaving = leaving_prefix + slot.folder;
  const auto rename_it = [&] {
    return ::renameat2(parent.get(), slot.folder.c_str(), parent.get(), leaving.c_str(),
                       RENAME_NOREPLACE) == 0;
  };
  bool renamed = rename_it();
  if (!renamed && errno == EEXIST) {  // of a command that was killed, and git forgot it since
    Slot stale = slot;
    stale.state = Slot::State::strange;
    stale.folder = leaving;
    move_aside(stale);
    renamed = rename_it();
  }
  if (!renamed) {
    throw Error(ErrorKind::fatal,
                fmt::format("cannot move '{}' away: {}", slot.path, std::strerror(errno)));
  }
  slot.folder = leaving;
}

/// Nothing changed since that look, if that comes to an end; else whatever changed since the last
/// one outlives the deletion.
std::optional<Look> Slots::save_all(Slot& slot) const {
  constexpr int most_looks = 5;
  const SlotFolder folder(place_, slot);
  std::optional<Look> look;
  for (int count = 0; count < most_looks; ++count) {
    if (count > 0) std::this_thread::sleep_for(a_moment);
    look = save_work(slot, folder);
    if (!look || files_changed_since(folder.fd(), *look).empty()) break;
  }
  return look;
}

/// What could not be saved stays, as it was.
void Slots::put_back(Slot& slot, const std::optional<Claim>& claim) const {
  bring_back(slot);
  ::unlink(join_path(slot.admin_folder, "locked").c_str());
  slot.claim = claim;
  if (claim) return write_claim(slot.admin_folder, *claim);
  erase_claim(slot.admin_folder);
}

void Slots::clear_out(Slot& slot) const {
  const std::optional<Claim> before = slot.claim;
  if (!slot.claim) slot.claim.emplace();
  slot.claim->owner = git::announced_process(*repository_);
  set_phase(slot, Claim::Phase::leaving);
  write_file_atomically(join_path(slot.admin_folder, "locked"), leaving_reason);
  if (!has_submodules(slot)) move_out_of_reach(slot);
  std::optional<Look> look;
  try {
    look = save_all(slot);
  } catch (const Error&) {
    put_back(slot, before);
    throw;
  }
  if (!look) return;
  set_phase(slot, Claim::Phase::discarding);
  move_out_of_reach(slot);
  const Fd parent = open_beneath(place_.root, place_.folder);
  const auto left = delete_unchanged(parent.get(), slot.folder, *look);
  if (!left.empty()) keep_aside(slot, left.size());
}

void Slots::run_pre_remove_hook(const Slot& slot) const {
  const SlotFolder folder(place_, slot);
  const int status = run_hook(*repository_, *config_, "wave-pre-remove", slot, folder.fd());
  if (status == 0) return;
  throw Error(
      ErrorKind::wrong_state,
      fmt::format("the wave-pre-remove hook failed with exit status {}; '{}' stays", status,
                  slot.path),
      Hint{fmt::format("to remove it without hooks, run: git wave worker remove {} --no-hooks",
                       slot.number)});
}

void Slots::remove(const Slot& as_seen, Hooks hooks) const {
  const git::NamedLock turn(*repository_, fmt::format("slot-{}", as_seen.number));
  Slot slot = at(as_seen.number);
  if (slot.state == Slot::State::absent || !is_same_use(slot, as_seen))
    return;  // somebody else was faster
  refuse_untouchable(slot);
  if (slot.is_worktree()) {
    if (slot.state == Slot::State::half_made) {
      if (!slot.claim) slot.claim.emplace();
      slot.claim->cut_off = cut_off_in(slot);
    } else if (hooks == Hooks::run) {
      run_pre_remove_hook(slot);
    }
    clear_out(slot);
    const auto held = lock();
    forget(slot);
  } else {
    const auto held = lock();
    oust(slot);
  }
  if (hooks == Hooks::run) run_hook(*repository_, *config_, "wave-post-remove", slot, -1);
}

}  // namespace gitplan
