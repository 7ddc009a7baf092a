// The verbs of git-wave; one .cpp each.
#pragma once

#include "cli/verb.hpp"

namespace gitplan::cli {

extern const Verb wave_list_verb;
extern const Verb wave_next_verb;
extern const Verb wave_start_verb;
extern const Verb wave_run_verb;
extern const Verb wave_run_worker_verb;
extern const Verb wave_run_land_verb;
extern const Verb wave_run_keep_verb;
extern const Verb wave_status_verb;
extern const Verb wave_agents_verb;
extern const Verb wave_finish_verb;
extern const Verb wave_worker_add_verb;
extern const Verb wave_worker_remove_verb;
extern const Verb wave_worker_list_verb;
extern const Verb wave_worker_prune_verb;

const Program& wave_program();

}  // namespace gitplan::cli
