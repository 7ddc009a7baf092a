// Who may use the files that this process makes: as the user's umask says, and whomever the files
// are shared with besides.
#pragma once

#include <sys/types.h>

namespace gitplan {

struct Sharing {
  mode_t files = 0;       ///< bits that files have besides; folders may be entered by those readers
  bool is_exact = false;  ///< instead of what the umask leaves
};

/// For all files and folders that are made from here on.
void share_files(const Sharing& sharing);

/// Of a file that is for its user alone, and whom it is shared with.
mode_t private_file_mode();

/// The umask that this process was started with: its children's, too.
mode_t users_umask();

/// While it lives, files are made as the user makes them: in work trees, and by what is started.
class AsTheUser {
 public:
  AsTheUser();
  AsTheUser(const AsTheUser&) = delete;
  AsTheUser& operator=(const AsTheUser&) = delete;
  ~AsTheUser();

 private:
  mode_t before_;
};

}  // namespace gitplan
