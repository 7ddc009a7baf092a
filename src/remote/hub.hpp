// The remote as the protocol needs it: look, fetch, push. git_hub.hpp is one over git's transports;
// tests have one in memory.
#pragma once

#include <map>
#include <span>
#include <string>
#include <variant>

#include "git/oid.hpp"
#include "remote/push.hpp"

namespace gitplan::remote {

/// Refs of the remote by their full names there. What is not listed was not there.
using SeenRefs = std::map<std::string, git::Oid>;

/// The remote was not reached, or said no.
struct NotReached {
  std::string words;  ///< printable, on one line
};

class Hub {
 public:
  Hub() = default;
  Hub(const Hub&) = delete;
  Hub& operator=(const Hub&) = delete;
  virtual ~Hub() = default;

  /// What stands there of refs that match the patterns (names.hpp: full refs, or with a star at the
  /// end). One connection; no object comes, no local ref moves. Not read at one moment: refs may
  /// have moved between the first and the last.
  virtual std::variant<SeenRefs, NotReached> list(std::span<const std::string> patterns) = 0;

  /// The same, and their objects come too; the local copies (Names::kept) of what matches become
  /// what was seen, those of what is gone go. Each ref is read after the call began.
  virtual std::variant<SeenRefs, NotReached> fetch(std::span<const std::string> patterns) = 0;

  /// All moves or, but for a host that is killed meanwhile, none. What was pushed moves the local
  /// copies too.
  virtual PushOutcome push(const Push& push) = 0;
};

}  // namespace gitplan::remote
