#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"

int main(int argc, char** argv) {
  return gitplan::cli::run_main(gitplan::cli::task_program(), argc, argv);
}
