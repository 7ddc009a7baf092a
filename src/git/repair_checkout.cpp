#include "git/repair_checkout.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/checkout_changes.hpp"
#include "git/complaint.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/ref_files.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"
#include "git/work_file.hpp"

namespace gitplan::git {
namespace {

using std::chrono::milliseconds;
using Kind = WorkFile::Kind;

struct IndexEntry {
  TreeSide side;
  bool is_left_out = false;  ///< a sparse checkout has no file for it
};

// A change, with what the index has there: where the file shall go.
struct Path {
  TreeChange change;
  TreeSide wanted;
};

Outcome run_patiently(const Command& command) {
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(2);
  for (;;) {
    Outcome outcome = run_git(command);
    if (!met_a_lock(outcome)) return outcome;
    if (std::chrono::steady_clock::now() >= deadline) {
      throw Error(ErrorKind::lost_race, first_error_line(outcome));
    }
    std::this_thread::sleep_for(milliseconds(50));
  }
}

std::string joined(const std::vector<std::string>& paths) {
  std::string list;
  for (const std::string& path : paths) list += path + '\0';
  return list;
}

// The entries that stand alone (stage 0) in the index.
std::map<std::string, IndexEntry> read_index(const Checkout& checkout) {
  const std::string list = run_git_checked(git_in(checkout, {"ls-files", "-t", "-s", "-z"}));
  std::map<std::string, IndexEntry> entries;
  for (const std::string_view line :
       text::split(list, '\0')) {  // <tag> <mode> <id> <stage> TAB <path>
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const std::vector<std::string_view> fields = text::split(line.substr(0, tab), ' ');
    if (fields.size() != 4) continue;
    IndexEntry entry;
    entry.is_left_out = fields[0] == "S";
    const bool merged = fields[3] == "0";
    entry.side.mode =
        merged
            ? static_cast<std::uint32_t>(std::strtoul(std::string(fields[1]).c_str(), nullptr, 8))
            : ~0U;  // in conflict: like neither side
    entry.side.oid = Oid::parse(fields[2]).value_or(Oid{});
    entries[std::string(line.substr(tab + 1))] = entry;
  }
  return entries;
}

struct IndexState {
  std::vector<Path> paths;   ///< to look at: the index has one side or the other
  bool is_all_after = true;  ///< at every path of the change
};

IndexState compare_index(const Checkout& checkout, std::vector<TreeChange> changes) {
  const std::map<std::string, IndexEntry> entries = read_index(checkout);
  IndexState state;
  for (TreeChange& change : changes) {
    const auto found = entries.find(change.path);
    const IndexEntry entry = found == entries.end() ? IndexEntry{} : found->second;
    if (entry.side != change.after) state.is_all_after = false;
    const bool known = entry.side == change.before || entry.side == change.after;
    if (known && !entry.is_left_out) state.paths.push_back({std::move(change), entry.side});
  }
  return state;
}

// The files of one commit as a checkout would have them: filters, line ends and all, by its own
// attributes.
class Example {
 public:
  Example(const Checkout& checkout, const Oid& commit, const std::string& folder)
      : files_{folder + "/files", checkout.admin_folder}, index_(folder + "/index") {
    make_folders(files_.path);
    run_git_checked(command({"read-tree", commit.hex()}));
  }

  void make(const std::vector<std::string>& paths) const {
    const std::string list = joined(paths);
    Command checkout_index = command({"checkout-index", "-f", "-q", "-z", "--stdin"});
    checkout_index.input = list;
    if (!paths.empty()) run_git(checkout_index);  // a filter that fails leaves out its file
  }

  [[nodiscard]] WorkFile at(const std::string& path) const { return {files_.path, path}; }

 private:
  [[nodiscard]] Command command(std::vector<std::string> arguments) const {
    Command result = git_in(files_, std::move(arguments));
    result.environment = {{"GIT_INDEX_FILE", index_}};
    return result;
  }

  Checkout files_;
  std::string index_;
};

std::vector<std::string> paths_of(const std::vector<Path>& paths, TreeSide TreeChange::*side) {
  std::vector<std::string> names;
  for (const Path& path : paths) {
    if ((path.change.*side).exists()) names.push_back(path.change.path);
  }
  return names;
}

class Repair {
 public:
  Repair(const CheckoutJournal& journal, const std::string& before_folder,
         const std::string& after_folder)
      : checkout_(journal.checkout),
        before_(checkout_, journal.before, before_folder),
        after_(checkout_, journal.after, after_folder) {}

