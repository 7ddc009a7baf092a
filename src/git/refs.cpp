#include "git/refs.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/packed_refs.hpp"
#include "git/ref_files.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

constexpr int max_symbolic_depth = 5;

bool is_worktree_ref(std::string_view name) {
  return !name.starts_with("refs/") || name.starts_with("refs/bisect/") ||
         name.starts_with("refs/worktree/") || name.starts_with("refs/rewritten/");
}

bool is_valid_component(std::string_view part) {
  if (part.empty() || part.front() == '.' || part.ends_with(".lock")) return false;
  return std::all_of(part.begin(), part.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte > 32 && byte != 127 &&
           std::string_view("~^:?*[\\").find(c) == std::string_view::npos;
  });
}

RefValue parse_loose(std::string_view content) {
  RefValue value;
  value.kind = RefValue::Kind::broken;
  if (content.starts_with("ref:")) {
    value.symbolic = text::trim(content.substr(4));
    if (is_valid_ref_name(value.symbolic)) value.kind = RefValue::Kind::symbolic;
    return value;
  }
  const auto target = Oid::parse(content.substr(0, 40));
  const bool ends = content.size() <= 40 || std::strchr(" \t\r\n", content[40]) != nullptr;
  if (target && ends && !target->is_zero()) {
    value.kind = RefValue::Kind::direct;
    value.target = *target;
  }
  return value;
}

/// A ref that is a symbolic link, as very old gits made them.
RefValue read_link(int folder, const std::string& path) {
  std::array<char, 4096> target;
  const ssize_t size = readlinkat(folder, path.c_str(), target.data(), target.size());
  RefValue value;
  value.kind = RefValue::Kind::broken;
  value.symbolic.assign(target.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0)));
  if (value.symbolic.starts_with("refs/") && is_valid_ref_name(value.symbolic)) {
    value.kind = RefValue::Kind::symbolic;
  }
  return value;
}

std::string short_name(std::string_view name) {
  constexpr std::string_view heads = "refs/heads/";
  return std::string(name.starts_with(heads) ? name.substr(heads.size()) : name);
}

[[noreturn]] void throw_broken(const std::string& name) {
  throw Error(ErrorKind::fatal, fmt::format("the ref '{}' is broken", short_name(name)),
              Hint{"to find what is damaged, run: git fsck"});
}

}  // namespace

bool is_valid_ref_name(std::string_view name) {
  if (name.find('/') == std::string_view::npos || name.back() == '.' ||
      name.find("..") != std::string_view::npos || name.find("@{") != std::string_view::npos) {
    return false;
  }
  for (std::string_view rest = name;;) {
    const auto slash = rest.find('/');
    if (!is_valid_component(rest.substr(0, slash))) return false;
    if (slash == std::string_view::npos) return true;
    rest.remove_prefix(slash + 1);
  }
}

std::string loose_path(const Repository& repository, std::string_view name) {
  return join_path(is_worktree_ref(name) ? repository.git_dir() : repository.common_dir(), name);
}

RefValue read_loose(const std::string& path) { return read_loose_at(AT_FDCWD, path); }

RefValue read_loose_at(int folder, const std::string& path) {
  // Without waiting, should somebody have put a pipe there.
  const Fd fd(openat(folder, path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW));
  if (!fd && errno == ELOOP) return read_link(folder, path);
  if (!fd && (errno == ENOENT || errno == ENOTDIR)) return {};
  if (!fd) {
    throw Error(ErrorKind::fatal, fmt::format("cannot read '{}': {}", path, std::strerror(errno)));
  }
  std::array<char, 512> buffer;
  const ssize_t size = read(fd.get(), buffer.data(), buffer.size());
  if (size < 0 && errno == EISDIR) return {};
  return parse_loose({buffer.data(), static_cast<std::size_t>(std::max<ssize_t>(size, 0))});
}

RefValue read_raw_ref(const Repository& repository, const std::string& name) {
  RefValue value = read_loose(loose_path(repository, name));
  if (value.kind != RefValue::Kind::absent || is_worktree_ref(name)) return value;
  if (const auto packed = PackedRefs::open(repository.common_dir()).find(name)) {
    value.kind = RefValue::Kind::direct;
    value.target = *packed;
  }
  return value;
}

std::string follow_symbolic(const Repository& repository, const std::string& name) {
  std::string current = name;
  for (int depth = 0; depth <= max_symbolic_depth; ++depth) {
    const RefValue value = read_loose(loose_path(repository, current));
    if (value.kind != RefValue::Kind::symbolic) return current;
    current = value.symbolic;
  }
  throw_broken(name);
}

std::optional<Oid> read_ref(const Repository& repository, const std::string& name) {
  if (!is_valid_ref_name(name) && name != "HEAD") return std::nullopt;
  const RefValue value = read_raw_ref(repository, follow_symbolic(repository, name));
  if (value.kind == RefValue::Kind::direct) return value.target;
  if (value.kind == RefValue::Kind::absent) return std::nullopt;
  throw_broken(name);
}

std::optional<std::string> symbolic_target(const Repository& repository, const std::string& name) {
  if (!is_valid_ref_name(name)) return std::nullopt;
  RefValue value = read_loose(loose_path(repository, name));
  if (value.kind != RefValue::Kind::symbolic) return std::nullopt;
  return std::move(value.symbolic);
}

Head read_head(const Repository& repository) {
  const RefValue value = read_loose(loose_path(repository, "HEAD"));
  if (value.kind == RefValue::Kind::direct) return {"", value.target};
  if (value.kind == RefValue::Kind::symbolic) {
    return {value.symbolic, read_ref(repository, value.symbolic)};
  }
  throw_broken("HEAD");
}

}  // namespace gitplan::git
