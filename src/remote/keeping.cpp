#include "remote/keeping.hpp"

#include <algorithm>

namespace gitplan::remote {
namespace {

using Time = Keeping::Time;

constexpr Time minute = std::chrono::minutes(1);
/// What a host counts as a minute may begin a little later than ours.
constexpr Time margin = std::chrono::milliseconds(500);
constexpr int renewals_in_a_lease = 3;

}  // namespace

std::chrono::milliseconds wait_while_away(int failures, double random) {
  constexpr double first = 1000;
  constexpr double longest = 60000;
  const double most =
      std::min(longest, first * static_cast<double>(1 << std::clamp(failures - 1, 0, 6)));
  return Time(static_cast<std::int64_t>(std::max(first, most * (0.5 + random / 2))));
}

void Keeping::looked(Time began, Time ended, const StandingClaims& claims,
                     const std::set<std::string>& own) {
  std::map<std::string, Watched> watched;
  others_.clear();
  for (const auto& [ref, claim] : claims) {
    if (own.contains(ref)) continue;
    if (claim.claim && claim.claim->machine != machine_) others_.insert(claim.claim->machine);
    const auto known = watched_.find(ref);
    const bool is_same = known != watched_.end() && known->second.claim.object == claim.object;
    watched[ref] = {claim, is_same ? known->second.seen_first : ended, began};
  }
  watched_ = std::move(watched);
}

void Keeping::pushed(Time began) { pushed_ = pushed_ ? std::max(*pushed_, began) : began; }

void Keeping::renewed(Time began) {
  pushed(began);
  renewed_ = began;
}

void Keeping::not_reached(Time when, double random) {
  ++failures_;
  next_try_ = when + wait_while_away(failures_, random);
}

void Keeping::reached() {
  failures_ = 0;
  next_try_ = Time::min();
}

void Keeping::wait_to_look(Time now, double random) {
  next_look_ = now + Time(static_cast<std::int64_t>(static_cast<double>(policy_.poll.count()) *
                                                    (0.75 + random / 2)));
}

/// So that each window of a minute, wherever it begins, has no more than all may push together.
Time Keeping::between_pushes() const {
  if (policy_.most_pushes <= 0) return Time(0);
  const int in_a_minute = policy_.most_pushes / machines();
  if (in_a_minute >= 1) return minute / in_a_minute + margin;
  return minute * machines() / policy_.most_pushes + margin;
}

bool Keeping::may_push(Time now) const { return !pushed_ || now - *pushed_ >= between_pushes(); }

bool Keeping::must_renew(Time now) const {
  if (!renewed_) return may_push(now);
  if (now - *renewed_ < policy_.lease / renewals_in_a_lease) return false;
  return may_push(now) || now - *renewed_ >= policy_.lease * 2 / renewals_in_a_lease;
}

std::vector<std::string> Keeping::expired() const {
  std::vector<std::string> refs;
  for (const auto& [ref, one] : watched_) {
    const auto lease = lease_of(one.claim);
    if (lease && one.seen_last - one.seen_first >= *lease) refs.push_back(ref);
  }
  return refs;
}

bool Keeping::is_any_expiring() const {
  return std::ranges::any_of(
      watched_, [](const auto& one) { return lease_of(one.second.claim).has_value(); });
}

std::optional<git::Oid> Keeping::watched(const std::string& ref) const {
  const auto found = watched_.find(ref);
  return found == watched_.end() ? std::nullopt : std::optional(found->second.claim.object);
}

}  // namespace gitplan::remote
