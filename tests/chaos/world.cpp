#include "chaos/world.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace chaos {
namespace {

namespace fs = std::filesystem;

/// In the future, so that no git thinks a reflog entry old, whenever the story is played.
constexpr long first_moment = 4000000000;

constexpr std::string_view git_config = R"([user]
	name = Random User
	email = random@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
[protocol "file"]
	allow = always
)";

constexpr std::string_view plan = R"({"session_id": "session-20250102-030405",
"user_request": "Many things", "tasks": [
{"id": "001", "description": "Make one", "slug": "one", "provides": ["one"], "files": ["a.txt"]},
{"id": "002", "description": "Make two", "slug": "two", "provides": ["two"], "files": ["b.txt"]},
{"id": "003", "description": "Make three", "slug": "three", "preconditions": ["one"]},
{"id": "004", "description": "Make four", "slug": "four", "files": ["dir/c.txt"]},
{"id": "005", "description": "Make five", "slug": "five", "depends_on": ["002"]}]})";

std::string new_scratch_folder() {
  const char* asked = std::getenv("TMPDIR");  // NOLINT(concurrency-mt-unsafe): one thread
  std::string folder = asked != nullptr ? asked : "/tmp";
  if (asked == nullptr && access("/dev/shm", W_OK) == 0) folder = "/dev/shm";
  folder += "/git-plan-chaos.XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no scratch folder: " + folder);
  return fs::canonical(folder);
}

void remove_all(const std::string& folder) {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

void add_subfolders(const std::string& folder, std::string_view prefix,
                    std::vector<std::string>& found) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    if (entry.is_directory() && entry.path().filename().string().starts_with(prefix)) {
      found.push_back(entry.path());
    }
  }
}

}  // namespace

World::World(Programs programs)
    : programs_(std::move(programs)), scratch_(new_scratch_folder()), now_(first_moment) {
  make_template();
}

World::~World() { remove_all(scratch_); }

void World::make_template() {
  fs::create_directories(scratch_ + "/home");
  fs::create_directories(top());
  write_file(scratch_ + "/home/.gitconfig", std::string(git_config));
  const auto must = [&](std::vector<std::string> words, const std::string& input = "") {
    const Ran ran = run(fs::exists(main()) ? main() : top(), words, input);
    if (ran.status != 0) throw std::runtime_error(quoted(words) + ": " + ran.errors);
  };
  must({"git", "init", "-q", "sub"});
  write_file(top() + "/sub/sub.txt", "first\n");
  must({"git", "-C", "sub", "add", "."});
  must({"git", "-C", "sub", "commit", "-q", "-m", "Begin"});
  must({"git", "init", "-q", "repo"});
  write_file(main() + "/a.txt", "first\n");
  write_file(main() + "/b.txt", "first\n");
  write_file(main() + "/dir/c.txt", "first\n");
  write_file(main() + "/.gitignore", "*.log\n");
  must({"git", "add", "."});
  must({"git", "commit", "-q", "-m", "Begin"});
  must({"git-plan", "create", "-q", "-F", "-"}, std::string(plan));
  fs::rename(top(), scratch_ + "/template");
}

void World::begin_story() {
  remove_all(top());
  fs::copy(scratch_ + "/template", top(), fs::copy_options::recursive);
  told_.clear();
  ignored_marks_.clear();
  now_ = first_moment;
  next_mark_ = next_number_ = 1;
}

void World::begin_step() { now_ += 60; }

std::vector<std::string> World::linked_folders() const {
  std::vector<std::string> found;
  add_subfolders(main() + "/.worktrees", "", found);
  add_subfolders(top(), "moved-", found);
  std::sort(found.begin(), found.end());
  return found;
}

std::string World::shown(const std::string& path) const {
  return path.starts_with(top() + "/") ? path.substr(top().size() + 1) : path;
}

Ran World::run(const std::string& folder, std::vector<std::string> words, std::string input) const {
  const char* path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe): one thread
  const std::string date = std::to_string(now_);
  return chaos::run(
      {folder,
       std::move(words),
       {"PATH=" + programs_.folder + ":" + (path != nullptr ? path : "/usr/bin:/bin"),
        "HOME=" + scratch_ + "/home", "TZ=UTC", "LC_ALL=C.UTF-8", "GIT_CONFIG_NOSYSTEM=1",
        "GIT_CEILING_DIRECTORIES=" + scratch_, "GIT_TERMINAL_PROMPT=0", "GIT_EDITOR=true",
        "GIT_OPTIONAL_LOCKS=0", "GIT_AUTHOR_DATE=@" + date + " +0000",
        "GIT_COMMITTER_DATE=@" + date + " +0000", "GIT_PLAN_TEST_DATE=" + date},
       std::move(input)});
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::string& path, const std::string& text) {
  std::error_code ignored;
  fs::create_directories(fs::path(path).parent_path(), ignored);
  std::ofstream(path, std::ios::binary) << text;
}

std::string quoted(const std::vector<std::string>& words) {
  std::string line;
  for (const std::string& word : words) {
    const bool plain =
        !word.empty() && word.find_first_of(" '\"$*?[](){}<>|&;\\~#") == std::string::npos;
    line += (line.empty() ? "" : " ") + (plain ? word : "'" + word + "'");
  }
  return line;
}

}  // namespace chaos
