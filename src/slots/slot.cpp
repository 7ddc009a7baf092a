#include "slots/slot.hpp"

#include <fmt/format.h>

#include <charconv>

#include "base/error.hpp"
#include "base/fd.hpp"
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

std::string_view to_string(Claim::Phase phase) {
  switch (phase) {
    case Claim::Phase::saving:
      return "saving";
    case Claim::Phase::filling:
      return "filling";
    case Claim::Phase::ready:
      return "ready";
    case Claim::Phase::discarding:
      return "discarding";
  }
  return "saving";
}

void set(Claim& claim, std::string_view key, std::string_view value) {
  if (key == "session") claim.session = value;
  if (key == "task") claim.task = value;
  if (key == "branch") claim.branch = value;
  if (key == "since") claim.since = parse_number<Seconds>(value);
  if (key == "pid") claim.owner.pid = parse_number<int>(value);
  if (key == "start-time") claim.owner.start_time = parse_number<std::uint64_t>(value);
  if (key != "phase") return;
  for (const auto phase : {Claim::Phase::saving, Claim::Phase::filling, Claim::Phase::ready,
                           Claim::Phase::discarding}) {
    if (value == to_string(phase)) claim.phase = phase;
  }
}

}  // namespace

bool Slot::is_being_made() const {
  return claim && claim->phase != Claim::Phase::ready && is_alive(claim->owner);
}

bool Slot::is_half_made() const {
  if (admin_folder.empty()) return false;
  if (claim) return claim->phase != Claim::Phase::ready && !is_alive(claim->owner);
  return !has_index;
}

bool Slot::holds_nothing_yet() const {
  if (!is_half_made()) return false;
  if (!claim || claim->phase == Claim::Phase::filling) return true;
  return claim->phase == Claim::Phase::discarding && !folder_exists;
}

std::string encode(const Claim& claim) {
  return fmt::format("session {}\ntask {}\nbranch {}\nsince {}\npid {}\nstart-time {}\nphase {}\n",
                     claim.session, claim.task, claim.branch, claim.since, claim.owner.pid,
                     claim.owner.start_time, to_string(claim.phase));
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

}  // namespace gitplan
