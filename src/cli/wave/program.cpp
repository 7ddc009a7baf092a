#include <vector>

#include "cli/run_verify.hpp"
#include "cli/wave/verbs.hpp"

namespace gitplan::cli {

const Program& wave_program() {
  static const std::vector<Verb> verbs{
      wave_list_verb,        wave_next_verb,         wave_start_verb,      wave_status_verb,
      wave_agents_verb,      wave_finish_verb,       wave_worker_add_verb, wave_worker_remove_verb,
      wave_worker_list_verb, wave_worker_prune_verb, wave_run_verb,        wave_run_worker_verb,
      wave_run_land_verb,    wave_run_keep_verb,     run_verify_verb};
  static const Program program{"git-wave", "Waves of tasks, each worker in a worktree of its own.",
                               verbs};
  return program;
}

}  // namespace gitplan::cli
