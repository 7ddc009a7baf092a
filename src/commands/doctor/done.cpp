#include <fmt/format.h>

#include <map>
#include <memory>
#include <optional>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/doctor/checks.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "session/branch_work.hpp"
#include "session/done_refs.hpp"
#include "session/task_object.hpp"
#include "session/view.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// A ref that says of a task that it is done.
struct DoneRef {
  git::Ref ref;
  ref_names::TaskRef task;
  std::string stray;  ///< why it means nothing; empty where it does, or nobody can tell
  bool waits = false;
  std::optional<git::Oid> flow;

  [[nodiscard]] std::string task_word() const {
    return fmt::format("{}/{}", task.session, format_task_id(task.task));
  }
};

/// Who merges a task drops the ref a moment later; what came to its branch since waits for another
/// merge.
bool is_left_behind(const Workspace& workspace, const PlanView& view, TaskIndex index,
                    const git::Oid& tip) {
  return view.in_flow(index) && !git::others_may_live(workspace.repository()) &&
         !has_later_work(workspace, view, index, *view.flow().commit, tip);
}

void judge(const Workspace& workspace, const PlanView& view, DoneRef& done) {
  done.flow = view.flow().commit;
  const auto found = view.plan().find(format_task_id(done.task.task));
  if (!found) {
    done.stray = "its plan has no such task";
    return;
  }
  const auto index = static_cast<TaskIndex>(*found);
  done.waits = view.done_at(index).has_value();
  if (done.waits) return;
  if (view.status(index) != Status::completed) {
    done.stray = fmt::format("the task is {}", spoken(view.status(index)));
  } else if (is_left_behind(workspace, view, index, done.ref.target)) {
    done.stray = fmt::format("'{}' has the task", text::printable(view.plan().flow_branch));
  }
}

/// The views of plans, each made once. Null for a plan that cannot be read: check_plans says so.
class Views {
 public:
  explicit Views(const Workspace& workspace) : workspace_(&workspace) {}

  const PlanView* of(const std::string& session) {
    const auto [place, added] = views_.try_emplace(session);
    if (added) place->second = read(session);
    return place->second.get();
  }

 private:
  [[nodiscard]] std::unique_ptr<PlanView> read(const std::string& session) const try {
    return std::make_unique<PlanView>(*workspace_, workspace_->store().load(session));
  } catch (const Error&) {
    return nullptr;
  }

  const Workspace* workspace_;
  std::map<std::string, std::unique_ptr<PlanView>> views_;
};

/// Those with a name that we make.
std::vector<DoneRef> judged_refs(const Workspace& workspace) {
  const git::Repository& repository = workspace.repository();
  Views views(workspace);
  std::vector<DoneRef> all;
  for (auto& ref : git::list_refs(repository, std::string(ref_names::done_prefix))) {
    auto named = ref_names::parse_done_ref(ref.name);
    if (!named) continue;
    DoneRef done{std::move(ref), *std::move(named), "", false, std::nullopt};
    if (!git::read_ref(repository, ref_names::plan_ref(done.task.session))) {
      done.stray = "its plan is gone";
    } else if (const PlanView* view = views.of(done.task.session)) {
      judge(workspace, *view, done);
    }
    all.push_back(std::move(done));
  }
  return all;
}

}  // namespace

void check_done(const Workspace& workspace, Problems& problems) {
  for (const DoneRef& done : judged_refs(workspace)) {
    if (!done.stray.empty()) {
      problems.push_back({"stray_done",
                          fmt::format("'{}' means nothing: {}", done.ref.name, done.stray),
                          "to drop it, run: git plan doctor --fix"});
    } else if (done.waits && !git::others_may_live(workspace.repository())) {
      problems.push_back({"done_waiting",
                          fmt::format("task '{}' is done and not merged", done.task_word()),
                          fmt::format("to merge it, run: git task done {}", done.task_word())});
    }
  }
}

void drop_stray_done(const Workspace& workspace) {
  for (const DoneRef& done : judged_refs(workspace)) {
    if (done.stray.empty()) continue;
    release_done(workspace.repository(), done.task.session, format_task_id(done.task.task),
                 done.flow);
  }
}

}  // namespace gitplan::commands
