// Plays a story and looks, after each step, whether all is as it must be.
#pragma once

#include <optional>
#include <string>

#include "chaos/invariants.hpp"
#include "chaos/snapshot.hpp"
#include "chaos/story.hpp"
#include "chaos/world.hpp"

namespace chaos {

struct Fault {
  std::string invariant;
  std::string text;
  std::size_t step = 0;  ///< index of the step after which it was seen
};

class Player {
 public:
  explicit Player(World& world) : world_(world) {}

  /// From the beginning; world.told() says how it went. Ends at the first fault. Throws
  /// std::invalid_argument for an action that is not in the table.
  std::optional<Fault> play(const Story& story);

  /// How many steps were possible, of all stories.
  [[nodiscard]] long steps() const { return steps_; }

 private:
  std::optional<Fault> play(const Step& step);
  std::optional<Fault> judge(const Doing& doing);
  /// What costs too much after each step.
  std::optional<Fault> judge_the_end(std::size_t steps);
  std::optional<Fault> once_more(const Doing& killed);

  World& world_;
  Observer observer_;
  Snapshot before_;
  std::map<std::string, std::string> local_changes_;
  long steps_ = 0;
};

}  // namespace chaos
