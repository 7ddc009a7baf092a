#include <vector>

#include "cli/plan/verbs.hpp"
#include "cli/run_verify.hpp"

namespace gitplan::cli {

const Program& plan_program() {
  static const std::vector<Verb> verbs{
      plan_init_verb,       plan_create_verb, plan_list_verb,   plan_show_verb,
      plan_log_verb,        plan_diff_verb,   plan_update_verb, plan_edit_verb,
      plan_approve_verb,    plan_graph_verb,  plan_report_verb, plan_check_verb,
      plan_provides_verb,   plan_use_verb,    plan_delete_verb, plan_merge_verb,
      plan_deliver_verb,    plan_clean_verb,  plan_share_verb,  plan_sync_verb,
      plan_mcp_verb,        plan_import_verb, plan_export_verb, plan_doctor_verb,
      plan_completion_verb, run_verify_verb};
  static const Program program{"git-plan",
                               "Plans of tasks for parallel workers, kept on git branches.", verbs,
                               &plan_overview_verb};
  return program;
}

}  // namespace gitplan::cli
