// What stands in the scratch folder at a moment, found by git and by reading files: none of our
// programs is asked.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "chaos/contents.hpp"
#include "chaos/world.hpp"

namespace chaos {

/// A worktree of the repository whose folder is there.
struct Checkout {
  std::string path;
  std::string branch;  ///< full name that HEAD has; empty: detached
  /// All that a person has there: HEAD, index, operations under way, each file.
  std::string state;
  std::string files;    ///< of the state, the files alone
  std::string task;     ///< that the slot was given, if it was
  std::string phase;    ///< of what is done to the slot; "ready" while its worker has it
  bool of_run = false;  ///< a run gave its worker the task
};

struct Snapshot {
  std::map<std::string, std::string> refs;    ///< object ids by full name
  std::map<std::string, Checkout> checkouts;  ///< by path
  /// What stands in some file, index, or commit that a ref or reflog leads to.
  Marks alive;
  Marks in_objects;  ///< those of them that some index or commit has
  /// What git says when it reads all objects; empty: they are there.
  std::string damage;
};

class Observer {
 public:
  Snapshot look(const World& world);
  /// When no git and no program of ours has run since `before`: only files are read.
  Snapshot look_at_files(const World& world, const Snapshot& before);

 private:
  Marks marks_of_objects(const World& world, std::string& damage);
  Marks marks_of_repository(const World& world, const std::string& git_folder,
                            const std::vector<std::string>& also, std::string& damage);
  void read_objects(const World& world, const std::string& git_folder,
                    const std::vector<std::string>& ids);

  std::map<std::string, Marks> marks_of_object_;  ///< of all stories: an id names a content
};

/// What `git fsck` complains of; empty: nothing.
std::string fsck(const World& world);

/// What `git status` and `git diff` say of a checkout: its own changes, whatever its commit is.
std::string local_changes(const World& world, const std::string& path);

}  // namespace chaos
