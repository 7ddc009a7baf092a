// Listing refs: the loose files, then the packed ones, again if anything changed meanwhile.
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "base/fd.hpp"
#include "git/packed_refs.hpp"
#include "git/ref_files.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

constexpr int max_passes = 4;
constexpr int max_depth = 64;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

using Stamp = std::pair<ino_t, std::int64_t>;

Stamp stamp_of(const struct stat& status) {
  return {status.st_ino, status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
}

using RefMap = std::map<std::string, RefValue>;

/// One pass: what stands there, broken and symbolic refs too, and when the folders changed.
struct Seen {
  RefMap refs;
  std::map<std::string, Stamp> folders;
};

bool is_folder(const DIR* listing, const dirent& entry) {
  if (entry.d_type != DT_UNKNOWN && entry.d_type != DT_LNK) return entry.d_type == DT_DIR;
  struct stat status {};
  return fstatat(dirfd(const_cast<DIR*>(listing)), entry.d_name, &status, 0) == 0 &&
         S_ISDIR(status.st_mode);
}

/// `folder` is a name such as "refs/heads/task/", with its slash.
void read_folder(const std::string& root, const std::string& folder, const std::string& prefix,
                 int depth, Seen& seen) {
  const std::unique_ptr<DIR, CloseFolder> listing(opendir(join_path(root, folder).c_str()));
  if (!listing || depth > max_depth) return;
  struct stat status {};
  if (fstat(dirfd(listing.get()), &status) == 0) seen.folders[folder] = stamp_of(status);
  while (const dirent* entry = readdir(listing.get())) {
    const std::string_view base = entry->d_name;
    if (base.front() == '.' || base.ends_with(".lock")) continue;
    std::string name = folder + entry->d_name;
    if (is_folder(listing.get(), *entry)) {
      name += '/';
      if (name.starts_with(prefix) || prefix.starts_with(name)) {
        read_folder(root, name, prefix, depth + 1, seen);
      }
    } else if (name.starts_with(prefix) && is_valid_ref_name(name)) {
      const RefValue value = read_loose_at(dirfd(listing.get()), entry->d_name);
      if (value.kind != RefValue::Kind::absent) seen.refs[std::move(name)] = value;
    }
  }
}

bool is_unchanged(const std::string& root, const Seen& seen) {
  for (const auto& [folder, stamp] : seen.folders) {
    struct stat status {};
    if (stat(join_path(root, folder).c_str(), &status) != 0 || stamp_of(status) != stamp) {
      return false;
    }
  }
  return true;
}

std::vector<Ref> direct_refs(const RefMap& refs) {
  std::vector<Ref> result;
  result.reserve(refs.size());
  for (const auto& [name, value] : refs) {
    if (value.kind == RefValue::Kind::direct) {
      result.push_back({name, value.target});
    }
  }
  return result;
}

}  // namespace

std::vector<Ref> list_refs(const Repository& repository, const std::string& prefix) {
  const std::string& root = repository.common_dir();
  const std::string folder = prefix.substr(0, prefix.rfind('/') + 1);
  // Loose before packed: what pack-refs removes while we look stands in the packed file by then. A
  // folder that changes while it is read may hide an entry on some file systems, so all is read
  // again; where it never holds still, what any pass saw counts.
  RefMap all;
  for (int pass = 0; pass < max_passes; ++pass) {
    Seen seen;
    read_folder(root, folder.empty() ? "refs/" : folder, prefix, 0, seen);
    PackedRefs::open(root).for_each(prefix, [&](std::string_view name, const Oid& target) {
      if (!is_valid_ref_name(name)) return;
      seen.refs.try_emplace(std::string(name), RefValue{RefValue::Kind::direct, target, ""});
    });
    if (is_unchanged(root, seen)) return direct_refs(seen.refs);
    for (auto& [name, value] : seen.refs) all[name] = std::move(value);
  }
  return direct_refs(all);
}

std::optional<std::string> ref_in_the_way(const Repository& repository, const std::string& name) {
  for (auto slash = name.find('/', std::string_view("refs/").size()); slash != std::string::npos;
       slash = name.find('/', slash + 1)) {
    const std::string above = name.substr(0, slash);
    if (read_raw_ref(repository, above).kind != RefValue::Kind::absent) return above;
  }
  const std::vector<Ref> below = list_refs(repository, name + "/");
  return below.empty() ? std::nullopt : std::optional(below.front().name);
}

}  // namespace gitplan::git
