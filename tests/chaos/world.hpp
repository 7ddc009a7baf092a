// The scratch folder in which a story is played: a repository with a plan, its own HOME, and a
// clock that only the story moves.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "chaos/process.hpp"

namespace chaos {

/// Where the programs stand: git-plan, git-task, git-wave, and tests/tools/kill_at.
struct Programs {
  std::string folder;
  std::string kill_at;
};

/// The tasks of the plan, and the worker slots that stories use.
inline const std::vector<std::string> task_ids{"001", "002", "003", "004", "005"};
inline const std::vector<std::string> worker_numbers{"1", "2", "3"};

class World {
 public:
  /// Makes what all stories begin with, in a new folder below $TMPDIR (memory, where there is
  /// some).
  explicit World(Programs programs);
  World(const World&) = delete;
  World& operator=(const World&) = delete;
  /// Removes the folder.
  ~World();

  /// As no story has been played yet.
  void begin_story();
  /// A minute later.
  void begin_step();

  /// The user's main checkout.
  [[nodiscard]] std::string main() const { return top() + "/repo"; }
  /// All that belongs to the story stands below it.
  [[nodiscard]] std::string top() const { return scratch_ + "/story"; }
  /// Folders that are, or were, linked worktrees: what stands in .worktrees, and what was moved
  /// out.
  [[nodiscard]] std::vector<std::string> linked_folders() const;
  /// As people see it: below top().
  [[nodiscard]] std::string shown(const std::string& path) const;

  /// Never fails for what the command says.
  Ran run(const std::string& folder, std::vector<std::string> words, std::string input = "") const;
  /// How long a command may take; a minute, unless told otherwise.
  void set_time_limit(int seconds) { seconds_ = seconds; }
  [[nodiscard]] const Programs& programs() const { return programs_; }

  int new_mark() { return next_mark_++; }
  [[nodiscard]] int next_mark() const { return next_mark_; }
  /// It stands in a file that git ignores: it may go with a slot.
  void ignore_mark(int mark) { ignored_marks_.insert(mark); }
  [[nodiscard]] bool is_ignored(int mark) const { return ignored_marks_.contains(mark); }
  /// A number that no name of this story has yet.
  int new_number() { return next_number_++; }

  /// A line of the story as it is told.
  void tell(std::string line) { told_.push_back(std::move(line)); }
  [[nodiscard]] const std::vector<std::string>& told() const { return told_; }

 private:
  void make_template();

  Programs programs_;
  std::string scratch_;
  std::vector<std::string> told_;
  std::set<int> ignored_marks_;
  long now_ = 0;
  int seconds_ = 60;
  int next_mark_ = 1;
  int next_number_ = 1;
};

std::string read_file(const std::string& path);
void write_file(const std::string& path, const std::string& text);
/// The words as a shell would need them.
std::string quoted(const std::vector<std::string>& words);

}  // namespace chaos
