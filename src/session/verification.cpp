#include "session/verification.hpp"

#include <fcntl.h>
#include <fmt/format.h>

#include <csignal>

#include "base/fd.hpp"
#include "git/merge.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "session/workspace.hpp"
#include "slots/include_files.hpp"
#include "store/verified_trees.hpp"

namespace gitplan {
namespace {

/// What a worktree gets besides its checkout: the tests that passed there need it.
void add_included_files(const Workspace& workspace, const std::string& folder) {
  const Fd opened(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  copy_included_files(workspace.repository(), workspace.slots().place(), opened.get());
}

int run_verification(const Workspace& workspace, const git::Oid& commit,
                     const std::string& command_line) {
  int status = 0;
  git::with_checkout(workspace.repository(), commit, [&](const std::string& folder) {
    add_included_files(workspace, folder);
    git::Command command;
    command.arguments = {"sh", "-c", command_line};
    command.folder = folder;
    command.errors = git::Command::Errors::pass_through;
    command.output = git::Command::Output::to_stderr;
    status = git::run_program(command).exit_status;
  });
  return status;
}

}  // namespace

int verify(const Workspace& workspace, const git::Oid& commit, const std::string& command_line,
           const std::function<bool()>& is_cut_short) {
  const git::Oid tree = git::tree_of(workspace.repository(), commit);
  if (verified_trees::has(workspace.repository(), tree, command_line)) {
    workspace.note(fmt::format("tree {} was verified by this command before", tree.abbreviated()));
    return 0;
  }
  const int status = run_verification(workspace, commit, command_line);
  constexpr int ended = 128 + SIGTERM;
  if (status == 0 && is_cut_short && is_cut_short()) return ended;
  if (status == 0) verified_trees::add(workspace.repository(), tree, command_line);
  return status;
}

}  // namespace gitplan
