// Our reader of loose objects (loose_object.hpp) in the place of libgit2's, for all that reads an
// object database: lookups of commits and trees and walks, too.
#pragma once

#include <git2.h>

#include <string>

namespace gitplan::git {

/// From now on the loose objects of this folder ("<common>/objects"), and of its alternates, are
/// read by ours, packed ones by libgit2 as before, unless the index of a pack leads out of it: then
/// nothing is read. An object that is damaged, or is not what its id says, and such a pack, is a
/// GIT_ERROR_ODB that names it, and never GIT_ENOTFOUND. Throws Error(fatal).
void check_objects(git_odb* odb, const std::string& objects_folder);

}  // namespace gitplan::git
