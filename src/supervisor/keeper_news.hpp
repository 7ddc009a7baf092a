// What the process says that keeps a run's claims where machines share the plan: a run's second
// pair of eyes. How it is written stands in commands/wave/keeper_news.hpp.
#pragma once

#include <string>
#include <variant>

namespace gitplan::supervisor {

/// The remote cannot be reached, or can again.
struct Connection {
  bool is_offline = false;
  std::string words = {};  ///< why
  bool operator==(const Connection&) const = default;
};

/// A task of this run is not its own any more: its worker ends, its work is kept.
struct LostTask {
  enum class Why {
    superseded,  ///< another machine has it, or nobody
    over         ///< others completed it, or gave it up
  } why = Why::superseded;
  std::string task;
  std::string reason;
  bool operator==(const LostTask&) const = default;
};

/// All that was wanted at `stands_on` (RunWants) was seen to: nothing more can be claimed now.
struct SeenTo {
  std::string stands_on;
  bool waits = false;  ///< others hold what may come free by itself
  bool operator==(const SeenTo&) const = default;
};

/// Something was claimed, or what stands here has followed the remote.
struct Stirred {
  bool operator==(const Stirred&) const = default;
};

/// It cannot go on.
struct KeeperFailed {
  std::string words;
  std::string hint = {};
  bool operator==(const KeeperFailed&) const = default;
};

using KeeperNews = std::variant<Connection, LostTask, SeenTo, Stirred, KeeperFailed>;

}  // namespace gitplan::supervisor
