#include "git/repository.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/checked_objects.hpp"
#include "git/discovery.hpp"
#include "git/format.hpp"
#include "git/main_worktree.hpp"
#include "git/ownership.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

/// The work tree that git would use for a command called here.
std::optional<std::string> worktree_here(const GitFolder& folder, const Layout& here) {
  const std::string current = current_folder();
  if (const auto named = environment("GIT_WORK_TREE")) return resolve(current, *named);
  if (here.bare.value_or(false)) return std::nullopt;
  if (here.work_tree) return resolve(folder.git_dir, *here.work_tree);
  if (folder.found == GitFolder::Found::by_dot_git) return folder.top;
  if (folder.found == GitFolder::Found::from_inside) return std::nullopt;
  const auto implicit = environment("GIT_IMPLICIT_WORK_TREE");
  int allowed = 1;
  if (implicit && git_config_parse_bool(&allowed, implicit->c_str()) == 0 && allowed == 0) {
    return std::nullopt;
  }
  // A hook that git runs inside its own folder has no work tree around it.
  const bool inside = current == folder.git_dir || current.starts_with(folder.git_dir + "/");
  return inside ? std::nullopt : std::optional(current);
}

/// "<worktree>/.git" is what an admin folder's gitdir file holds.
std::optional<std::string> worktree_of_admin_folder(const GitFolder& folder) {
  if (folder.git_dir == folder.common_dir) return std::nullopt;
  const auto named = read_file(join_path(folder.git_dir, "gitdir"), 65536);
  if (!named) return std::nullopt;
  return parent_folder(resolve(folder.git_dir, std::string(text::trim(*named))));
}

RepositoryHandle open_handle(const GitFolder& folder) {
  const auto named = environment("GIT_COMMON_DIR");
  // libgit2 knows a common folder only by the file "commondir".
  const bool by_variable = named && folder.git_dir != folder.common_dir &&
                           !exists(join_path(folder.git_dir, "commondir"));
  RepositoryHandle handle;
  check_libgit2(git_repository_open_bare(
                    out(handle), (by_variable ? folder.common_dir : folder.git_dir).c_str()),
                fmt::format("cannot open repository '{}'", folder.git_dir));
  return handle;
}

void tell_libgit2(const Repository::State& state) {
  if (state.is_bare && !state.worktree) return;
  // Only so that it writes reflogs: we never let it touch a work tree, and this folder surely
  // exists.
  git_repository_set_workdir(state.handle.get(), state.common_dir.c_str(), 0);
}

void open_objects(Repository::State& state) {
  check_libgit2(git_repository_odb(out(state.odb), state.handle.get()),
                "cannot open the object database");
  check_objects(state.odb.get(), join_path(state.common_dir, "objects"));
}

void fill(Repository::State& state, const GitFolder& folder, const Layout& main) {
  state.git_dir = folder.git_dir;
  state.common_dir = folder.common_dir;
  const auto top = find_top(folder, state.worktree, main.bare.value_or(false));
  state.main_worktree = find_main_worktree(folder, main, top);
  state.is_bare = main.bare.value_or(!state.main_worktree && !state.worktree);
  state.base_folder = state.main_worktree.value_or(top.value_or(state.common_dir));
  tell_libgit2(state);
  open_objects(state);
}

/// Objects that a hook of git's receive-pack may see, but that are not in the repository yet.
void add_object_folders(const Repository& repository) {
  const auto folder = environment("GIT_OBJECT_DIRECTORY");
  const auto alternates = environment("GIT_ALTERNATE_OBJECT_DIRECTORIES");
  if (!folder && !alternates) return;
  const std::string all = folder.value_or("") + ":" + alternates.value_or("");
  for (const std::string_view entry : text::split(all, ':')) {
    if (entry.empty()) continue;
    const std::string path = resolve(current_folder(), std::string(entry));
    git_odb_add_disk_alternate(odb_of(repository), path.c_str());
    check_objects(odb_of(repository), path);
  }
}

}  // namespace

Repository::Repository(std::unique_ptr<State> state) : state_(std::move(state)) {}
Repository::Repository(Repository&&) noexcept = default;
Repository& Repository::operator=(Repository&&) noexcept = default;
Repository::~Repository() = default;

Repository Repository::discover() {
  start_libgit2();
  const GitFolder folder = find_git_folder();
  auto state = std::make_unique<State>();
  state->handle = open_handle(folder);
  const Format format = read_format(state->handle.get(), folder.git_dir, folder.common_dir);
  judge_trust(state->handle.get(), folder, format);
  state->worktree = worktree_here(folder, format.here);
  fill(*state, folder, format.main);
  Repository repository(std::move(state));
  add_object_folders(repository);
  return repository;
}

Repository Repository::open(const std::string& git_dir) {
  start_libgit2();
  const GitFolder folder = git_folder_at(git_dir);
  auto state = std::make_unique<State>();
  state->handle = open_handle(folder);
  const Format format = read_format(state->handle.get(), folder.git_dir, folder.common_dir);
  state->worktree = worktree_of_admin_folder(folder);
  fill(*state, folder, format.main);
  if (folder.git_dir == folder.common_dir) state->worktree = state->main_worktree;
  return Repository(std::move(state));
}

const std::string& Repository::git_dir() const { return state_->git_dir; }
const std::string& Repository::common_dir() const { return state_->common_dir; }
bool Repository::is_bare() const { return state_->is_bare; }
const std::optional<std::string>& Repository::worktree() const { return state_->worktree; }
const std::optional<std::string>& Repository::main_worktree() const {
  return state_->main_worktree;
}
const std::string& Repository::base_folder() const { return state_->base_folder; }
git_repository* Repository::handle() const { return state_->handle.get(); }
Repository::State& Repository::state() const { return *state_; }

void leave_lost_worktree(const Repository& repository) {
  Repository::State& state = repository.state();
  if (exists(state.git_dir)) return;
  if (chdir(state.base_folder.c_str()) != 0) {
    throw Error(ErrorKind::fatal,
                fmt::format("cannot go to '{}': {}", state.base_folder, std::strerror(errno)));
  }
  state.left = std::exchange(state.handle, open_handle(git_folder_at(state.common_dir)));
  state.git_dir = state.common_dir;
  state.worktree.reset();
  state.config.reset();
  tell_libgit2(state);
  open_objects(state);
}

const Config& recent_config(const Repository& repository) {
  using std::chrono::steady_clock;
  Repository::State& state = repository.state();
  const auto age = steady_clock::now() - state.config_read;
  if (!state.config || age > std::chrono::seconds(2)) {
    state.config = std::make_unique<Config>(repository);
    state.config_read = steady_clock::now();
  }
  return *state.config;
}

git_odb* odb_of(const Repository& repository) { return repository.state().odb.get(); }

std::string git_dir_option(const Repository& repository) {
  return "--git-dir=" + repository.git_dir();
}

}  // namespace gitplan::git
