// Whose each task branch is: which sessions have a file for its number in its tree. Kept in the
// cache of the repository, a record for each branch, which holds for the commit that it is at.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "git/refs.hpp"
#include "store/session_trees.hpp"

namespace gitplan {

/// A session that a branch may belong to.
struct BranchClaim {
  std::uint32_t branch = 0;     ///< its place among the refs
  std::uint32_t session = 0;    ///< its place among the names
  std::string file;             ///< of that session, for the branch's number
  bool called_like_it = false;  ///< "001-x.toml", of "task/001-x"
  bool named_by_it = false;     ///< the file's `branch` is this one
};

class BranchIndex {
 public:
  /// `refs`: the task branches, sorted by name. Reads what the cache does not know, and saves it.
  /// A ref at something else than a commit is nobody's. Throws Error(fatal) where a tip cannot be
  /// read.
  BranchIndex(const git::Repository& repository, SessionTrees& trees, std::vector<git::Ref> refs);

  /// In the order of the refs. A branch that no file names (neither of the two above) is claimed by
  /// every session with a file of its number: it may have been renamed.
  [[nodiscard]] std::vector<BranchClaim> claims_of(const std::string& session) const;
  [[nodiscard]] const git::Ref& ref(const BranchClaim& claim) const { return refs_[claim.branch]; }

 private:
  void recall(const git::Repository& repository);
  void save(const git::Repository& repository) const;
  [[nodiscard]] std::vector<BranchClaim> read(std::uint32_t branch, SessionTrees& trees);
  std::uint32_t place_of(const std::string& session);

  std::vector<git::Ref> refs_;
  std::vector<bool> known_;                       ///< of each ref, whether its claims are
  std::vector<std::vector<BranchClaim>> claims_;  ///< of each ref
  std::vector<std::string> sessions_;
  std::unordered_map<std::string, std::uint32_t> places_;  ///< of sessions
};

}  // namespace gitplan
