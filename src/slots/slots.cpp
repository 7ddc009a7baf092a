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
#include "git/presence.hpp"
#include "git/repository.hpp"
#include "git/worktrees.hpp"
#include "slots/damage.hpp"
#include "slots/trash.hpp"

namespace gitplan {
namespace {

constexpr std::string_view slot_prefix = "worker-";
constexpr int max_slots = 9999;

std::string short_branch(const std::string& full) {
  constexpr std::string_view heads = "refs/heads/";
  return full.starts_with(heads) ? full.substr(heads.size()) : full;
}

/// Why a user locked the worktree; nothing if it is not locked, or by us or git while it is made.
std::optional<std::string> user_lock(const std::string& admin_folder) try {
  const auto reason = read_file(join_path(admin_folder, "locked"), 8192);
  if (!reason) return std::nullopt;
  const std::string_view words = text::trim(*reason);
  if (words == leaving_reason || words == "initializing") return std::nullopt;
  return std::string(words);
} catch (const Error&) {
  return "";
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
      place_(find_slots_place(repository, config)),
      keep_ignored_(config.boolean("wave.keepIgnored").value_or(false)) {}

std::string Slots::path_of(int number) const {
  return fmt::format("{}/worker-{}", place_.folder, number);
}

git::NamedLock Slots::lock() const { return {*repository_, "slots"}; }

SlotFacts::DotGit Slots::dot_git_of(const std::string& folder,
                                    const std::string& admin_folder) const {
  const Fd fd(::open(join_path(join_path(place_.root, place_.folder), folder).c_str(),
                     O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC));
  return fd ? named_by_dot_git(fd.get(), admin_folder) : SlotFacts::DotGit::none;
}

Slot Slots::describe(int number, const std::string& admin_folder) const {
  Slot slot;
  slot.number = number;
  slot.folder = fmt::format("{}{}", slot_prefix, number);
  slot.path = join_path(place_.shown, slot.folder);
  slot.absolute_path = join_path(place_.root, path_of(number));
  slot.admin_folder = admin_folder;
  SlotFacts facts;
  facts.recorded = !admin_folder.empty();
  facts.folder_exists = exists(slot.absolute_path);
  if (facts.recorded) {
    slot.claim = read_claim(admin_folder);
    slot.has_index = facts.has_index = exists(join_path(admin_folder, "index"));
    slot.locked = user_lock(admin_folder);
    const std::string leaving = leaving_prefix + slot.folder;
    const std::string out_of_reach = join_path(join_path(place_.root, place_.folder), leaving);
    if (!facts.folder_exists && exists(out_of_reach)) {
      slot.folder = leaving;
      // Killed before the last step of its deletion.
      std::error_code none;
      facts.folder_exists = !std::filesystem::is_empty(out_of_reach, none) || none;
    }
  }
  facts.dot_git = dot_git_of(slot.folder, admin_folder);
  if (slot.claim) {
    facts.phase = slot.claim->phase;
    facts.owner_may_live =
        *facts.phase != Claim::Phase::ready && git::may_be_alive(*repository_, slot.claim->owner);
  }
  slot.state = state_of(facts);
  return slot;
}

/// The number of the slot that a worktree is, by where git has it, or, if the repository is known
/// under another path by now, by the folder that stands at the slot's place.
std::optional<int> Slots::number_of(const git::Worktree& worktree) const {
  if (worktree.is_main) return std::nullopt;
  const std::string prefix = join_path(place_.root, place_.folder) + "/";
  if (worktree.path.starts_with(prefix))
    return slot_number(std::string_view(worktree.path).substr(prefix.size()));
  const std::string name =
      worktree.path.empty() ? worktree.id : worktree.path.substr(worktree.path.rfind('/') + 1);
  const auto number = slot_number(name);
  if (!number) return std::nullopt;
  const auto named = dot_git_of(name, worktree.admin_folder);
  const bool stands_here = named == SlotFacts::DotGit::this_worktree ||
                           (named == SlotFacts::DotGit::old_place && worktree.missing);
  return stands_here ? number : std::nullopt;
}

std::vector<Slot> Slots::worktrees() const { return among(git::list_worktrees(*repository_)); }

std::vector<Slot> Slots::among(std::span<const git::Worktree> worktrees) const {
  std::map<int, Slot> found;
  for (const auto& worktree : worktrees) {
    const auto number = number_of(worktree);
    if (!number) continue;
    Slot slot = describe(*number, worktree.admin_folder);
    slot.branch = short_branch(worktree.branch);
    slot.detached = worktree.head;
    const auto before = found.find(*number);
    // Of two records of one place, the one whose folder stands there.
    if (before != found.end() && before->second.is_worktree()) continue;
    found.insert_or_assign(*number, std::move(slot));
  }
  std::vector<Slot> slots;
  slots.reserve(found.size());
  for (auto& [number, slot] : found) slots.push_back(std::move(slot));
  return slots;
}

std::vector<Slot> Slots::elsewhere(std::span<const git::Worktree> worktrees) const {
  std::vector<Slot> found;
  for (const auto& worktree : worktrees) {
    if (worktree.is_main || worktree.missing || number_of(worktree)) continue;
    Slot slot;
    slot.path = slot.absolute_path = worktree.path;
    slot.folder = worktree.path.substr(worktree.path.rfind('/') + 1);
    slot.admin_folder = worktree.admin_folder;
    slot.branch = short_branch(worktree.branch);
    slot.detached = worktree.head;
    slot.claim = read_claim(worktree.admin_folder);
    slot.has_index = exists(join_path(worktree.admin_folder, "index"));
    slot.state = slot.claim ? Slot::State::handed_over : Slot::State::by_hand;
    found.push_back(std::move(slot));
  }
  return found;
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

int Slots::lowest_free(std::set<int> taken) const {
  for (const auto& slot : list()) taken.insert(slot.number);
  int number = 1;
  while (taken.contains(number)) ++number;
  return number;
}

bool Slots::dirty(const Slot& slot) const {
  if (!slot.has_folder() || slot.admin_folder.empty()) return false;
  refuse_damaged(slot, IndexLook::whole);
  if (slot.number > 0) return is_dirty(SlotFolder(place_, slot));
  SlotsPlace place;
  place.root = slot.absolute_path.substr(0, slot.absolute_path.rfind('/') + 1);
  return is_dirty(SlotFolder(place, slot));
}

}  // namespace gitplan
