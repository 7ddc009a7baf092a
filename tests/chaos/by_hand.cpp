#include "chaos/by_hand.hpp"

#include <array>
#include <filesystem>

#include "chaos/contents.hpp"

namespace chaos {
namespace {

namespace fs = std::filesystem;

bool exists(const std::string& path) { return fs::exists(fs::symlink_status(path)); }

void write(World& world, const std::string& path, const std::string& kept) {
  const std::string line = mark_text(world.new_mark());
  write_file(path, kept + line + "\n");
  world.tell("$ echo '" + line + (kept.empty() ? "' > " : "' >> ") + world.shown(path));
}

bool is_file(const std::string& path) { return fs::is_regular_file(fs::symlink_status(path)); }

bool is_folder(const std::string& path) { return fs::is_directory(fs::symlink_status(path)); }

/// A new file can be made there: nothing stands there, or a file, and in no link's folder.
bool can_write(const std::string& path) {
  const std::string parent = fs::path(path).parent_path();
  return (is_file(path) || !exists(path)) && (is_folder(parent) || !exists(parent));
}

}  // namespace

const std::vector<std::string> file_names{"a.txt", "b.txt", "dir/c.txt", "new.txt", "dir/new.txt"};

bool write_over(World& world, Random& random, const std::string& folder) {
  const std::string path = folder + "/" + random.pick(file_names);
  if (!can_write(path)) return false;
  write(world, path, "");
  return true;
}

bool append_to(World& world, Random& random, const std::string& folder) {
  const std::string path = folder + "/" + random.pick(file_names);
  if (!can_write(path)) return false;
  write(world, path, read_file(path));
  return true;
}

bool delete_file(World& world, Random& random, const std::string& folder) {
  const std::string path = folder + "/" + random.pick(file_names);
  if (!is_file(path)) return false;
  fs::remove(path);
  world.tell("$ rm " + world.shown(path));
  return true;
}

bool rename_file(World& world, Random& random, const std::string& folder) {
  const std::string from = folder + "/" + random.pick(file_names);
  const std::string to = folder + "/renamed-" + std::to_string(world.new_number());
  if (!exists(from)) return false;
  fs::rename(from, to);
  world.tell("$ mv " + world.shown(from) + " " + world.shown(to));
  return true;
}

bool write_ignored(World& world, Random& /*random*/, const std::string& folder) {
  world.ignore_mark(world.next_mark());
  write(world, folder + "/made.log", "");
  return true;
}

bool put_folder_for_file(World& world, Random& random, const std::string& folder) {
  const std::string path = folder + "/" + random.pick(file_names);
  if (!is_file(path)) return false;
  fs::remove(path);
  world.tell("$ rm " + world.shown(path));
  write(world, path + "/inside.txt", "");
  return true;
}

bool put_file_for_folder(World& world, Random& /*random*/, const std::string& folder) {
  const std::string path = folder + "/dir";
  if (!is_folder(path)) return false;
  fs::remove_all(path);
  world.tell("$ rm -r " + world.shown(path));
  write(world, path, "");
  return true;
}

bool put_link_for_file(World& world, Random& random, const std::string& folder) {
  const std::string path = folder + "/" + random.pick(file_names);
  if (!is_file(path)) return false;
  fs::remove(path);
  const std::string target = mark_text(world.new_mark());
  fs::create_symlink(target, path);
  world.tell("$ ln -sf '" + target + "' " + world.shown(path));
  return true;
}

bool make_inner_repository(World& world, Random& random, const std::string& folder) {
  const std::string inner = folder + "/inner";
  if (exists(inner)) return false;
  world.run(folder, {"git", "init", "-q", "inner"});
  world.tell(world.shown(folder) + "$ git init -q inner");
  write(world, inner + "/inner.txt", "");
  if (random.chance(50)) {
    world.run(inner, {"git", "add", "."});
    world.run(inner, {"git", "commit", "-q", "-m", "Inner"});
    world.tell(world.shown(inner) + "$ git add . && git commit -q -m Inner");
  }
  return true;
}

bool commit_in_submodule(World& world, Random& random, const std::string& folder) {
  const std::string inner = folder + "/mod";
  if (!exists(inner + "/.git")) return false;
  write(world, inner + "/sub.txt", "");
  if (random.chance(50)) {
    world.run(inner, {"git", "commit", "-q", "-a", "-m", "In the submodule"});
    world.tell(world.shown(inner) + "$ git commit -q -a -m 'In the submodule'");
  }
  return true;
}

bool remove_dot_git(World& world, Random& /*random*/, const std::string& folder) {
  if (!fs::is_regular_file(folder + "/.git")) return false;
  fs::remove(folder + "/.git");
  world.tell("$ rm " + world.shown(folder) + "/.git");
  return true;
}

bool move_folder(World& world, Random& /*random*/, const std::string& folder) {
  const std::string to = world.top() + "/moved-" + std::to_string(world.new_number());
  fs::rename(folder, to);
  world.tell("$ mv " + world.shown(folder) + " " + world.shown(to));
  return true;
}

bool remove_folder(World& world, Random& /*random*/, const std::string& folder) {
  fs::remove_all(folder);
  world.tell("$ rm -rf " + world.shown(folder));
  return true;
}

bool copy_folder(World& world, Random& /*random*/, const std::string& folder) {
  const std::string to = world.top() + "/moved-" + std::to_string(world.new_number());
  fs::copy(folder, to, fs::copy_options::recursive | fs::copy_options::copy_symlinks);
  world.tell("$ cp -r " + world.shown(folder) + " " + world.shown(to));
  return true;
}

bool make_strange_folder(World& world, Random& random, const std::string& folder) {
  const std::string path = folder + "/.worktrees/worker-" + random.pick(worker_numbers);
  if (exists(path)) return false;
  write(world, path + "/strange.txt", "");
  return true;
}

}  // namespace chaos
