#include "slots/mend.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "slots/damage.hpp"
#include "slots/slots.hpp"

namespace gitplan {
namespace {

/// On its branch, unless it was elsewhere last: a commit made there is not for its task to judge.
/// Empty: nothing tells.
std::string head_of(const git::Repository& repository, const Slot& slot) {
  const std::string branch =
      slot.claim && !slot.claim->branch.empty() ? "refs/heads/" + slot.claim->branch : "";
  auto last = last_head(slot.admin_folder);
  if (last && !git::object_exists(repository, *last)) last.reset();
  const auto tip = branch.empty() ? std::nullopt : git::read_ref(repository, branch);
  const bool was_there = !last || !tip || *last == *tip;
  if (!branch.empty() && was_there) return fmt::format("ref: {}\n", branch);
  return last ? last->hex() + "\n" : "";
}

/// It stays beside, since what was staged may be read from it yet.
void set_index_aside(const std::string& admin_folder) {
  const std::string index = join_path(admin_folder, "index");
  std::string aside = index + ".damaged";
  for (int count = 2; exists(aside); ++count) aside = fmt::format("{}.damaged-{}", index, count);
  if (::rename(index.c_str(), aside.c_str()) == 0) return;
  throw Error(ErrorKind::fatal,
              fmt::format("cannot move '{}' aside: {}", index, std::strerror(errno)));
}

/// From what is checked out, as far as git can; the files are what they were.
void read_index_anew(const Slots& slots, const Slot& slot) {
  if (!slot.is_worktree()) return;
  const SlotFolder folder(slots.place(), slot);
  if (!folder.git({"read-tree", "-m", "HEAD"}).ok()) return;           // its branch has no commit
  static_cast<void>(folder.git({"update-index", "-q", "--refresh"}));  // tells what is changed
}

void mend(const git::Repository& repository, const Slots& slots, const Slot& slot) {
  const auto damaged = damaged_files(slot.admin_folder, IndexLook::whole);
  for (const std::string& name : damaged) {
    if (name == "index") set_index_aside(slot.admin_folder);
    std::string content;
    if (name == "HEAD") content = head_of(repository, slot);
    if (name == "commondir") content = "../..\n";
    if (name == "gitdir") content = slot.absolute_path + "/.git\n";
    if (!content.empty()) write_file_atomically(join_path(slot.admin_folder, name), content);
  }
  if (!damaged.empty() && damaged.back() == "index") read_index_anew(slots, slots.at(slot.number));
}

}  // namespace

void mend_damaged(const git::Repository& repository, const Slots& slots) {
  const auto held = slots.lock();
  for (const Slot& slot : slots.worktrees()) {
    if (slot.state != Slot::State::making && slot.has_folder()) mend(repository, slots, slot);
  }
}

}  // namespace gitplan
