#include "git/libgit2.hpp"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>

#include "base/error.hpp"

namespace gitplan::git {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

void set_process_options() {
  // We judge ownership ourselves, by asking git: libgit2 does not understand safe.directory=*.
  git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
  // As git does: zlib's checksum guards a read, and hashing a large plan again costs more than
  // reading it.
  git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  static std::array<const char*, 5> extensions{"worktreeconfig", "partialclone", "preciousobjects",
                                               "noop-v1", "relativeworktrees"};
  git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions.data(), extensions.size());
}

}  // namespace

void start_libgit2() {
  static std::string home;
  static std::string xdg;
  static const bool started = [] {
    if (git_libgit2_init() < 0) throw_libgit2("cannot start libgit2");
    set_process_options();
    home = variable("HOME");
    xdg = variable("XDG_CONFIG_HOME");
    return true;
  }();
  if (!started || (home == variable("HOME") && xdg == variable("XDG_CONFIG_HOME"))) return;
  home = variable("HOME");
  xdg = variable("XDG_CONFIG_HOME");
  git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_GLOBAL, nullptr);
  git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, GIT_CONFIG_LEVEL_XDG, nullptr);
}

git_oid to_libgit2(const Oid& oid) {
  git_oid result;
  std::memcpy(result.id, oid.bytes.data(), oid.bytes.size());
  return result;
}

Oid from_libgit2(const git_oid& oid) {
  Oid result;
  std::memcpy(result.bytes.data(), oid.id, result.bytes.size());
  return result;
}

std::string libgit2_message() {
  const git_error* error = git_error_last();
  return error != nullptr && error->message != nullptr ? error->message : "no reason given";
}

int libgit2_error_class() {
  const git_error* error = git_error_last();
  return error != nullptr ? error->klass : static_cast<int>(GIT_ERROR_NONE);
}

bool lost_a_folder(int result) {
  return result < 0 && libgit2_error_class() == GIT_ERROR_OS &&
         libgit2_message().find(std::strerror(ENOENT)) != std::string::npos;
}

void throw_libgit2(std::string_view problem) {
  throw Error(ErrorKind::fatal, fmt::format("{}: {}", problem, libgit2_message()));
}

int check_libgit2(int result, std::string_view problem) {
  if (result < 0) throw_libgit2(problem);
  return result;
}

}  // namespace gitplan::git
