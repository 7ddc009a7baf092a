// What a flow branch is known to be right as. Runs that verify take it for right as it stands when
// they begin, and after each merge of their own that was verified; what anybody else moved it to,
// with plain git, is verified before something is merged on top.
//
// Kept in "<common>/git-plan/verified/<flow branch>", which may be deleted: flow is verified once
// more then.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "git/oid.hpp"

namespace gitplan {

class Workspace;

struct FlowIsRed {
  git::Oid commit;
  int exit_status = 0;
};

class FlowTrust {
 public:
  /// `command`: what verifies, as for `sh -c`. What another command has found does not count.
  FlowTrust(const Workspace& workspace, std::string flow_branch, std::string command);

  /// At the beginning of a run. What this command found red, and is as it was, stays unknown; so
  /// does what flow was moved to, unseen, since an earlier run that `was_cut_short`.
  void begin(const git::Oid& flow, bool was_cut_short);
  /// It is as it was found green.
  [[nodiscard]] bool knows(const git::Oid& flow) const;
  /// Verifies flow, unless it is known; what is red, so many times more before it is called so.
  std::optional<FlowIsRed> look(const git::Oid& flow, int retries,
                                const std::function<bool()>& is_cut_short = {});
  enum class Found { green, red };
  /// Flow is this now, and was verified.
  void note(const git::Oid& flow, Found found) const;

 private:
  struct Note;
  [[nodiscard]] std::optional<Note> read() const;
  void write(const Note& note) const;
  [[nodiscard]] bool same_tree(const git::Oid& a, const git::Oid& b) const;

  const Workspace* workspace_;
  std::string flow_branch_;
  std::string command_;
};

}  // namespace gitplan
