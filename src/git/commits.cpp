// Making commits, and what the history says about two of them.
#include <fmt/format.h>

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/identity.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

std::string with_last_newline(std::string_view message) {
  std::string text(message);
  if (text.empty() || text.back() != '\n') text += '\n';
  return text;
}

Oid signed_commit(const Repository& repository, const Oid& tree, std::span<const Oid> parents,
                  const std::string& message) {
  Command command;
  command.arguments = {git_dir_option(repository),
                       "-c",
                       "i18n.commitEncoding=UTF-8",
                       "commit-tree",
                       "-S",
                       tree.hex()};
  for (const Oid& parent : parents) {
    command.arguments.insert(command.arguments.end(), {"-p", parent.hex()});
  }
  command.arguments.insert(command.arguments.end(), {"-F", "-"});
  command.input = message;
  const auto id = Oid::parse(text::trim(run_git_checked(command)));
  if (!id) throw Error(ErrorKind::fatal, "git commit-tree: no commit id in its answer");
  const git_oid oid = to_libgit2(*id);
  OdbObjectHandle object;
  git_odb_refresh(odb_of(repository));
  check_libgit2(git_odb_read(out(object), odb_of(repository), &oid), "cannot read a new commit");
  remember_written(repository, *id, GIT_OBJECT_COMMIT,
                   {static_cast<const char*>(git_odb_object_data(object.get())),
                    git_odb_object_size(object.get())});
  return *id;
}

Oid plain_commit(const Repository& repository, const Oid& tree, std::span<const Oid> parents,
                 const std::string& message) {
  const Identities who = identities(repository);
  std::string content = fmt::format("tree {}\n", tree.hex());
  for (const Oid& parent : parents) content += fmt::format("parent {}\n", parent.hex());
  content += fmt::format("author {}\ncommitter {}\n\n{}", who.author, who.committer, message);
  return write_object(repository, GIT_OBJECT_COMMIT, std::move(content));
}

}  // namespace

Oid create_commit(const Repository& repository, const Oid& tree, std::span<const Oid> parents,
                  std::string_view message) {
  if (message.find('\0') != std::string_view::npos) {
    throw Error(ErrorKind::fatal, "a NUL byte in a commit message is not allowed");
  }
  const std::string text = with_last_newline(message);
  const bool sign = recent_config(repository).boolean("commit.gpgSign").value_or(false);
  return sign ? signed_commit(repository, tree, parents, text)
              : plain_commit(repository, tree, parents, text);
}

}  // namespace gitplan::git
