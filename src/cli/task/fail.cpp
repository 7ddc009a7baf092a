#include "cli/task/settle.hpp"
#include "cli/task/verbs.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  return settle_task(invocation, commands::SettleRequest::As::failed);
}

}  // namespace

const Verb task_fail_verb{
    "fail",
    "record a task as failed",
    "[<task>]",
    0,
    1,
    {{'m', "message", Takes::value, "<reason>", "why, or the question that must be answered"},
     {0, "needs-decision", Takes::nothing, "", "it waits for an answer of the user's"}},
    run};

}  // namespace gitplan::cli
