// What a remote was asked for last, beside the copies of what it had: which of them are no older
// than the copy of a flow branch's beat. A fetch of some refs moves beat's copy, too: what it did
// not ask for may be older then, and no push may stand on it without a look.
//
// "<common>/git-plan/asked-<remote>", a line for each flow branch; its time is that of the last
// answer:
//
//   <beat> <flow branch> <pattern> <pattern> ...
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan {

class AskedFile {
 public:
  AskedFile(const git::Repository& repository, std::string_view remote);

  [[nodiscard]] std::optional<Seconds> time() const;
  /// Each pattern is one of those that were asked for when beat was there, or lies within one.
  [[nodiscard]] bool has(const std::string& flow_branch, const git::Oid& beat,
                         std::span<const std::string> patterns) const;
  /// Without a beat, nothing is known of that flow branch. Where it cannot be written, nothing is
  /// known either.
  void write(const std::string& flow_branch, const std::optional<git::Oid>& beat,
             std::vector<std::string> patterns) const;
  /// The same patterns at another beat.
  void move(const std::string& flow_branch, const std::optional<git::Oid>& beat) const;

 private:
  struct Line {
    git::Oid beat;
    std::vector<std::string> patterns;
  };
  using Lines = std::map<std::string, Line>;
  [[nodiscard]] Lines read() const;
  void save(const Lines& lines) const;

  const git::Repository* repository_;
  std::string path_;
};

}  // namespace gitplan
