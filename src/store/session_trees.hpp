// What the metadata folders of sessions say, ".plan/<session>" in a commit's tree. What a tree or a
// blob holds never changes, so each is read once; what flow held last is kept in the cache of the
// repository, a record for each session.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {
class Repository;
}

namespace gitplan {

/// What one task's file says; nothing of one that cannot be read.
struct TaskFileFacts {
  std::string branch;
  std::vector<std::string> provides;
  std::string session = {};  ///< empty: its id and branch are no task's
  std::uint32_t number = 0;
  /// It could not be had (a partial clone, a damaged object): its name is believed.
  bool absent = false;
};

/// Of a blob; `name` is for messages.
TaskFileFacts read_task_facts(const git::Repository& repository, const git::Oid& blob,
                              const std::string& name);

struct SessionTask {
  std::uint32_t number = 0;
  std::string file;  ///< "001-user-model.toml"
  git::Oid blob;
  std::shared_ptr<const TaskFileFacts> facts;

  /// What is in it is the metadata that its place and its name say.
  [[nodiscard]] bool is_metadata_of(std::string_view session) const {
    return facts->absent || (facts->session == session && facts->number == number);
  }
};

/// The regular files of a session's folder that are called like a task's, by number; files of one
/// number as in the tree.
using SessionTasks = std::vector<SessionTask>;

class SessionTrees {
 public:
  explicit SessionTrees(const git::Repository& repository);
  /// Saves what was learned of flow, if anything was.
  ~SessionTrees();
  SessionTrees(const SessionTrees&) = delete;
  SessionTrees& operator=(const SessionTrees&) = delete;

  /// Each session that a commit's tree has a folder of, by name. Throws Error(fatal) where the
  /// commit or a tree cannot be read.
  using Visit = std::function<void(const std::string& session, const SessionTasks& tasks)>;
  void for_each(const git::Oid& commit, const Visit& visit);
  /// The same of a commit of flow, which the cache is for.
  void for_each_in_flow(const git::Oid& commit, const Visit& visit);
  /// False once a file could not be had (a partial clone): what follows from it may be otherwise
  /// the next time, and is not for a cache.
  [[nodiscard]] bool is_complete() const { return complete_; }

 private:
  struct Known {
    git::Oid tree;
    std::shared_ptr<const SessionTasks> tasks;
  };
  void recall();
  void save() const;
  std::shared_ptr<const SessionTasks> tasks_of(const git::Oid& tree);
  std::shared_ptr<const TaskFileFacts> facts_of(const git::Oid& blob, const std::string& name);

  const git::Repository* repository_;
  std::unordered_map<git::Oid, std::shared_ptr<const SessionTasks>, git::OidHash> trees_;
  std::unordered_map<git::Oid, std::shared_ptr<const TaskFileFacts>, git::OidHash> files_;
  std::map<std::string, Known> in_flow_;  ///< as flow was last seen, by session
  bool learned_ = false;
  bool complete_ = true;
};

}  // namespace gitplan
