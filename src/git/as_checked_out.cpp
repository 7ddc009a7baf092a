#include "git/as_checked_out.hpp"

#include "base/fd.hpp"
#include "git/process.hpp"
#include "git/temporary_folder.hpp"
#include "git/work_file.hpp"

namespace gitplan::git {
namespace {

bool write_files(const Checkout& checkout, const std::vector<std::string>& paths,
                 const std::string& folder) {
  std::string list;
  for (const std::string& path : paths) list += path + '\0';
  Command command =
      git_in(checkout, {"checkout-index", "--quiet", "-z", "--stdin", "--prefix=" + folder + "/"});
  command.input = list;
  command.environment = hook_environment();
  return run_git(command).ok();
}

}  // namespace

std::vector<std::string> as_checked_out(const Repository& repository, const Checkout& checkout,
                                        const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  const TemporaryFolder examples(repository);
  if (!write_files(checkout, paths, examples.path())) return {};
  std::vector<std::string> same;
  for (const std::string& path : paths) {
    const WorkFile file(checkout.path, path);
    if (compare(file, WorkFile(examples.path(), path)) == Likeness::same) same.push_back(path);
  }
  return same;
}

}  // namespace gitplan::git
