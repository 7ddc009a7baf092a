#include <vector>

#include "cli/run_verify.hpp"
#include "cli/task/verbs.hpp"

namespace gitplan::cli {

const Program& task_program() {
  static const std::vector<Verb> verbs{task_list_verb,   task_show_verb,  task_add_verb,
                                       task_create_verb, task_start_verb, task_prompt_verb,
                                       task_done_verb,   task_fail_verb,  task_reset_verb,
                                       task_cancel_verb, run_verify_verb};
  static const Program program{"git-task",
                               "One task of a plan, from its branch to the flow branch.", verbs};
  return program;
}

}  // namespace gitplan::cli
