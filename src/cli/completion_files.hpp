// The files of completions/, built into the program (cmake/Completions.cmake).
#pragma once

#include <string_view>

namespace gitplan::cli::completion_files {

extern const std::string_view bash;
extern const std::string_view zsh;
extern const std::string_view fish;

}  // namespace gitplan::cli::completion_files
