// A push transaction: refs of the remote to move together or not at all, each from what it was seen
// at; and what became of it. Values only: git_hub.hpp carries one out.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::remote {

/// A ref of the remote, by its full name there. Moves that leave it as it is bind nothing, as git
/// does not send them, and are left out of a push.
struct RefMove {
  std::string ref;
  std::optional<git::Oid> from;  ///< nothing: must not exist
  std::optional<git::Oid> to;    ///< nothing: deleted
  bool operator==(const RefMove&) const = default;
};
inline bool changes(const RefMove& move) { return move.from != move.to; }

struct Push {
  std::vector<RefMove> moves;
  enum class PrePush { skip, run } pre_push = PrePush::skip;  ///< the user's hook
};

struct PushOutcome {
  enum class Kind {
    pushed,
    rejected,     ///< something moved, or the host says only that it did not work: look again
    refused,      ///< the host, or the user's hook, does not want it; `words` says why
    locked,       ///< a lock stands on the host: another push under way, or one that died
    unreachable,  ///< the host was not reached: nothing happened
    unknown,      ///< no answer: it may have been carried out, or may be yet
    unsupported,  ///< the host takes no atomic pushes
  };
  Kind kind = Kind::unknown;
  std::vector<std::string> rejected = {};  ///< the refs of the remote that were named as reasons
  /// A host that hides refs, and several push URLs, may do a part of an atomic push all the same:
  /// what is said to have moved although others did not.
  std::vector<std::string> moved = {};
  std::string words = {};  ///< what the host said, printable, on one line
};
std::string_view to_string(PushOutcome::Kind kind);

/// What git wrote and how it ended.
struct PushReport {
  int exit_status = 0;
  std::string output;      ///< of --porcelain
  std::string errors;      ///< standard error, LC_ALL=C
  bool was_ended = false;  ///< we lost patience, and ended it
};

/// The words behind "git": config, options, leases, and refspecs to `remote`.
std::vector<std::string> push_arguments(const Push& push, std::string_view remote);

/// Pure. Whatever stands in the report, there is an outcome; `pushed` only if git says so of each
/// ref that was to move.
PushOutcome read_report(const PushReport& report, const Push& push);

/// The last lines that a program wrote to standard error, without progress, printable and joined by
/// "; ", at most 400 bytes.
std::string host_words(std::string_view errors);

}  // namespace gitplan::remote
