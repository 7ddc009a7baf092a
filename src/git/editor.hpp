// The user's editor, as git itself starts it.
#pragma once

#include <string>

namespace gitplan::git {

class Repository;

/// `git var GIT_EDITOR`: a shell command. Throws Error(fatal) where there is none (a dumb
/// terminal).
std::string editor_command(const Repository& repository);

/// Opens the file in it and waits. The editor has our terminal; where standard output is none, it
/// writes to standard error, so that the answer stays clean. Interrupts are the editor's meanwhile.
/// Returns its exit status, 128 + signal if killed.
int run_editor(const std::string& command, const std::string& file);

}  // namespace gitplan::git
