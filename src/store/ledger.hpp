// What git says of a session's tasks: which metadata files the flow branch holds, and which
// branches carry one. Facts of a commit never change, so they are cached by its id.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/oid.hpp"
#include "git/refs.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// What the flow branch holds, as seen from one session.
struct FlowFacts {
  std::optional<git::Oid> commit;  ///< nothing: there is no such branch
  std::vector<std::uint32_t>
      merged;  ///< numbers of this session's tasks whose file is in its tree; sorted
  std::vector<std::string>
      other_provides;  ///< what every other session's task files provide, each once

  [[nodiscard]] bool has(std::uint32_t task) const;
};

/// The session whose metadata in this commit's tree names the branch ("task/001-x") as its own.
std::optional<std::string> session_naming(const git::Repository& repository, const git::Oid& commit,
                                          std::string_view branch);

/// A task branch of this session.
struct TaskBranch {
  std::string name;  ///< "task/001-user-model"
  git::Oid tip;
  std::string file;  ///< name of its metadata file, "001-user-model.toml"
};

class Ledger {
 public:
  Ledger(const git::Repository& repository, std::string_view session);
  /// Saves what was learned, if anything was.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Of the flow branch by its short name.
  FlowFacts flow(std::string_view flow_branch);
  FlowFacts flow_at(const git::Oid& commit);
  /// The branch of each task, by task number: task/<number>-… with this session's file in its tree.
  /// Of several, the one that the file names. A renamed branch counts, unless another session's
  /// file claims it; once flow holds the file every later branch inherits it, and only the one that
  /// it names counts.
  std::unordered_map<std::uint32_t, TaskBranch> task_branches(const FlowFacts& flow);
  /// The metadata file of this task in a commit's tree (regular files only): its name, or nothing.
  std::optional<std::string> file_in(const git::Oid& commit, std::uint32_t task);
  /// True if some branch task/<number>-… belongs to other sessions only; used to look for their
  /// work.
  [[nodiscard]] bool saw_foreign_branches() const { return saw_foreign_; }

 private:
  struct CommitKey {
    git::Oid commit;
    std::uint32_t task;
    bool operator==(const CommitKey&) const = default;
  };
  struct CommitKeyHash {
    std::size_t operator()(const CommitKey& key) const {
      return git::OidHash{}(key.commit) ^
             (static_cast<std::size_t>(key.task) * 0x9e3779b97f4a7c15U);
    }
  };

  void recall();
  /// The `branch` that the metadata file on this branch names.
  [[nodiscard]] std::string named_by(const TaskBranch& branch) const;
  [[nodiscard]] bool is_ours(const TaskBranch& branch, bool merged) const;

  const git::Repository* repository_;
  std::string session_;
  std::unordered_map<CommitKey, std::string, CommitKeyHash> files_;  ///< "" = carries none
  std::unordered_map<CommitKey, std::string, CommitKeyHash> used_;   ///< what this run asked for
  std::optional<FlowFacts> flow_;
  bool saw_foreign_ = false;
  bool saw_all_branches_ = false;  ///< what was not used is about branches that have moved or gone
  bool learned_ = false;
};

}  // namespace gitplan
