// A program run to its end.
#pragma once

#include <string>
#include <vector>

namespace chaos {

struct Ran {
  int status = 0;  ///< exit status; 128 + signal if killed; 124 if it was ended for taking too long
  bool signalled = false;
  bool too_long = false;
  std::string output;
  std::string errors;
};

struct Command {
  std::string folder;
  std::vector<std::string> words;
  std::vector<std::string> environment;  ///< all of it: "NAME=value"
  std::string input;
  int seconds = 60;  ///< then it is killed, with all that is in its process group
};

/// Throws std::runtime_error if it cannot be started.
Ran run(const Command& command);

}  // namespace chaos
