#include "slots/git_folder_work.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "slots/list_folder.hpp"

namespace gitplan {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_bytes = std::size_t{1} << 30U;

/// Files, and folders with files.
constexpr std::array notes = {"MERGE_MSG",    "SQUASH_MSG",   "BISECT_LOG",
                              "rebase-merge", "rebase-apply", "sequencer"};

/// As git names refs that stand for themselves: HEAD is told apart from them elsewhere.
bool is_own_ref(std::string_view name) {
  return name != "HEAD" && std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
         });
}

/// The oids that lines of a file begin with; none where there is no such file.
void add_oids(const std::string& path, std::vector<git::Oid>& oids) try {
  constexpr std::size_t oid_size = 40;
  const std::string content = read_file(path, most_bytes).value_or("");
  for (const std::string_view line : text::split(content, '\n')) {
    if (const auto oid = git::Oid::parse(line.substr(0, oid_size))) oids.push_back(*oid);
  }
} catch (const Error&) {
  return;  // a link, or the like: nothing that git writes there
}

/// Regular files at or below a path, as paths below the git folder.
std::vector<std::string> files_at(const std::string& git_folder, const std::string& name) {
  std::vector<std::string> files;
  const std::string path = join_path(git_folder, name);
  std::error_code error;
  if (fs::is_regular_file(fs::symlink_status(path, error))) files.push_back(name);
  for (fs::recursive_directory_iterator entry(path, error);
       !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    if (fs::is_regular_file(entry->symlink_status()))
      files.push_back(entry->path().string().substr(git_folder.size() + 1));
  }
  return files;
}

std::string kind_of(const git::Repository& repository, const git::Oid& oid) {
  git::Command ask;
  ask.arguments = {"--git-dir=" + repository.common_dir(), "cat-file", "-t", oid.hex()};
  return std::string(text::trim(git::run_git(ask).output));
}

/// What the commit is made of.
class Keeping {
 public:
  explicit Keeping(const git::Repository& repository) : repository_(&repository) {}

  void add_file(const std::string& path, const git::Oid& blob) {
    tree_ = git::tree_with_file(*repository_, tree_, path, blob);
  }
  /// Other refs than those at commits, which are looked after by themselves.
  void add_ref(const std::string& path, const git::Oid& oid) {
    if (!git::object_exists(*repository_, oid) || git::is_commit(*repository_, oid)) return;
    const std::string kind = kind_of(*repository_, oid);
    if (kind == "blob") return add_file(path, oid);
    if (kind == "tree") {
      parents_.push_back(git::create_commit(*repository_, oid, {}, path + "\n"));
      return add_file(path, git::write_blob(*repository_, oid.hex() + "\n"));
    }
    git::Command show;
    show.arguments = {"--git-dir=" + repository_->common_dir(), "cat-file", kind, oid.hex()};
    add_file(path, git::write_blob(*repository_, git::run_git(show).output));
  }
  [[nodiscard]] std::optional<git::Oid> commit(const std::string& message) const {
    if (!tree_) return std::nullopt;
    return git::create_commit(*repository_, *tree_, parents_, message);
  }

 private:
  const git::Repository* repository_;
  std::optional<git::Oid> tree_;
  std::vector<git::Oid> parents_;
};

}  // namespace

std::vector<git::Oid> oids_of_git_folder(const std::string& git_folder) {
  std::vector<git::Oid> oids;
  const Fd fd(::open(git_folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  for (const FolderEntry& entry : list_folder(fd.get()).value_or(std::vector<FolderEntry>())) {
    if (!entry.is_folder && is_own_ref(entry.name))
      add_oids(join_path(git_folder, entry.name), oids);
  }
  for (const char* put_aside : {"rebase-merge/autostash", "rebase-apply/autostash",
                                "rebase-merge/orig-head", "rebase-apply/orig-head"})
    add_oids(join_path(git_folder, put_aside), oids);
  for (const std::string& ref : files_at(git_folder, "refs"))
    add_oids(join_path(git_folder, ref), oids);
  return oids;
}

bool has_notes(const std::string& git_folder) {
  return std::any_of(notes.begin(), notes.end(),
                     [&](const char* note) { return exists(join_path(git_folder, note)); });
}

bool has_own_commits(const std::string& git_folder) {
  if (has_notes(git_folder)) return true;
  std::string others;
  for (const git::Oid& oid : oids_of_git_folder(git_folder)) others += oid.hex() + '\n';
  git::Command list;
  list.input = others;
  list.arguments = {"--git-dir=" + git_folder,
                    "--work-tree=.",
                    "rev-list",
                    "--max-count=1",
                    "--all",
                    "--reflog",
                    "HEAD",
                    "--ignore-missing",
                    "--stdin",
                    "--not",
                    "--remotes"};  // where it stood may be gone
  const auto outcome = git::run_git(list);
  return !outcome.ok() || !outcome.output.empty();
}

std::optional<git::Oid> commit_of_git_folder(const git::Repository& repository, const Slot& slot) {
  const std::string& folder = slot.admin_folder;
  Keeping keeping(repository);
  for (const char* note : notes) {
    for (const std::string& file : files_at(folder, note)) {
      const auto content = read_file(join_path(folder, file), most_bytes);
      if (content) keeping.add_file(file, git::write_blob(repository, *content));
    }
  }
  for (const std::string& ref : files_at(folder, "refs")) {
    std::vector<git::Oid> oids;
    add_oids(join_path(folder, ref), oids);
    if (!oids.empty()) keeping.add_ref(ref, oids.front());
  }
  return keeping.commit(fmt::format("Files of the git folder of {}\n", slot.path));
}

}  // namespace gitplan
