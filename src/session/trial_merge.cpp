#include "session/trial_merge.hpp"

#include <string>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// A folder for new objects, beside the repository's own.
class ScratchObjects {
 public:
  explicit ScratchObjects(const git::Repository& repository)
      : repository_(&repository), folder_(repository) {
    make_folders(folder_.path() + "/info");
    write_file_atomically(folder_.path() + "/info/alternates",
                          repository.common_dir() + "/objects\n");
  }

  [[nodiscard]] git::Outcome git(std::vector<std::string> words) const {
    git::Command command;
    command.arguments = {"--git-dir=" + repository_->common_dir()};
    command.arguments.insert(command.arguments.end(), words.begin(), words.end());
    command.environment = {{"GIT_OBJECT_DIRECTORY", folder_.path()}};
    command.folder = repository_->common_dir();
    return git::run_git(command);
  }

 private:
  const git::Repository* repository_;
  git::TemporaryFolder folder_;
};

}  // namespace

bool merge_gives(const git::Repository& repository, const git::Oid& ours, const git::Oid& theirs,
                 const git::Oid& expected) {
  const ScratchObjects objects(repository);
  const auto merge =
      objects.git({"merge-tree", "--write-tree", "--no-messages", ours.hex(), theirs.hex()});
  const auto tree = git::Oid::parse(text::trim(merge.output));
  if (!merge.ok() || !tree) return false;
  const git::Oid wanted = git::tree_of(repository, expected);
  if (*tree == wanted) return true;
  return objects
      .git({"diff-tree", "-r", "--quiet", wanted.hex(), tree->hex(), "--", ".",
            ":(top,exclude)" + std::string(ref_names::metadata_folder)})
      .ok();
}

}  // namespace gitplan
