#include "cli/task/settle.hpp"
#include "cli/task/verbs.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  return settle_task(invocation, commands::SettleRequest::As::cancelled);
}

}  // namespace

const Verb task_cancel_verb{"cancel",   "give a task up",
                            "[<task>]", 0,
                            1,          {{'m', "message", Takes::value, "<reason>", "why"}},
                            run};

}  // namespace gitplan::cli
