#include "base/file_mode.hpp"

#include <sys/stat.h>

namespace gitplan {
namespace {

constexpr mode_t everything = 0777;
constexpr mode_t user_alone = 0600;

mode_t shared_bits = 0;

/// Whoever may read a folder may enter it.
mode_t of_folders(mode_t files) {
  constexpr mode_t readers = 0444;
  return files | ((files & readers) >> 2U);
}

mode_t current_umask() {
  const mode_t mask = ::umask(0);
  ::umask(mask);
  return mask;
}

}  // namespace

mode_t users_umask() {
  static const mode_t at_start = current_umask();
  return at_start;
}

void share_files(const Sharing& sharing) {
  const mode_t users = users_umask();  // before it changes
  const mode_t closed = everything & ~of_folders(sharing.files);
  ::umask(sharing.is_exact ? closed : users & closed);
  shared_bits = sharing.files;
}

mode_t private_file_mode() { return user_alone | shared_bits; }

AsTheUser::AsTheUser() : before_(::umask(users_umask())) {}
AsTheUser::~AsTheUser() { ::umask(before_); }

}  // namespace gitplan
