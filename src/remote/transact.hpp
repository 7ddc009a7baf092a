// The one way in which something is written to the remote: look at beat, fetch what decides,
// decide, note, push; where something moved meanwhile, all of it again. Why beat: a lease binds
// only what a push moves, so every push that decides moves one common ref, from what it was before
// anything else was read; then nothing that was read, and nothing that was not there, can have
// changed by a push of these tools when it goes through.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "remote/hub.hpp"
#include "remote/names.hpp"
#include "remote/notes.hpp"
#include "remote/push.hpp"

namespace gitplan::remote {

/// What a decision stands on.
struct Seen {
  std::optional<git::Oid> beat;  ///< before anything of `refs` was read; nothing: there was none
  SeenRefs refs;
  bool is_beat_known = false;  ///< false: nobody looked, as for a renewal
  [[nodiscard]] std::optional<git::Oid> at(const std::string& ref) const;
};

/// For judge (notes.hpp): what was seen of a note's claim.
Facts facts_of(const Note& note, const Seen& seen, const Names& names, bool is_in_flow);

/// What was decided. Beat's move is put in by transact. A push whose moves change nothing is none.
struct Transaction {
  std::vector<RefMove> moves;
  Push::PrePush pre_push = Push::PrePush::skip;
  /// Of each claim that it makes (kind, from and beat are filled in), and of those that it ends by
  /// landing.
  std::vector<Note> notes = {};
};
/// A function of what was seen; nothing: there is nothing to do. May throw, which ends it all.
using Decide = std::function<std::optional<Transaction>(const Seen&)>;

struct Request {
  std::string remote;
  std::string flow;                   ///< whose beat
  std::vector<std::string> patterns;  ///< that decide, beside beat
  /// What the last push of ours left (Ended::seen): where that went through, no look is needed.
  std::optional<Seen> known = {};
  enum class Kind { decides, renews } kind = Kind::decides;  ///< a renewal moves no beat
  std::optional<int> tries = 20;                             ///< nothing: never gives up
};

/// What transact needs of the world.
struct Means {
  Hub& hub;
  Notebook& notebook;
  Names names;
  std::function<git::Oid(const std::optional<git::Oid>& before)> new_beat;
  std::function<double()> random;  ///< in [0, 1)
  std::function<void(std::chrono::milliseconds)> sleep;
};
/// Beats of this repository, and true waits. What it is given must outlive it.
Means real_means(Hub& hub, Notebook& notebook, const git::Repository& repository,
                 const Names& names, std::string machine);

struct Ended {
  enum class Kind {
    pushed,
    nothing,      ///< there was nothing to do
    lost,         ///< others were quicker each time
    refused,      ///< the host does not want it; the same push again would end alike
    locked,       ///< a lock stands on the host, and does not go
    unreachable,  ///< nothing happened
    unknown,      ///< no answer: the notes stay
  } kind = Kind::nothing;
  Seen seen;                       ///< as after the push, where it went through
  std::vector<std::string> moved;  ///< of a push that was refused, all the same
  std::string words;               ///< the host's
  int pushes = 0;
};

/// Throws what decide and the notebook throw; leaves the remote as it was then.
Ended transact(const Means& means, const Request& request, const Decide& decide);

/// How long to wait before the next try: random, and longer with each (the first is 1).
std::chrono::milliseconds wait_before(int next_try, double random);

/// Throws Error(lost_race) with code lost_race, remote_refused, remote_locked, remote_unreachable
/// or remote_unknown; nothing where it went through, or there was nothing to do.
void throw_unless_done(const Ended& ended, std::string_view remote);

}  // namespace gitplan::remote
