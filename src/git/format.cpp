#include "git/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "git/libgit2.hpp"

namespace gitplan::git {
namespace {

/// The keys of one config file that decide whether and how a repository is opened.
struct FormatKeys {
  int version = 0;
  Layout layout;
  bool worktree_config = false;
  bool relative_worktrees = false;
  std::string objects = "sha1";
  std::string refs = "files";
  std::vector<std::string> unknown_extensions;
};

bool is_true(const char* value) {
  int result = 0;
  return git_config_parse_bool(&result, value) == 0 && result != 0;
}

void read_extension(FormatKeys& keys, std::string_view name, const char* value) {
  constexpr std::array<std::string_view, 4> harmless{"noop", "noop-v1", "preciousobjects",
                                                     "partialclone"};
  const std::string text = value != nullptr ? value : "";
  if (name == "worktreeconfig") {
    keys.worktree_config = is_true(value);
  } else if (name == "relativeworktrees") {
    keys.relative_worktrees = is_true(value);
  } else if (name == "objectformat") {
    keys.objects = text;
  } else if (name == "refstorage") {
    keys.refs = text;
  } else if (std::find(harmless.begin(), harmless.end(), name) == harmless.end()) {
    keys.unknown_extensions.emplace_back(name);
  }
}

void read_key(FormatKeys& keys, std::string_view name, const char* value) {
  constexpr std::string_view extensions = "extensions.";
  if (name == "core.repositoryformatversion") {
    std::int32_t version = 0;
    if (git_config_parse_int32(&version, value) == 0) keys.version = version;
  } else if (name == "core.bare") {
    keys.layout.bare = is_true(value);
  } else if (name == "core.worktree" && value != nullptr) {
    keys.layout.work_tree = value;
  } else if (name.starts_with(extensions)) {
    read_extension(keys, name.substr(extensions.size()), value);
  }
}

void read_config_file(git_repository* repository, const std::string& path, FormatKeys& keys) {
  if (!exists(path)) return;
  const std::string problem = fmt::format("cannot read '{}'", path);
  ConfigHandle config;
  check_libgit2(git_config_new(out(config)), problem);
  check_libgit2(
      git_config_add_file_ondisk(config.get(), path.c_str(), GIT_CONFIG_LEVEL_LOCAL, repository, 1),
      problem);
  ConfigIteratorHandle iterator;
  check_libgit2(git_config_iterator_new(out(iterator), config.get()), problem);
  git_config_entry* entry = nullptr;
  while (git_config_next(&entry, iterator.get()) == 0) read_key(keys, entry->name, entry->value);
}

[[noreturn]] void refuse(std::string_view what) {
  throw Error(ErrorKind::fatal,
              fmt::format("this repository {}, which git-plan cannot read (libgit2 {}.{})", what,
                          LIBGIT2_VER_MAJOR, LIBGIT2_VER_MINOR),
              Hint{"to see its format, run: git config --local --get-regexp '^(extensions|core"
                   "[.]repositoryformatversion)'"})
      .with_code("unsupported_repository");
}

void judge(const FormatKeys& keys) {
  if (keys.version > 1) refuse(fmt::format("has format version {}", keys.version));
  if (keys.objects == "sha256") refuse("uses SHA-256 objects");
  if (keys.objects != "sha1") refuse(fmt::format("uses '{}' objects", keys.objects));
  if (keys.refs != "files") refuse(fmt::format("keeps its refs as '{}'", keys.refs));
  // Version 0 ignores extensions that it does not know, as git does.
  if (keys.version == 1 && !keys.unknown_extensions.empty()) {
    refuse(fmt::format("uses the extension '{}'", keys.unknown_extensions.front()));
  }
}

void overlay(Layout& layout, const Layout& with) {
  if (with.bare) layout.bare = with.bare;
  if (with.work_tree) layout.work_tree = with.work_tree;
}

}  // namespace

Format read_format(git_repository* repository, const std::string& git_dir,
                   const std::string& common_dir) {
  FormatKeys keys;
  read_config_file(repository, join_path(common_dir, "config"), keys);
  judge(keys);
  Format format{keys.layout, {}, keys.relative_worktrees};
  if (keys.worktree_config) {
    FormatKeys of_main;
    read_config_file(repository, join_path(common_dir, "config.worktree"), of_main);
    overlay(format.main, of_main.layout);
  }
  if (git_dir == common_dir) {
    format.here = format.main;
  } else if (keys.worktree_config) {
    FormatKeys of_this;
    read_config_file(repository, join_path(git_dir, "config.worktree"), of_this);
    format.here = keys.layout;
    overlay(format.here, of_this.layout);
  }
  return format;
}

}  // namespace gitplan::git
