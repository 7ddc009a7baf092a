// The verbs of git-task; one .cpp each.
#pragma once

#include "cli/verb.hpp"

namespace gitplan::cli {

extern const Verb task_list_verb;
extern const Verb task_show_verb;
extern const Verb task_add_verb;
extern const Verb task_create_verb;
extern const Verb task_start_verb;
extern const Verb task_prompt_verb;
extern const Verb task_done_verb;
extern const Verb task_fail_verb;
extern const Verb task_reset_verb;
extern const Verb task_cancel_verb;

const Program& task_program();

}  // namespace gitplan::cli
