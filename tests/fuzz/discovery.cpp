// Finding the git folder from a folder below all kinds of .git: folders, files and links, whole,
// broken and damaged. What is found is what `git rev-parse` finds.
#include "git/discovery.hpp"

#include <array>
#include <filesystem>

#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "git/gitfile.hpp"
#include "git/repository.hpp"

namespace gitplan::fuzz {
namespace {

namespace fs = std::filesystem;

// Below the tree that the search goes up in, from w/a/b; "repo" stands beside it.
constexpr std::array<const char*, 14> kPlaces = {
    "w/a/b/.git", "w/a/.git",      "w/.git",   "w/a/.git/HEAD", "w/a/.git/refs", "w/a/.git/objects",
    "w/g/HEAD",   "w/g/commondir", "w/g/refs", "w/g/objects",   "w/g",           "w/a/HEAD",
    "w/a/refs",   "w/a/objects"};

const Scratch& scratch() {
  static const Scratch made;
  static const bool once = [] {
    made.make_repository("repo");
    return true;
  }();
  static_cast<void>(once);
  return made;
}

// A file, a link or a folder; one that cannot be made is left out.
void make(Input& input) {
  const std::string place = scratch().path(input.one_of(kPlaces));
  const std::size_t kind = input.below(3);
  const std::string content = input.piece();
  std::error_code failed;
  fs::create_directories(fs::path(place).parent_path(), failed);
  if (kind == 0) std::ofstream(place, std::ios::binary) << content;
  if (kind == 1) fs::create_directories(place, failed);
  if (kind == 2 && content.find('\0') == std::string::npos && !content.empty()) {
    fs::create_symlink(content, place, failed);
  }
}

void make_tree(Input& input) {
  std::error_code failed;
  fs::current_path("/");
  fs::remove_all(scratch().path("w"), failed);
  fs::create_directories(scratch().path("w/a/b"));
  while (!input.at_end()) make(input);
}

struct Found {
  std::string git_dir;
  std::string common_dir;
  bool operator==(const Found&) const = default;
};

std::optional<Found> by_git() {
  const git::Outcome outcome = scratch().git(
      "w/a/b", {"rev-parse", "--path-format=absolute", "--git-dir", "--git-common-dir"});
  if (!outcome.ok()) return std::nullopt;
  const auto lines = text::split(outcome.output, '\n');
  if (lines.size() != 3) return std::nullopt;  // a folder with a newline in it
  return Found{fs::weakly_canonical(lines[0]).string(), fs::weakly_canonical(lines[1]).string()};
}

std::string shown(const std::optional<Found>& found) {
  return found ? found->git_dir + "\n" + found->common_dir : "none";
}

}  // namespace

void play(Input& input) {
  make_tree(input);
  std::error_code failed;
  fs::current_path(scratch().path("w/a/b"), failed);
  if (failed) return;
  std::optional<Found> ours;
  accepts([&] {
    const git::GitFolder folder = git::find_git_folder();
    ours = Found{folder.git_dir, folder.common_dir};
  });
  const auto gits = by_git();
  require(ours == gits, "the git folder is that which git finds", {shown(ours), shown(gits)});
  accepts([&] {
    const git::Repository repository = git::Repository::discover();
    require(ours == Found{repository.git_dir(), repository.common_dir()},
            "the repository is that of the git folder", {shown(ours)});
  });
  for (const char* top : {"w", "w/a", "w/a/b"}) git::git_folder_of(scratch().path(top));
}

}  // namespace gitplan::fuzz
