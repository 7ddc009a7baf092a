#include "base/hook_author.hpp"

#include <cstdlib>
#include <string>

namespace gitplan {

void forget_author_of_hook() {
  if (std::getenv("GIT_INDEX_FILE") == nullptr) return;  // git sets it for hooks of a commit
  for (const std::string part : {"NAME", "EMAIL", "DATE"}) {
    const char* committer = std::getenv(("GIT_COMMITTER_" + part).c_str());
    const std::string author = "GIT_AUTHOR_" + part;
    if (committer != nullptr) {
      ::setenv(author.c_str(), committer, 1);
    } else {
      ::unsetenv(author.c_str());
    }
  }
}

}  // namespace gitplan
