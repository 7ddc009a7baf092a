// In a slot whose checkout was cut off, what git wrote there is nobody's work: what is?
#pragma once

#include <optional>
#include <vector>

#include "git/oid.hpp"

namespace gitplan {

namespace git {
class Repository;
}

class SlotFolder;
struct Slot;

/// Trees that the files of a slot may come from in which a checkout was cut off; none of another.
/// `head` is its HEAD, if it has one.
std::vector<git::Oid> origins_of(const git::Repository& repository, const Slot& slot,
                                 const std::optional<git::Oid>& head);

/// True if some file in `tree`, made of what stands in the slot, is neither as in one of the
/// origins nor the beginning of it, as a checkout leaves it that is cut off while it writes. What
/// is missing in it was somebody's checkout, or removal, that was cut off. Where the rest of the
/// slot was saved, only what changed since counts.
bool has_own_content(const git::Repository& repository, const SlotFolder& folder,
                     const git::Oid& tree, const std::vector<git::Oid>& origins);

}  // namespace gitplan
