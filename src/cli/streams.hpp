// Standard input, output and error of a program, whatever they were started with.
#pragma once

#include <string_view>

namespace gitplan::cli {

/// Opens /dev/null for each of the three that is closed, as git does, so that no file of the
/// repository takes its number.
void open_missing_streams();

/// As much of it as standard error takes: what is said beside an answer fails no command.
void write_error(std::string_view text);

}  // namespace gitplan::cli
