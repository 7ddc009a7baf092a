#include "commands/wave/run_host.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

std::string host_name() {
  std::array<char, 256> name{};
  ::gethostname(name.data(), name.size() - 1);
  return name.data();
}

/// The system's own id, where it has one: names change, and containers have a new one each time.
std::string host_id() {
  const auto id = read_file("/etc/machine-id");
  const std::string text(id ? text::trim(*id) : "");
  return text.empty() ? host_name() : text;
}

std::string folder_beside(const std::string& folder) { return folder + "-" + host_name(); }

}  // namespace

void refuse_other_host(const Workspace& workspace) {
  const SharedRemote* shared = workspace.shared_remote();
  if (shared == nullptr) return;
  const git::Repository& repository = workspace.repository();
  const std::string file = join_path(git::make_state_folder(repository), "host");
  const std::string here = host_id() + " " + host_name() + "\n";
  const auto noted = read_file(file);
  const bool is_same = noted && noted->substr(0, noted->find(' ')) == host_id();
  if (noted && !is_same && !workspace.slots().worktrees().empty()) {
    const auto url = workspace.config().text("remote." + shared->remote() + ".url");
    const std::string name(text::trim(noted->substr(std::min(noted->find(' '), noted->size()))));
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("the worktrees of this clone are those of host '{}'", text::printable(name)),
        Hint{fmt::format("to have a clone of this host's own, run: git clone {} {}",
                         text::shell_quote(text::printable(url.value_or(shared->remote()))),
                         text::shell_quote(folder_beside(repository.base_folder())))})
        .with_code("other_host");
  }
  if (!is_same) write_file_atomically(file, here);
}

}  // namespace gitplan::commands
