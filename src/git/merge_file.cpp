#include "git/merge_file.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"
#include "git/temporary_folder.hpp"

namespace gitplan::git {

MergedText merge_texts(const Repository& repository, const NamedText& ours, const NamedText& base,
                       const NamedText& theirs, OnConflict on_conflict) {
  const TemporaryFolder folder(repository);
  write_file_atomically(folder.path() + "/ours", ours.text);
  write_file_atomically(folder.path() + "/base", base.text);
  write_file_atomically(folder.path() + "/theirs", theirs.text);
  Command command;
  command.folder = folder.path();
  command.arguments = {"--git-dir=" + repository.git_dir(),
                       "merge-file",
                       "-p",
                       "-q",
                       on_conflict == OnConflict::mark ? "--no-union" : "--union",
                       "-L",
                       ours.name,
                       "-L",
                       base.name,
                       "-L",
                       theirs.name,
                       "ours",
                       "base",
                       "theirs"};
  Outcome outcome = run_git(command);
  constexpr int most_conflicts = 127;
  if (outcome.exit_status < 0 || outcome.exit_status > most_conflicts) {
    throw Error(ErrorKind::fatal, fmt::format("git merge-file: {}", first_error_line(outcome)));
  }
  return {std::move(outcome.output), outcome.ok()};
}

}  // namespace gitplan::git
