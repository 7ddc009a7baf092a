// Whether the index of a pack leads out of it: libgit2 believes the index, and reads where nothing
// is.
#pragma once

#include <string>
#include <vector>

namespace gitplan::git {

/// What is wrong with the first pack of these "<objects>" folders whose index names an offset
/// beyond the pack's end, or is too short for what it says that it holds; empty if there is none.
/// What cannot be opened is left for others to complain of. Reads four bytes an object.
std::string damaged_pack(const std::vector<std::string>& objects_folders);

}  // namespace gitplan::git
