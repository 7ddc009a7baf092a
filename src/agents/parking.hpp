// Which agents cannot work now, as a value: until when, and what becomes of that when they are
// asked again.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "agents/not_now.hpp"
#include "base/clock.hpp"

namespace gitplan::agents {

/// Stands from when an agent said that it cannot work now until it has worked again; it is parked
/// while `until` is to come.
struct Parked {
  Seconds since = 0;
  Seconds until = 0;
  bool named = false;  ///< the agent named the time; else it is asked again after a while
  int times = 1;       ///< in a row
  [[nodiscard]] bool holds(Seconds now) const { return now < until; }
  bool operator==(const Parked&) const = default;
};

using Parkings = std::map<std::string, Parked>;  ///< by agent

/// After the first time a minute, then twice as long each time, half an hour at most.
Seconds back_off(int times);

/// What stands of an agent that says so now, after what stood of it. A time that has passed means
/// now, but only once in a row: an agent that goes on naming it is asked ever less often. None is
/// further away than `most`.
Parked park(const std::optional<Parked>& before, const NotNow& word, Seconds now, Seconds most);

/// For a file: a line an agent. What cannot be read is left out.
std::string encode(const Parkings& parkings);
Parkings decode_parkings(std::string_view text);

}  // namespace gitplan::agents
