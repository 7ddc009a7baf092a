// Who has a lock note open that its owner's children, and theirs, inherited.
#pragma once

#include <cstdint>
#include <span>

namespace gitplan::git {

/// False if all that holds the note (by its inode) can be seen in /proc, and none of it may still
/// use one of the locks (by their inodes): a git program may, and whoever has one of them open.
/// This process does not count.
bool may_be_used(std::uint64_t note, std::span<const std::uint64_t> locks);

}  // namespace gitplan::git
