// What git says of a session's tasks: which metadata files the flow branch holds, and which
// branches carry one. Facts of a commit never change, so they are cached by its id.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/objects.hpp"
#include "git/refs_snapshot.hpp"
#include "store/session_trees.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

class RepositoryFacts;
struct StoredPlan;

/// What the flow branch holds, as seen from one session.
struct FlowFacts {
  std::string branch;              ///< its short name, where it was asked for by that
  std::optional<git::Oid> commit;  ///< nothing: there is no such branch
  std::vector<std::uint32_t>
      merged;  ///< numbers of this session's tasks whose file is in its tree; sorted

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
  /// One of several that look at the same moment. `facts` must outlive it.
  Ledger(RepositoryFacts& facts, std::string_view session);
  /// Saves what was learned, if anything was.
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  /// Of the flow branch by its short name.
  FlowFacts flow(std::string_view flow_branch);
  FlowFacts flow_at(const git::Oid& commit);
  /// What every other session of this flow branch provides: its task files in flow, and the tasks
  /// that its plan records as completed. Each once (text::fold_space).
  std::vector<std::string> other_provides(const FlowFacts& flow);
  /// Of these, what a task of the plan needs or provides.
  std::vector<std::string> other_provides(const FlowFacts& flow, const StoredPlan& plan);
  /// The branch of each task, by task number: task/<number>-… with this session's file in its tree.
  /// Of several, the one that the file names. A renamed branch counts, unless another session's
  /// file claims it; once flow holds the file every later branch inherits it, and only the one that
  /// it names counts.
  std::unordered_map<std::uint32_t, TaskBranch> task_branches(const FlowFacts& flow);
  /// The metadata file of this task in a commit's tree (regular files only): its name, or nothing.
  [[nodiscard]] std::optional<std::string> file_in(const git::Oid& commit,
                                                   std::uint32_t task) const;
  /// The same of one that says that it is this task's.
  [[nodiscard]] std::optional<SessionTask> metadata_in(const git::Oid& commit,
                                                       std::uint32_t task) const;

 private:
  using Branches = std::unordered_map<std::uint32_t, TaskBranch>;
  /// What other sessions do for a plan: it holds for one flow, one plan.toml and one state of all
  /// plans.
  struct Provided {
    git::Oid flow;
    git::Oid plan;
    git::RefsPrint plans;
    std::vector<std::string> capabilities;
  };
  /// It holds for one flow and one state of all task branches.
  struct Begun {
    git::Oid flow;
    git::RefsPrint refs;
    Branches branches;
  };

  void recall();
  void save() const;
  [[nodiscard]] std::vector<git::TreeEntry> named_like(const git::Oid& commit,
                                                       std::uint32_t task) const;
  Branches read_branches(const FlowFacts& flow);
  /// `open`, where given, is a plan that need not be read again.
  std::vector<std::string> all_provides(const FlowFacts& flow, const StoredPlan* open);
  std::vector<std::string> provides_for(const FlowFacts& flow, const StoredPlan& plan);

  std::unique_ptr<RepositoryFacts> own_facts_;
  RepositoryFacts* facts_;
  std::string session_;
  std::optional<FlowFacts> flow_;
  std::optional<Provided> provided_;
  std::optional<Begun> begun_;
  bool learned_ = false;
};

}  // namespace gitplan
