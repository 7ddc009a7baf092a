// The verbs of git-plan; one .cpp each.
#pragma once

#include "cli/verb.hpp"

namespace gitplan::cli {

/// `git plan` alone.
extern const Verb plan_overview_verb;
extern const Verb plan_init_verb;
extern const Verb plan_create_verb;
extern const Verb plan_list_verb;
extern const Verb plan_show_verb;
extern const Verb plan_log_verb;
extern const Verb plan_diff_verb;
extern const Verb plan_update_verb;
extern const Verb plan_approve_verb;
extern const Verb plan_graph_verb;
extern const Verb plan_report_verb;
extern const Verb plan_edit_verb;
extern const Verb plan_check_verb;
extern const Verb plan_import_verb;
extern const Verb plan_export_verb;
extern const Verb plan_doctor_verb;
extern const Verb plan_completion_verb;
extern const Verb plan_provides_verb;
extern const Verb plan_use_verb;
extern const Verb plan_delete_verb;
extern const Verb plan_merge_verb;
extern const Verb plan_deliver_verb;
extern const Verb plan_share_verb;
extern const Verb plan_sync_verb;
extern const Verb plan_clean_verb;
extern const Verb plan_mcp_verb;

const Program& plan_program();

}  // namespace gitplan::cli
