#include "supervisor/stall.hpp"

#include <fts.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

namespace gitplan::supervisor {
namespace {

/// What was changed with its times set back was changed, too.
Seconds changed(const struct stat& info) { return std::max(info.st_mtime, info.st_ctime); }

Seconds changed_at(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0 ? changed(info) : 0;
}

Seconds newest_below(std::string folder) {
  std::array<char*, 2> roots{folder.data(), nullptr};
  FTS* walk = ::fts_open(roots.data(), FTS_PHYSICAL | FTS_NOCHDIR | FTS_XDEV, nullptr);
  if (walk == nullptr) return 0;
  Seconds newest = 0;
  while (const FTSENT* entry = ::fts_read(walk)) {
    const bool has_info = entry->fts_info != FTS_NS && entry->fts_info != FTS_ERR;
    if (has_info && entry->fts_info != FTS_DP)
      newest = std::max(newest, changed(*entry->fts_statp));
  }
  ::fts_close(walk);
  return newest;
}

}  // namespace

Seconds last_sign(const SignsOfLife& signs) {
  Seconds newest = std::max(changed_at(signs.log), newest_below(signs.worktree));
  for (const char* name : {"/HEAD", "/logs/HEAD"})
    newest = std::max(newest, changed_at(signs.git_folder + name));
  return newest;
}

}  // namespace gitplan::supervisor
