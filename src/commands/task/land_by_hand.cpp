#include "commands/task/land_by_hand.hpp"

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "git/presence.hpp"
#include "git/refs.hpp"
#include "lander/hand_in.hpp"
#include "lander/lander.hpp"
#include "session/done_refs.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

using lander::HandIn;
using supervisor::WorkerRecord;

HandIn hand_in_of(const Workspace& workspace, const PlanView& view, TaskIndex index,
                  const TaskBranch& branch, WorkerRecord::Word word, const std::string& verify) {
  HandIn made;
  made.by = HandIn::By::person;
  made.flow_branch = view.plan().flow_branch;
  made.verify = verify;
  made.tip = branch.tip;
  made.since = lander::this_moment();
  WorkerRecord& record = made.record;
  record.session = view.session();
  record.task = view.task(index).id;
  record.branch = branch.name;
  record.phase = WorkerRecord::Phase::done;
  record.told = std::move(word);
  record.run = git::announced_process(workspace.repository());
  if (const Slot* slot = view.slot(index)) record.worker = slot->number;
  return made;
}

/// While it lives, the task is handed in.
class HandedIn {
 public:
  HandedIn(const git::Repository& repository, const HandIn& hand_in)
      : repository_(&repository), hand_in_(&hand_in) {
    set_done(repository, hand_in.record.session, hand_in.record.task, *hand_in.tip);
    lander::HandIns(repository).write(hand_in);
  }
  HandedIn(const HandedIn&) = delete;
  HandedIn& operator=(const HandedIn&) = delete;
  ~HandedIn() {
    const WorkerRecord& record = hand_in_->record;
    lander::HandIns(*repository_).erase(record.session, record.task);
    try {
      release_done(*repository_, record.session, record.task,
                   git::read_ref(*repository_, ref_names::branch_ref(hand_in_->flow_branch)));
    } catch (const Error&) {
      // The doctor names it.
    }
  }

 private:
  const git::Repository* repository_;
  const HandIn* hand_in_;
};

/// Each once, however often a merge is made.
void warn_once(Workspace& workspace, const Diagnostic& warning) {
  const auto& said = workspace.warnings();
  if (std::find(said.begin(), said.end(), warning) == said.end()) workspace.warn(warning);
}

}  // namespace

namespace {

lander::LanderSetup setup_of(Workspace& workspace, const HandIn& hand_in) {
  lander::LanderSetup setup;
  setup.settings = workspace.settings();
  setup.notices = [&](const Notice& notice) {
    if (notice.kind != Notice::Kind::warning) workspace.notices()(notice);
  };
  setup.warned = [&](const Diagnostic& warning) { warn_once(workspace, warning); };
  setup.flow_branch = hand_in.flow_branch;
  setup.verify = hand_in.verify;
  setup.by = HandIn::By::person;
  setup.owner = hand_in.record.run;
  return setup;
}

/// As if the signal had done it.
void end_by(int number) {
  std::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

supervisor::Landing land_by_hand(Workspace& workspace, const PlanView& view, TaskIndex index,
                                 const TaskBranch& branch, WorkerRecord::Word word,
                                 const std::string& verify) {
  const HandIn hand_in = hand_in_of(workspace, view, index, branch, std::move(word), verify);
  supervisor::Landing became;
  auto setup = setup_of(workspace, hand_in);
  setup.tell = [&](const supervisor::LanderNews& news) {
    if (const auto* task = std::get_if<supervisor::TaskLanding>(&news)) became = task->landing;
  };
  std::optional<int> signal;
  {
    const HandedIn handed_in(workspace.repository(), hand_in);
    signal = lander::land(setup);
  }
  if (signal) end_by(*signal);
  return became;
}

}  // namespace gitplan::commands
