// A branch as a word that git takes for it.
#pragma once

#include <string>

namespace gitplan::git {

class Repository;

/// "main"; "heads/main" where a tag or another ref is called so too, which git would take first.
/// For commands that take revisions: others (git branch, git checkout) mean the branch anyway.
std::string branch_word(const Repository& repository, const std::string& branch);

}  // namespace gitplan::git
