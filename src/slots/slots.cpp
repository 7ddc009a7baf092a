// What slots there are, and how one is given out. Filling and removing: fill.cpp, remove.cpp.
#include "slots/slots.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/repository.hpp"
#include "git/worktrees.hpp"
#include "slots/trash.hpp"

namespace gitplan {
namespace {

constexpr std::string_view default_folder = ".worktrees";
constexpr std::string_view slot_prefix = "worker-";
constexpr int max_slots = 9999;

/// As git records it, also where the last folders of it are still to be made.
std::string real_path(const std::string& path) {
  std::error_code error;
  const auto real = std::filesystem::weakly_canonical(path, error);
  return error ? path : real.string();
}

[[noreturn]] void refuse_place(const std::string& folder) {
  throw Error(ErrorKind::fatal,
              fmt::format("bad value '{}' for 'wave.worktreeDir'", text::printable(folder)),
              Hint{"to use .worktrees again, run: git config --unset wave.worktreeDir"});
}

/// "~/slots" is in the home folder, as in git's own settings that name a path.
std::string configured_folder(const git::Config& config) {
  std::string folder = config.text("wave.worktreeDir").value_or(std::string(default_folder));
  while (folder.size() > 1 && folder.ends_with('/')) folder.pop_back();
  const char* home = std::getenv("HOME");
  return home != nullptr && folder.starts_with("~/") ? home + folder.substr(1) : folder;
}

std::optional<std::string> path_below(const std::string& top, const std::string& path) {
  if (!path.starts_with(top + "/")) return std::nullopt;
  return path.substr(top.size() + 1);
}

SlotsPlace find_place(const git::Repository& repository, const git::Config& config) {
  const std::string folder = configured_folder(config);
  if (folder.empty() || folder == "." || folder == "/") refuse_place(folder);
  const bool outside = folder.starts_with('/') || folder.find("..") != std::string::npos;
  const std::filesystem::path base(repository.base_folder());
  const auto full = (base / folder).lexically_normal();
  const std::string real = real_path(full.string());
  const std::string git = real_path(repository.common_dir());
  const bool in_git = repository.main_worktree() && (real + "/").starts_with(git + "/");
  if (full.filename().empty() || real == real_path(base.string()) || in_git) refuse_place(folder);
  SlotsPlace place;
  if (outside) {
    place = {real_path(full.parent_path().string()), full.filename().string(), folder, {}};
  } else {
    const std::string below = full.lexically_relative(base.lexically_normal()).string();
    place = {real_path(base.string()), below, below, {}};
  }
  if (const auto& main = repository.main_worktree())
    place.in_main = path_below(real_path(*main), join_path(place.root, place.folder));
  return place;
}

std::string short_branch(const std::string& full) {
  constexpr std::string_view heads = "refs/heads/";
  return full.starts_with(heads) ? full.substr(heads.size()) : full;
}

}  // namespace

std::optional<int> slot_number(std::string_view name) {
  if (!name.starts_with(slot_prefix)) return std::nullopt;
  name.remove_prefix(slot_prefix.size());
  int number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool plain =
      error == std::errc{} && end == name.data() + name.size() && name.front() != '0';
  return plain && number >= 1 && number <= max_slots ? std::optional(number) : std::nullopt;
}

Slots::Slots(const git::Repository& repository, const git::Config& config,
             NameSlotRescueRef name_ref, Report report)
    : repository_(&repository),
      config_(&config),
      name_ref_(std::move(name_ref)),
      report_(std::move(report)),
      place_(find_place(repository, config)),
      keep_ignored_(config.boolean("wave.keepIgnored").value_or(false)) {}

std::string Slots::path_of(int number) const {
  return fmt::format("{}/worker-{}", place_.folder, number);
}

git::NamedLock Slots::lock() const { return {*repository_, "slots"}; }

Slot Slots::describe(int number, const std::string& admin_folder) const {
  Slot slot;
  slot.number = number;
  slot.path = fmt::format("{}/worker-{}", place_.shown, number);
  slot.absolute_path = join_path(place_.root, path_of(number));
  slot.folder_exists = exists(slot.absolute_path);
  slot.admin_folder = admin_folder;
  if (admin_folder.empty()) return slot;
  slot.claim = read_claim(admin_folder);
  slot.has_index = exists(join_path(admin_folder, "index"));
  return slot;
}

std::vector<Slot> Slots::worktrees() const { return among(git::list_worktrees(*repository_)); }

std::vector<Slot> Slots::among(std::span<const git::Worktree> worktrees) const {
  const std::string prefix = join_path(place_.root, place_.folder) + "/";
  std::map<int, Slot> found;
  for (const auto& worktree : worktrees) {
    if (worktree.is_main || !worktree.path.starts_with(prefix)) continue;
    const auto number = slot_number(std::string_view(worktree.path).substr(prefix.size()));
    if (!number) continue;
    Slot slot = describe(*number, worktree.admin_folder);
    slot.branch = short_branch(worktree.branch);
    slot.detached = worktree.head;
    found.insert_or_assign(*number, std::move(slot));
  }
  std::vector<Slot> slots;
  slots.reserve(found.size());
  for (auto& [number, slot] : found) slots.push_back(std::move(slot));
  return slots;
}

std::vector<Slot> Slots::list() const {
  std::map<int, Slot> found;
  for (auto& slot : worktrees()) found.emplace(slot.number, std::move(slot));
  std::error_code none;
  for (const auto& entry :
       std::filesystem::directory_iterator(join_path(place_.root, place_.folder), none)) {
    const auto number = slot_number(entry.path().filename().string());
    if (number && !found.contains(*number)) found.emplace(*number, describe(*number, ""));
  }
  std::vector<Slot> slots;
  slots.reserve(found.size());
  for (auto& [number, slot] : found) slots.push_back(std::move(slot));
  return slots;
}

Slot Slots::at(int number) const {
  for (auto& slot : worktrees()) {
    if (slot.number == number) return std::move(slot);
  }
  return describe(number, "");
}

int Slots::lowest_free() const {
  int number = 1;
  for (const auto& slot : list()) {
    if (slot.number == number) ++number;
  }
  return number;
}

bool Slots::dirty(const Slot& slot) const {
  if (slot.is_broken() || slot.is_absent()) return false;
  return is_dirty(SlotFolder(place_, slot));
}

void Slots::refuse_being_made(const Slot& slot) {
  if (!slot.is_being_made() || slot.claim->owner == this_process()) return;
  throw Error(
      ErrorKind::lost_race,
      fmt::format("worker {} is being set up by process {}", slot.number, slot.claim->owner.pid),
      Hint{"to see all workers, run: git wave status"});
}

bool Slots::has_lost_its_folder(const Slot& slot) const {
  if (slot.admin_folder.empty() || !slot.folder_exists) return !slot.admin_folder.empty();
  const Fd folder = open_beneath(place_.root, path_of(slot.number));
  return !folder || !belongs_to(folder.get(), slot.admin_folder);
}

Slot Slots::reserve(int number, Claim claim) const {
  Slot slot = at(number);
  const auto holder = git::worktree_of_branch(*repository_, "refs/heads/" + claim.branch);
  if (holder && holder->path != slot.absolute_path && !holder->missing) {
    throw Error(ErrorKind::wrong_state,
                fmt::format("branch '{}' is already checked out at '{}'",
                            text::printable(claim.branch), text::printable(holder->path)),
                Hint{"to see all worktrees, run: git worktree list"});
  }
  refuse_being_made(slot);
  make_folders(place_.root);
  open_beneath(place_.root, path_of(number));  // refuses symbolic links
  if (slot.is_broken() || has_lost_its_folder(slot)) {
    save_without_folder(slot);
    if (slot.folder_exists) move_aside(slot);
    discard(slot);
    slot = at(number);
  }
  claim.owner = this_process();
  claim.phase = Claim::Phase::saving;
  if (slot.is_absent()) {
    add_worktree(slot, claim);
    slot = at(number);
    claim.phase = Claim::Phase::filling;
  } else if (slot.holds_nothing_yet()) {
    claim.phase = Claim::Phase::filling;
  }
  slot.claim = std::move(claim);
  write_claim(slot.admin_folder, *slot.claim);
  return slot;
}

}  // namespace gitplan
