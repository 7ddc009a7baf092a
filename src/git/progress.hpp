// What git says of its work while it talks to a remote.
#pragma once

#include <string_view>

namespace gitplan::git {

/// "Writing objects:  45% …", of git here or ("remote: …") there.
bool is_progress(std::string_view line);
/// Whether lines of standard error tell of work: what hooks of the host say does not.
bool says_progress(std::string_view lines);

}  // namespace gitplan::git
