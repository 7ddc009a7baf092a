#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

int main(int argc, char** argv) {
  return gitplan::cli::run_main(gitplan::cli::plan_program(), argc, argv);
}
