// In a slot whose checkout was cut off, what git wrote there is nobody's work: what is?
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "git/oid.hpp"

namespace gitplan {

namespace git {
class Repository;
}

class SlotFolder;
struct Slot;

struct Origins {
  std::vector<git::Oid>
      trees;  ///< what the files of the slot may come from; none: all is somebody's
  std::vector<git::Oid> saved;  ///< what stands in one of these trees is kept already

  [[nodiscard]] bool empty() const { return trees.empty(); }
};

/// Those of a slot in which a checkout was cut off; none of another. `head` is its HEAD, if it has
/// one, `rescues` what the names of the refs begin with that keep
/// work of this slot.
Origins origins_of(const git::Repository& repository, const Slot& slot,
                   const std::optional<git::Oid>& head, const std::string& rescues);

/// True if some file in `tree`, made of what stands in the slot, is neither kept already, nor as in
/// one of the origins, nor the beginning of it, as a checkout leaves it that is cut off while it
/// writes. What is missing in it was somebody's checkout, or removal, that was cut off.
bool has_own_content(const git::Repository& repository, const SlotFolder& folder,
                     const git::Oid& tree, const Origins& origins);

}  // namespace gitplan
