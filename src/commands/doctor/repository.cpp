#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "commands/plan/check.hpp"
#include "commands/plan/edit_file.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "session/flow.hpp"
#include "session/taken_back.hpp"
#include "session/view.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

void check_identity(const Workspace& workspace, Problems& problems) {
  try {
    git::committer_name(workspace.repository());
  } catch (const Error& error) {
    problems.push_back({"no_identity", error.what(),
                        "to set your name, run: git config --global user.name '<name>'; your "
                        "address: git config --global user.email '<email>'"});
  }
}

void check_branches_in_the_way(const Workspace& workspace, Problems& problems) {
  for (const std::string_view name : {"plan", "task"}) {
    if (!git::read_ref(workspace.repository(), ref_names::branch_ref(name))) continue;
    problems.push_back({"ref_in_the_way",
                        fmt::format("branch '{0}' stands in the way of '{0}/…'", name),
                        fmt::format("to rename it, run: git branch -m {0} old-{0}", name)});
  }
  // A branch below a plan's name keeps that plan from being made.
  for (const std::string_view prefix : {ref_names::plan_prefix, ref_names::task_prefix}) {
    for (const auto& ref : git::list_refs(workspace.repository(), std::string(prefix))) {
      const std::string_view rest = std::string_view(ref.name).substr(prefix.size());
      const auto slash = rest.find('/');
      if (slash == std::string_view::npos) continue;
      const std::string branch = text::printable(ref_names::branch_name(ref.name));
      problems.push_back(
          {"ref_in_the_way",
           fmt::format("branch '{}' stands in the way of '{}'", branch,
                       text::printable(ref_names::branch_name(prefix)) +
                           text::printable(rest.substr(0, slash))),
           fmt::format("to rename it, run: git branch -m {0} old-{0}", text::shell_quote(branch))});
    }
  }
}

void check_current(const Workspace& workspace, Problems& problems) {
  const auto current = workspace.config().text("plan.current");
  if (!current) return;
  const std::string session = ref_names::session_of(*current);
  if (git::read_ref(workspace.repository(), ref_names::plan_ref(session))) return;
  problems.push_back(
      {"current_missing",
       fmt::format("plan.current is '{}', and there is no such plan", text::printable(*current)),
       "to have none chosen, run: git config --unset plan.current"});
}

void check_rescued(const Workspace& workspace, Problems& problems) {
  const auto refs = git::list_refs(workspace.repository(), std::string(ref_names::rescue_prefix));
  if (refs.empty()) return;
  Seconds oldest = now();
  for (const auto& ref : refs)
    oldest = std::min(oldest, ref_names::kept_since(ref.name).value_or(oldest));
  problems.push_back(
      {"rescue_waiting",
       fmt::format("rescued work is waiting: {}, the oldest of {}",
                   text::count(static_cast<long long>(refs.size()), "ref", "refs"),
                   rfc3339(oldest)),
       "to see it, run: git for-each-ref refs/git-plan/rescue; to drop it: git wave worker prune "
       "--expire=now"});
}

/// Whose text a file is: "<session>.toml", or "<session>-2.toml" where several were kept.
std::string session_of_text(const Workspace& workspace, const std::filesystem::path& path) {
  std::string name = path.stem().string();
  if (!workspace.store().find(name)) name.resize(std::min(name.size(), name.rfind('-')));
  return name;
}

void check_kept_texts(const Workspace& workspace, Problems& problems) {
  std::error_code error;
  for (const auto& entry :
       std::filesystem::directory_iterator(edit_folder(workspace.repository()), error)) {
    const std::string path = entry.path().string();
    if (!path.ends_with(".toml")) continue;
    problems.push_back(
        {"kept_text",
         fmt::format("a text of 'git plan edit' is kept in '{}'", text::printable(path)),
         fmt::format("to commit it, run: git plan edit {1} -F {0}; to drop it: rm {0}",
                     text::shell_quote(path),
                     text::shell_quote(session_of_text(workspace, entry.path())))});
  }
}

void check_flow(const Workspace& workspace, const PlanView& view, Problems& problems) {
  if (view.flow().commit) return;
  const git::Head head = git::read_head(workspace.repository());
  const bool unborn = !head.target && view.count(Status::completed) == 0;
  if (unborn) return;  // nothing to start from yet
  const std::string flow = view.plan().flow_branch;
  problems.push_back({"flow_missing",
                      fmt::format("plan '{}': its flow branch '{}' is missing", view.session(),
                                  text::printable(flow)),
                      fmt::format("to start it here, run: git plan init --flow={} HEAD",
                                  text::shell_quote(flow))});
}

void check_taken_back(const Workspace& workspace, const PlanView& view, Problems& problems) {
  const auto taken = taken_back(workspace, view.stored());
  if (!taken) return;
  problems.push_back({taken->warning.code,
                      fmt::format("plan '{}': {}", view.session(), taken->warning.message),
                      taken->hint()});
}

void check_content(const Workspace& workspace, const PlanView& view, Problems& problems) {
  const CheckResult result = check(workspace, view);
  std::vector<std::string> errors;
  for (const Diagnostic& one : result.diagnostics) {
    if (one.severity == Severity::error) errors.push_back(one.message);
    if (one.code != "not_in_flow") continue;
    problems.push_back({"not_in_flow", one.message,
                        fmt::format("to start it over, run: git task reset {}/{}", view.session(),
                                    text::printable(one.task))});
  }
  if (errors.empty()) return;
  problems.push_back(
      {"plan_errors",
       fmt::format("plan '{}' has {}: {}", view.session(),
                   text::count(static_cast<long long>(errors.size()), "error", "errors"),
                   errors.front()),
       fmt::format("to see all of them, run: git plan check {}", view.session())});
}

}  // namespace

void check_repository(const Workspace& workspace, Problems& problems) {
  check_identity(workspace, problems);
  check_branches_in_the_way(workspace, problems);
  check_current(workspace, problems);
  check_rescued(workspace, problems);
  check_kept_texts(workspace, problems);
}

namespace {

void check_plan(const Workspace& workspace, StoredPlan stored, Problems& problems) {
  try {
    const PlanView view(workspace, std::move(stored));
    check_flow(workspace, view, problems);
    check_taken_back(workspace, view, problems);
    check_content(workspace, view, problems);
  } catch (const Error& error) {  // what it says can be read: something else cannot
    const auto& hints = error.hints();
    problems.push_back(
        {"plan_unreadable", text::join(error.messages(), "; "),
         hints.empty() ? "to find what is damaged, run: git fsck" : hints.front().text});
  }
}

}  // namespace

void check_plans(const Workspace& workspace, Problems& problems) {
  for (const PlanTip& tip : workspace.store().list()) {
    try {
      check_plan(workspace, workspace.store().load_at(tip.session, tip.commit), problems);
    } catch (const Error& error) {
      problems.push_back({"plan_unreadable", text::join(error.messages(), "; "),
                          fmt::format("to mend it, run: git plan edit {}", tip.session)});
    }
  }
}

}  // namespace gitplan::commands
