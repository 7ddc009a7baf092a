// What a power cut, or the like, leaves of a worktree's git folder: files that are empty, or cut
// off, so that git cannot work there.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"
#include "slots/slot.hpp"

namespace gitplan {

/// How closely an index is looked at: each slot in each command, or before it is worked on.
enum class IndexLook { header, whole };

/// The names of those of HEAD, commondir, gitdir and index that git cannot use. One that is missing
/// counts only where the folder was complete once: it has a claim.
std::vector<std::string> damaged_files(const std::string& admin_folder, IndexLook look);

/// Git cannot work in this slot, whatever its state is otherwise.
bool is_damaged(const Slot& slot, IndexLook look);

/// Error(wrong_state) that names them, if there are any.
void refuse_damaged(const Slot& slot, IndexLook look);

/// Where HEAD of the worktree last was, by its reflog.
std::optional<git::Oid> last_head(const std::string& admin_folder);

}  // namespace gitplan
