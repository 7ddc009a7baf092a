// The agents of a run: who takes a task now, who is parked, who is asked again. The rules; where
// parkings are kept, and what time it is, it is told.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "agents/agent.hpp"
#include "agents/parking.hpp"

namespace gitplan::agents {

/// Where parkings are kept, for all runs of a repository.
class ParkingLot {
 public:
  ParkingLot() = default;
  ParkingLot(const ParkingLot&) = delete;
  ParkingLot& operator=(const ParkingLot&) = delete;
  virtual ~ParkingLot() = default;
  virtual Parkings read() = 0;
  /// Reads, changes and writes while nobody else does; returns what stands then.
  virtual Parkings update(const std::function<void(Parkings&)>& change) = 0;
};

/// When each attempt that is at work was started, by its agent.
using AtWork = std::map<std::string, std::vector<Seconds>>;

struct Parking {
  std::string agent;
  Seconds until = 0;
  std::string unread;  ///< what it named for a time, where that is none
};

class Crew {
 public:
  using Clock = std::function<Seconds()>;
  /// `usual`: who takes tasks that name nobody. `most`: none is parked for longer.
  Crew(Agents agents, std::string usual, Seconds most, ParkingLot& lot, Clock clock)
      : agents_(std::move(agents)),
        usual_(std::move(usual)),
        most_(most),
        lot_(&lot),
        clock_(std::move(clock)) {}

  [[nodiscard]] Seconds now() const { return clock_(); }
  [[nodiscard]] Seconds most_parked() const { return most_; }
  /// Null for a name that is not among them. "": the usual one.
  [[nodiscard]] const Agent* find(const std::string& name) const;

  /// Who begins an attempt of a task that wants this agent, if anybody can now: itself, or while it
  /// is parked its fallback. One that is parked is asked once by each run, by one task. One that
  /// named no time is asked by one task when its time has come, before others follow.
  std::optional<std::string> taker(const std::string& wanted, const AtWork& at_work);
  /// Since `forget_refusals`, a task got no taker as all that it could go to are parked.
  [[nodiscard]] bool has_refused() const { return has_refused_; }
  void forget_refusals() { has_refused_ = false; }

  void began(const std::string& agent) { asked_.insert(agent); }
  /// An attempt ended so. Says so if its agent was not known to be parked, or for much shorter.
  std::optional<Parking> is_not_now(const std::string& agent, const NotNow& word, Seconds started);
  /// An attempt ended otherwise, or goes on for a while: its agent works.
  void works(const std::string& agent, Seconds started);
  /// Called now and then. Those that are parked no more, in the order of their names, each once.
  std::vector<std::string> look(const AtWork& at_work);

  /// When the first of those that a task could go to comes back; nothing if none is parked.
  [[nodiscard]] std::optional<Seconds> parked_until(const std::string& wanted) const;

 private:
  [[nodiscard]] const Parked* parking_of(const std::string& agent) const;
  [[nodiscard]] bool can_be_asked(const std::string& agent, const AtWork& at_work) const;
  static bool is_being_asked(const Parked& parked, const std::vector<Seconds>& started);
  [[nodiscard]] bool has_proved(const Parked& parked, const std::vector<Seconds>& started) const;

  Agents agents_;
  std::string usual_;
  Seconds most_;
  ParkingLot* lot_;
  Clock clock_;
  Parkings parkings_;
  std::set<std::string> asked_;   ///< by this run
  std::set<std::string> parked_;  ///< as this run has said
  bool has_refused_ = false;
};

}  // namespace gitplan::agents