  void run(const std::vector<Path>& paths) {
    before_.make(paths_of(paths, &TreeChange::before));
    after_.make(paths_of(paths, &TreeChange::after));
    remove(paths);
    // Attributes decide how the others are written.
    restore(paths, [](const Path& path) { return is_attributes(path); });
    restore(paths, [](const Path& path) { return !is_attributes(path); });
  }

 private:
  static bool is_attributes(const Path& path) {
    return path.change.path == ".gitattributes" || path.change.path.ends_with("/.gitattributes");
  }

  // Content that git wrote, or had begun to write.
  [[nodiscard]] bool is_gits(const WorkFile& file, const Path& path) const {
    const auto resembles = [&](const TreeSide& side, const Example& example) {
      return side.exists() && compare(file, example.at(path.change.path)) != Likeness::different;
    };
    return file.kind() == Kind::missing || resembles(path.change.before, before_) ||
           resembles(path.change.after, after_);
  }

  void remove(const std::vector<Path>& paths) const {
    // What a folder holds before it.
    std::for_each(paths.rbegin(), paths.rend(), [&](const Path& path) { remove(path); });
  }

  void remove(const Path& path) const {
    if (path.wanted.exists()) return;
    const WorkFile file(checkout_.path, path.change.path);
    if (!is_gits(file, path)) return;
    if (file.kind() != Kind::missing) file.remove();
    remove_empty_folders_above(checkout_.path, path.change.path);
  }

  [[nodiscard]] bool needs_restoring(const Path& path) const {
    if (!path.wanted.exists()) return false;
    const WorkFile file(checkout_.path, path.change.path);
    // In the place of a folder git would first remove all that it holds.
    if (file.kind() == Kind::folder || file.kind() == Kind::unreachable) return false;
    const Example& example = path.wanted == path.change.before ? before_ : after_;
    return is_gits(file, path) && compare(file, example.at(path.change.path)) != Likeness::same;
  }

  template <typename Choice>
  void restore(const std::vector<Path>& paths, Choice choice) const {
    std::vector<std::string> names;
    for (const Path& path : paths) {
      if (choice(path) && needs_restoring(path)) names.push_back(path.change.path);
    }
    if (names.empty()) return;
    const std::string list = joined(names);
    Command command = git_in(checkout_, {"checkout-index", "-f", "-q", "-u", "-z", "--stdin"});
    command.input = list;
    const Outcome outcome = run_patiently(command);
    if (outcome.ok()) return;
    throw complaint("git checkout-index", outcome);
  }

  Checkout checkout_;
  Example before_;
  Example after_;
};

bool is_on_branch(const Repository& repository, const CheckoutJournal& journal) {
  const RefValue head = read_loose(journal.checkout.admin_folder + "/HEAD");
  return head.kind == RefValue::Kind::symbolic &&
         follow_symbolic(repository, head.symbolic) == journal.branch;
}

// The index is the new commit's, HEAD the old one: only the branch was still to move.
void finish_or_go_back(const CheckoutJournal& journal) {
  const std::string before = journal.before.hex();
  const std::string after = journal.after.hex();
  const std::string message = journal.reflog_message + ": Fast-forward";
  const Outcome moved =
      run_patiently(git_in(journal.checkout, {"-c", "core.filesRefLockTimeout=2000", "update-ref",
                                              "-m", message, journal.branch, after, before}));
  if (moved.ok()) return;
  const Outcome back = run_patiently(git_in(
      journal.checkout, {"read-tree", "-m", "-u", "--no-recurse-submodules", after, before}));
  if (back.ok()) return;
  throw Error(ErrorKind::fatal,
              fmt::format("the checkout in '{}' stands between two commits: {}",
                          journal.checkout.path, first_error_line(back)),
              Hint{fmt::format("to look at it, run: git -C {} status",
                               text::shell_quote(journal.checkout.path))});
}

}  // namespace

void repair_checkout(const Repository& repository, const CheckoutJournal& journal) {
  const std::optional<Oid> tip = read_ref(repository, journal.branch);
  if (tip == journal.after) return;  // the last step
  const bool can_compare =
      object_exists(repository, journal.before) && object_exists(repository, journal.after);
  if (!can_compare || !exists(journal.checkout.path) || !exists(journal.checkout.admin_folder))
    return;
  const IndexState state =
      compare_index(journal.checkout, changes_between(repository, journal.before, journal.after));
  const TemporaryFolder before(repository);
  const TemporaryFolder after(repository);
  Repair(journal, before.path(), after.path()).run(state.paths);
  run_patiently(git_in(journal.checkout, {"update-index", "-q", "--refresh"}));
  if (state.is_all_after && tip == journal.before && is_on_branch(repository, journal))
    finish_or_go_back(journal);
}

}  // namespace gitplan::git
