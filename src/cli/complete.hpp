// The hidden call that shells make for completion: `git-plan __complete <word>… <current word>`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.hpp"
#include "commands/plan/candidates.hpp"

namespace gitplan::cli {

inline constexpr std::string_view complete_word = "__complete";

/// What may stand for the last of `words`, whatever it begins with. Verbs and options come from the
/// table that parsing uses. ":files" or ":folders" alone: the shell knows them best. Empty outside
/// a repository where only that could tell; never throws.
commands::Candidates complete(const Program& program, const std::vector<std::string>& words);

/// Prints them, "value<TAB>description" a line. Returns 0.
int print_completions(const Program& program, const std::vector<std::string>& words);

}  // namespace gitplan::cli
