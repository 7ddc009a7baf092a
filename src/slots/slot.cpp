#include "slots/slot.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/names.hpp"
#include "base/text.hpp"

namespace gitplan {
namespace {

constexpr std::string_view claim_file = "git-plan-slot";

std::string claim_path(const std::string& admin_folder) {
  return join_path(admin_folder, claim_file);
}

template <typename Number>
Number parse_number(std::string_view text) {
  Number value{};
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

constexpr Names<Claim::Phase, 6> phases = {{{"saving", Claim::Phase::saving},
                                            {"filling", Claim::Phase::filling},
                                            {"filled", Claim::Phase::filled},
                                            {"ready", Claim::Phase::ready},
                                            {"leaving", Claim::Phase::leaving},
                                            {"discarding", Claim::Phase::discarding}}};

void set(Claim& claim, std::string_view key, std::string_view value) {
  if (key == "session") claim.session = value;
  if (key == "task") claim.task = value;
  if (key == "branch") claim.branch = value;
  if (key == "since") claim.since = parse_number<Seconds>(value);
  if (key == "pid") claim.owner.pid = parse_number<int>(value);
  if (key == "start-time") claim.owner.start_time = parse_number<std::uint64_t>(value);
  if (key == "boot") claim.owner.space.boot = parse_number<std::uint64_t>(value);
  if (key == "pid-namespace") claim.owner.space.pid_namespace = parse_number<std::uint64_t>(value);
  if (key == "cut-off") claim.cut_off = value;
  if (key == "phase") claim.phase = value_named(phases, value).value_or(claim.phase);
}

Slot::State state_of_stranger(const SlotFacts& facts) {
  if (!facts.folder_exists) return Slot::State::absent;
  return facts.dot_git == SlotFacts::DotGit::other_repository ? Slot::State::other_repository
                                                              : Slot::State::strange;
}

}  // namespace

Slot::State state_of(const SlotFacts& facts) {
  using DotGit = SlotFacts::DotGit;
  if (!facts.recorded) return state_of_stranger(facts);
  const bool handed_over = !facts.phase || *facts.phase == Claim::Phase::ready;
  if (!handed_over && facts.owner_may_live) return Slot::State::making;
  if (!facts.folder_exists) return Slot::State::folder_gone;
  if (facts.dot_git == DotGit::old_place) return Slot::State::moved;
  if (facts.dot_git != DotGit::this_worktree) return Slot::State::displaced;
  if (!handed_over || (!facts.phase && !facts.has_index)) return Slot::State::half_made;
  return facts.phase ? Slot::State::handed_over : Slot::State::by_hand;
}

bool Slot::is_worktree() const {
  return state == State::making || state == State::half_made || state == State::handed_over ||
         state == State::by_hand;
}

bool Slot::has_folder() const { return state != State::absent && state != State::folder_gone; }

bool Slot::holds_its_task() const {
  return state == State::making || state == State::handed_over || state == State::by_hand ||
         state == State::moved || state == State::displaced;
}

std::string encode(const Claim& claim) {
  const ProcessIdentity& owner = claim.owner;
  return fmt::format(
      "session {}\ntask {}\nbranch {}\nsince {}\npid {}\nstart-time {}\nboot {}\npid-namespace {}\n"
      "cut-off {}\nphase {}\n",  // the phase last: it says that all is there
      claim.session, claim.task, claim.branch, claim.since, owner.pid, owner.start_time,
      owner.space.boot, owner.space.pid_namespace, claim.cut_off, name_of(phases, claim.phase));
}

std::optional<Claim> decode_claim(std::string_view text) {
  Claim claim;
  bool complete = false;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    set(claim, line.substr(0, space), line.substr(space + 1));
    if (line.starts_with("phase ")) complete = true;
  }
  if (!complete) return std::nullopt;
  return claim;
}

std::optional<Claim> read_claim(const std::string& admin_folder) try {
  constexpr std::size_t more_than_enough = 64U << 10U;
  const auto text = read_file(claim_path(admin_folder), more_than_enough);
  return text ? decode_claim(*text) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

void write_claim(const std::string& admin_folder, const Claim& claim) {
  write_file_atomically(claim_path(admin_folder), encode(claim));
}

void set_phase(Slot& slot, Claim::Phase phase) {
  slot.claim->phase = phase;
  write_claim(slot.admin_folder, *slot.claim);
}

void erase_claim(const std::string& admin_folder) { ::unlink(claim_path(admin_folder).c_str()); }

}  // namespace gitplan
