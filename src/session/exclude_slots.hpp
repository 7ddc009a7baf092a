// The folder of slots, kept out of `git status` and `git add`.
#pragma once

#include <string>

namespace gitplan::git {
class Repository;
}

namespace gitplan {

struct SlotsPlace;

/// The file that git reads as "info/exclude" is somebody's who keeps it elsewhere: it, or its
/// folder, is a link, or no file at all.
bool is_exclude_elsewhere(const git::Repository& repository);

/// Puts the folder into info/exclude, unless that says it by now, through links too. Where that
/// file is kept elsewhere it stays as it is, and a .gitignore of the folder's own says so, unless
/// there is one. Where neither can be written, `git plan doctor` tells.
void exclude_slots(const git::Repository& repository, const SlotsPlace& place);

}  // namespace gitplan
