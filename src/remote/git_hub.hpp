// The remote through git's own transports: `git ls-remote`, `git fetch`, `git push`. Nothing asks a
// person: no prompt of git, of ssh or of a helper, and no terminal. What is silent for too long is
// ended with all that it started.
#pragma once

#include <chrono>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "git/process.hpp"
#include "remote/hub.hpp"
#include "remote/names.hpp"

namespace gitplan::git {
class Config;
class Repository;
}  // namespace gitplan::git

namespace gitplan::remote {

/// The name of the lock (git/lock.hpp) to hold from before notes are written until local refs
/// follow the push: one push at a time in a clone.
inline constexpr const char* push_lock = "push";

/// plan.remoteTimeout: seconds, or a duration with its unit ("2 minutes"); 60 s where it is not
/// set. Throws Error(fatal) on anything else.
std::chrono::milliseconds remote_timeout(const git::Config& config);

/// What keeps git and what it starts from asking: variables for its environment. An ssh command
/// that the user chose is left as it is.
std::vector<std::pair<std::string, std::string>> unattended(const git::Config& config);

/// False for a branch of the remote that is no commit, as a host may have one: it counts as not
/// there.
bool is_fit(const git::Repository& repository, const Names& names, std::string_view ref,
            const git::Oid& object);

class HubOverGit : public Hub {
 public:
  /// `remote` is the name of a remote in git's configuration. The repository must outlive it.
  HubOverGit(const git::Repository& repository, std::string remote, const Names& names);

  std::variant<SeenRefs, NotReached> list(std::span<const std::string> patterns) override;
  /// Two at once in one clone take turns. Throws Error(lost_race) where a local copy cannot be
  /// moved.
  std::variant<SeenRefs, NotReached> fetch(std::span<const std::string> patterns) override;
  PushOutcome push(const Push& push) override;
  /// What it says of itself: nothing is pushed. True also where it says nothing of it.
  [[nodiscard]] bool takes_atomic_pushes() const;

 private:
  [[nodiscard]] git::Outcome run(std::vector<std::string> words) const;
  [[nodiscard]] std::vector<std::string> fetch_words(std::span<const std::string> patterns) const;
  std::optional<NotReached> leave_out_missing(std::vector<std::string>& wanted);
  bool clear_ways(std::span<const std::string> patterns);
  void clear_way(const std::string& copy) const;
  void keep(const std::string& copy, const git::Oid& object) const;
  void drop(const std::string& ref) const;
  void follow(const Push& push) const;

  const git::Repository* repository_;
  std::string remote_;
  Names names_;
  std::chrono::milliseconds patience_;
  std::vector<std::pair<std::string, std::string>> environment_;
};

/// What this clone saw last of what matches, without asking anybody: for commands that only read.
SeenRefs last_seen(const git::Repository& repository, std::string_view remote, const Names& names,
                   std::span<const std::string> patterns);

}  // namespace gitplan::remote
