// What stands in a folder, without a look at each file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace gitplan {

struct FolderEntry {
  std::string name;
  std::uint64_t inode = 0;  ///< as the listing has it, which is not always what stat(2) says
  bool is_folder = false;   ///< itself, not where a link leads
};

/// All but "." and ".."; nothing where it cannot be read to its end, or entered, with errno.
std::optional<std::vector<FolderEntry>> list_folder(int folder_fd);

}  // namespace gitplan
