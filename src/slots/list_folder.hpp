// What stands in a folder, without a look at each file.
#pragma once

#include <string>
#include <vector>

namespace gitplan {

struct FolderEntry {
  std::string name;
  bool is_folder = false;  ///< itself, not where a link leads
};

/// All but "." and ".."; nothing where it cannot be read.
std::vector<FolderEntry> list_folder(int folder_fd);

}  // namespace gitplan
