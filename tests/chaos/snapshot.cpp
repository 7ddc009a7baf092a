#include "chaos/snapshot.hpp"

#include <algorithm>
#include <filesystem>
#include <sstream>

namespace chaos {
namespace {

namespace fs = std::filesystem;

/// The files of a git folder that are a person's state; of folders, all that is in them.
const std::vector<std::string> personal{
    "HEAD",      "index",     "MERGE_HEAD",   "CHERRY_PICK_HEAD", "REVERT_HEAD", "ORIG_HEAD",
    "MERGE_MSG", "logs/HEAD", "rebase-merge", "rebase-apply",     "sequencer"};

constexpr std::string_view empty_tree = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

std::string chomped(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

void add_file(std::string& state, const std::string& path, const std::string& name) {
  state += name + ":";
  state += fs::is_symlink(path) ? fs::read_symlink(path).string() : read_file(path);
  state += '\0';
}

/// Files below a folder, sorted; what `left_out` says of a path is not entered.
template <class LeftOut>
std::vector<std::string> files_below(const std::string& folder, LeftOut left_out) {
  std::vector<std::string> found;
  std::error_code ignored;
  for (auto it = fs::recursive_directory_iterator(folder, ignored);
       it != fs::recursive_directory_iterator(); ++it) {
    if (left_out(it->path().string())) {
      it.disable_recursion_pending();
    } else if (!it->is_directory() || it->is_symlink()) {
      found.push_back(it->path());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

void add_files_below(std::string& state, const std::string& folder, const std::string& prefix) {
  const auto left_out = [&](const std::string& path) {
    return path == folder + "/.git" || path == folder + "/.worktrees";
  };
  for (const std::string& path : files_below(folder, left_out)) {
    add_file(state, path, prefix + path.substr(folder.size()));
  }
}

std::string value_of(const std::string& lines, const std::string& key) {
  std::istringstream stream(lines);
  for (std::string line; std::getline(stream, line);) {
    if (line.starts_with(key + " ")) return line.substr(key.size() + 1);
  }
  return "";
}

Checkout look_at(const std::string& path, const std::string& git_folder) {
  Checkout checkout;
  checkout.path = path;
  const std::string head = chomped(read_file(git_folder + "/HEAD"));
  if (head.starts_with("ref: ")) checkout.branch = head.substr(std::string_view("ref: ").size());
  for (const std::string& name : personal) {
    const std::string file = git_folder + "/" + name;
    if (fs::is_directory(file)) {
      add_files_below(checkout.state, file, "git " + name);
    } else if (fs::exists(file)) {
      add_file(checkout.state, file, "git " + name);
    }
  }
  add_files_below(checkout.files, path, "");
  checkout.state += checkout.files;
  const std::string claim = read_file(git_folder + "/git-plan-slot");
  checkout.task = value_of(claim, "task");
  checkout.phase = value_of(claim, "phase");
  return checkout;
}

/// Worktrees whose folder is there and says that it is one.
std::map<std::string, Checkout> look_at_checkouts(const World& world) {
  const std::string common = world.main() + "/.git";
  std::map<std::string, Checkout> found;
  found[world.main()] = look_at(world.main(), common);
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(common + "/worktrees", ignored)) {
    const std::string dot_git = chomped(read_file(entry.path().string() + "/gitdir"));
    if (!fs::exists(dot_git) || chomped(read_file(dot_git)) != "gitdir: " + entry.path().string())
      continue;
    const std::string path = fs::path(dot_git).parent_path();
    found[path] = look_at(path, entry.path());
    found[path].of_run =
        fs::exists(common + "/git-plan/workers/" + path.substr(path.rfind('-') + 1) + "/record");
  }
  return found;
}

/// Work that an operation under way has put aside, which no ref leads to.
std::vector<std::string> put_aside(const World& world) {
  std::vector<std::string> folders{world.main() + "/.git"};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folders.front() + "/worktrees", ignored)) {
    folders.push_back(entry.path());
  }
  std::vector<std::string> ids;
  for (const std::string& folder : folders) {
    for (const char* name :
         {"rebase-merge/autostash", "rebase-apply/autostash", "MERGE_AUTOSTASH"}) {
      const std::string id = chomped(read_file(folder + "/" + name));
      if (!id.empty()) ids.push_back(id);
    }
  }
  return ids;
}

/// Git folders of repositories in worktrees, and of submodules.
std::vector<std::string> inner_git_folders(const World& world) {
  const std::string common = world.main() + "/.git";
  std::vector<std::string> found;
  std::error_code ignored;
  for (auto it = fs::recursive_directory_iterator(world.top(), ignored);
       it != fs::recursive_directory_iterator(); ++it) {
    const std::string path = it->path();
    if (path == common + "/objects" || path == world.top() + "/sub") {
      it.disable_recursion_pending();
    } else if (path != common && path.ends_with("/.git") && it->is_directory()) {
      found.push_back(path);
      it.disable_recursion_pending();
    } else if (path.ends_with("/modules/mod")) {
      found.push_back(path);
      it.disable_recursion_pending();
    }
  }
  return found;
}

Marks marks_of_files(const World& world) {
  const auto left_out = [](const std::string& path) { return path.ends_with("/.git"); };
  Marks found;
  for (const std::string& path : files_below(world.top(), left_out)) {
    find_marks(fs::is_symlink(path) ? fs::read_symlink(path).string() : read_file(path), found);
  }
  return found;
}

std::map<std::string, std::string> look_at_refs(const World& world) {
  std::istringstream lines(
      world.run(world.main(), {"git", "for-each-ref", "--format=%(refname) %(objectname)"}).output);
  std::map<std::string, std::string> refs;
  for (std::string name, id; lines >> name >> id;) refs[name] = id;
  return refs;
}

}  // namespace

Snapshot Observer::look(const World& world) {
  Snapshot seen;
  seen.refs = look_at_refs(world);
  seen.in_objects = marks_of_objects(world, seen.damage);
  return look_at_files(world, seen);
}

Snapshot Observer::look_at_files(const World& world, const Snapshot& before) {
  Snapshot seen = before;
  seen.checkouts = look_at_checkouts(world);
  seen.alive = marks_of_files(world);
  seen.alive.insert(seen.in_objects.begin(), seen.in_objects.end());
  return seen;
}

Marks Observer::marks_of_objects(const World& world, std::string& damage) {
  std::vector<std::string> also = put_aside(world);
  Marks found = marks_of_repository(world, world.main() + "/.git", also, damage);
  std::string not_ours;  // how whole others' repositories are is not looked at
  for (const std::string& git_folder : inner_git_folders(world)) {
    found.merge(marks_of_repository(world, git_folder, {}, not_ours));
  }
  return found;
}

Marks Observer::marks_of_repository(const World& world, const std::string& git_folder,
                                    const std::vector<std::string>& also, std::string& damage) {
  std::vector<std::string> words{"git",       "--git-dir=" + git_folder, "rev-list",
                                 "--objects", "--no-object-names",       "--all",
                                 "--reflog",  "--indexed-objects"};
  words.insert(words.end(), also.begin(), also.end());
  const Ran ran = world.run(world.top(), words);
  if (ran.status != 0) damage += "git rev-list: " + ran.errors;
  std::vector<std::string> ids;
  std::vector<std::string> unknown;
  std::istringstream lines(ran.output);
  for (std::string id; lines >> id;) {
    ids.push_back(id);
    if (!marks_of_object_.contains(id)) unknown.push_back(id);
  }
  read_objects(world, git_folder, unknown);
  Marks found;
  for (const std::string& id : ids) {
    const Marks& marks = marks_of_object_[id];
    found.insert(marks.begin(), marks.end());
  }
  return found;
}

void Observer::read_objects(const World& world, const std::string& git_folder,
                            const std::vector<std::string>& ids) {
  if (ids.empty()) return;
  std::string input;
  for (const std::string& id : ids) input += id + "\n";
  const std::string text =
      world.run(world.top(), {"git", "--git-dir=" + git_folder, "cat-file", "--batch"}, input)
          .output;
  // "<id> <type> <size>\n<content>\n", or "<id> missing\n".
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find('\n', at);
    std::istringstream header(text.substr(at, end - at));
    std::string id;
    std::string type;
    std::size_t size = 0;
    at = end + 1;
    if (!(header >> id >> type >> size)) continue;
    // A mark in a message is no file that anybody wrote.
    Marks& marks = marks_of_object_[id];
    if (type == "blob") find_marks(std::string_view(text).substr(at, size), marks);
    at += size + 1;
  }
}

std::string fsck(const World& world) {
  const Ran ran =
      world.run(world.main(), {"git", "fsck", "--strict", "--no-dangling", "--no-progress"});
  std::istringstream lines(ran.output + ran.errors);
  std::string complaints;
  for (std::string line; std::getline(lines, line);) {
    // The empty tree need not stand anywhere; git itself leaves it out, after switch --orphan.
    if (line.starts_with("notice: ") || line == "missing tree " + std::string(empty_tree)) continue;
    complaints += line + "\n";
  }
  return complaints;
}

std::string local_changes(const World& world, const std::string& path) {
  // As git diff, which would refresh the index; that is not for who only looks.
  const std::vector<std::string> diff{"git", "-c", "diff.autoRefreshIndex=false", "diff"};
  auto staged = diff;
  staged.emplace_back("--cached");
  return world.run(path, {"git", "status", "--porcelain", "-uall"}).output +
         world.run(path, diff).output + world.run(path, staged).output;
}

}  // namespace chaos
