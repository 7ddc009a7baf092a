#include "cli/invocation.hpp"
#include "cli/wave/verbs.hpp"

int main(int argc, char** argv) {
  return gitplan::cli::run_main(gitplan::cli::wave_program(), argc, argv);
}
