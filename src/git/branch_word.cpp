#include "git/branch_word.hpp"

#include "git/refs.hpp"

namespace gitplan::git {

std::string branch_word(const Repository& repository, const std::string& branch) {
  for (const std::string before : {"refs/", "refs/tags/"}) {
    if (read_ref(repository, before + branch)) return "heads/" + branch;
  }
  return branch;
}

}  // namespace gitplan::git
