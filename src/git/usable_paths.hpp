// Names in trees that git takes into no checkout.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

/// Whether a checkout may hold an entry of this name: not "", ".", "..", nor longer than file
/// systems take, nor git's own folder in
/// any spelling that a file system may take for it (".Git", "git~1", ".git. "), as git's
/// verify_path has it. `is_link`: a link may not be called ".gitmodules" either.
bool is_usable_name(std::string_view name, bool is_link);

/// The first path of the commit `after`, of those that `before` does not have just so, with a name
/// that is not usable, or too long; or a link that cannot be made; or the folder ("" for all) below
/// which there are millions of them. Reads the folders that differ only, each once, however often
/// one tree stands in others.
std::optional<std::string> unusable_path(const Repository& repository, const Oid& before,
                                         const Oid& after);

}  // namespace gitplan::git
