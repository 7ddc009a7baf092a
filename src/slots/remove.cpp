// Removing slots and moving aside what is not ours to remove.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/repository.hpp"
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

void Slots::discard(const Slot& slot) const {
  const git::NamedLock turn(*repository_, "worktrees");
  const std::string name = fmt::format("worker-{}", slot.number);
  if (const Fd parent = open_beneath(place_.root, place_.folder);
      parent && exists(slot.absolute_path)) {
    remove_folder(*repository_, parent.get(), name);
  }
  if (slot.admin_folder.empty()) return;
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

void Slots::discard_saved(const Slot& slot) const {
  Claim claim = slot.claim.value_or(Claim{});
  claim.owner = this_process();
  claim.phase = Claim::Phase::discarding;
  const auto held = lock();
  write_claim(slot.admin_folder, claim);
  discard(slot);
}

void Slots::move_aside(const Slot& slot) const {
  const Fd parent = open_beneath(place_.root, place_.folder);
  const std::string name = fmt::format("worker-{}", slot.number);
  if (::unlinkat(parent.get(), name.c_str(), AT_REMOVEDIR) == 0) return;  // it was empty
  for (int count = 1;; ++count) {
    const std::string aside = fmt::format("aside-{}-{}", name, count);
    if (::renameat2(parent.get(), name.c_str(), parent.get(), aside.c_str(), RENAME_NOREPLACE) ==
        0) {
      report_(fmt::format("moved '{}' aside to '{}/{}'", slot.path, place_.shown, aside));
      if (slot.admin_folder.empty()) return;
      // It stays a worktree that works, but gives its branch back.
      git::Command repair;
      repair.folder = repository_->base_folder();
      repair.arguments = {"--git-dir=" + repository_->common_dir(), "worktree", "repair", "--",
                          fmt::format("{}/{}/{}", place_.root, place_.folder, aside)};
      git::run_git(repair);
      repair_submodules(slot.admin_folder, name, aside);
      git::Command detach;
      detach.arguments = {"--git-dir=" + slot.admin_folder, "update-ref", "--no-deref", "HEAD",
                          "HEAD"};
      git::run_git(detach);
      ::unlink(join_path(slot.admin_folder, "git-plan-slot").c_str());
      return;
    }
    if (errno != EEXIST) {
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot move '{}' aside: {}", slot.path, std::strerror(errno)));
    }
  }
}

void Slots::remove(const Slot& as_seen, Hooks hooks) const {
  const git::NamedLock turn(*repository_, fmt::format("slot-{}", as_seen.number));
  const Slot slot = at(as_seen.number);
  if (slot.is_absent() || !is_same_use(slot, as_seen)) return;  // somebody else was faster
  refuse_being_made(slot);
  open_beneath(place_.root, path_of(slot.number));  // refuses symbolic links
  if (slot.admin_folder.empty() || has_lost_its_folder(slot)) {
    const auto held = lock();
    save_without_folder(slot);
    if (slot.folder_exists) move_aside(slot);
    discard(slot);
  } else {
    save_and_discard(slot, hooks);
  }
  if (hooks == Hooks::run) run_hook(*repository_, *config_, "wave-post-remove", slot, -1);
}

void Slots::save_and_discard(const Slot& slot, Hooks hooks) const {
  const SlotFolder folder(place_, slot);
  const int status = hooks == Hooks::skip
                         ? 0
                         : run_hook(*repository_, *config_, "wave-pre-remove", slot, folder.fd());
  if (status != 0) {
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("the wave-pre-remove hook failed with exit status {}; '{}' stays", status,
                    slot.path),
        Hint{fmt::format("to remove it without hooks, run: git wave worker remove {} --no-hooks",
                         slot.number)});
  }
  if (slot.holds_nothing_yet()) {
    const auto held = lock();
    discard(slot);
    return;
  }
  const StatusEntries entries = status_entries(folder);
  if (nested_repositories(folder, entries).empty()) {
    save_work(folder, entries);
    discard_saved(slot);
    return;
  }
  const auto held = lock();
  move_aside(slot);
}

}  // namespace gitplan
