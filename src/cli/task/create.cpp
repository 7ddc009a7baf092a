#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "cli/invocation.hpp"
#include "cli/task/verbs.hpp"
#include "session/task_branch.hpp"

namespace gitplan::cli {
namespace {

int run(Invocation& invocation) {
  CreateTaskRequest request;
  request.task = invocation.arguments().words.front();
  request.slug = invocation.arguments().value("slug");
  if (invocation.arguments().has("force")) request.unready = Unready::start_anyway;
  const auto result = create_task(invocation.workspace(), request);
  invocation.hint(fmt::format("to give it a worktree, run: git task start {}", result.task));
  return invocation.answer([&](const Style&) { return result.branch.name + "\n"; },
                           [&] { return to_json(result); });
}

}  // namespace

const Verb task_create_verb{"create",
                            "create a task's branch with its metadata, without a worktree",
                            "<task>",
                            1,
                            1,
                            {{0, "slug", Takes::value, "<slug>",
                              "the end of the branch name (default: from the description)"},
                             {'f', "force", Takes::nothing, "", "even if the task is not ready"}},
                            run};

}  // namespace gitplan::cli
