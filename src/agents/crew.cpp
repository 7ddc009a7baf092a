#include "agents/crew.hpp"

#include <algorithm>

namespace gitplan::agents {
namespace {

/// An attempt that goes on for so long works: limits show at the beginning.
constexpr Seconds proof = 60;
/// What a time may differ by without being told again.
constexpr Seconds about_the_same = 60;

const std::vector<Seconds>& of(const AtWork& at_work, const std::string& agent) {
  static const std::vector<Seconds> none;
  const auto found = at_work.find(agent);
  return found == at_work.end() ? none : found->second;
}

}  // namespace

const Agent* Crew::find(const std::string& name) const {
  const auto found = agents_.find(name.empty() ? usual_ : name);
  return found == agents_.end() ? nullptr : &found->second;
}

const Parked* Crew::parking_of(const std::string& agent) const {
  const auto found = parkings_.find(agent);
  return found == parkings_.end() ? nullptr : &found->second;
}

bool Crew::is_being_asked(const Parked& parked, const std::vector<Seconds>& started) {
  return std::ranges::any_of(started, [&](Seconds time) { return time > parked.since; });
}

bool Crew::has_proved(const Parked& parked, const std::vector<Seconds>& started) const {
  return std::ranges::any_of(
      started, [&](Seconds time) { return time > parked.since && now() - time >= proof; });
}

bool Crew::can_be_asked(const std::string& agent, const AtWork& at_work) const {
  const Parked* parked = parking_of(agent);
  if (parked == nullptr) return true;
  const auto& started = of(at_work, agent);
  const bool may_ask = !is_being_asked(*parked, started);
  if (parked->holds(now())) return may_ask && !asked_.contains(agent);
  return may_ask || parked->named || has_proved(*parked, started);
}

std::optional<std::string> Crew::taker(const std::string& wanted, const AtWork& at_work) {
  const Agent* first = find(wanted);
  if (first == nullptr) return std::nullopt;
  for (const std::string& name : fallback_chain(agents_, first->name)) {
    if (!can_be_asked(name, at_work)) continue;
    const auto most = agents_.at(name).most_at_once;
    if (most && of(at_work, name).size() >= static_cast<std::size_t>(*most)) return std::nullopt;
    return name;
  }
  has_refused_ = true;
  return std::nullopt;
}

std::optional<Parking> Crew::is_not_now(const std::string& agent, const NotNow& word,
                                        Seconds started) {
  std::optional<Parking> news;
  parkings_ = lot_->update([&](Parkings& all) {
    const auto found = all.find(agent);
    const auto before = found == all.end() ? std::nullopt : std::optional(found->second);
    const bool is_known = before && before->holds(now()) && started <= before->since;
    Parked parked = park(is_known ? std::nullopt : before, word, now(), most_);
    if (is_known) {
      parked.times = before->times;
      if (!parked.named || parked.until <= before->until + about_the_same) return;
    }
    all[agent] = parked;
    news = Parking{agent, parked.until, word.unread};
  });
  if (news) parked_.insert(agent);
  return news;
}

void Crew::works(const std::string& agent, Seconds started) {
  const Parked* parked = parking_of(agent);
  if (parked == nullptr || started <= parked->since) return;
  parkings_ = lot_->update([&](Parkings& all) {
    const auto found = all.find(agent);
    if (found != all.end() && started > found->second.since) all.erase(found);
  });
}

std::vector<std::string> Crew::look(const AtWork& at_work) {
  parkings_ = lot_->read();
  for (const auto& [agent, started] : at_work) {
    const Parked* parked = parking_of(agent);
    if (parked != nullptr && has_proved(*parked, started))
      works(agent, *std::ranges::max_element(started));
  }
  std::vector<std::string> woken;
  std::erase_if(parked_, [&](const std::string& agent) {
    const Parked* parked = parking_of(agent);
    const bool is_awake = parked == nullptr || !parked->holds(now());
    if (is_awake) woken.push_back(agent);
    return is_awake;
  });
  return woken;
}

std::optional<Seconds> Crew::parked_until(const std::string& wanted) const {
  const Agent* first = find(wanted);
  std::optional<Seconds> until;
  if (first == nullptr) return until;
  for (const std::string& name : fallback_chain(agents_, first->name)) {
    const Parked* parked = parking_of(name);
    if (parked == nullptr || !parked->holds(now())) return std::nullopt;
    until = std::min(until.value_or(parked->until), parked->until);
  }
  return until;
}

}  // namespace gitplan::agents
