#include "commands/task/land_by_hand.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
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
                  const TaskBranch& branch, const ByHand& request) {
  HandIn made;
  made.by = HandIn::By::person;
  made.flow_branch = view.plan().flow_branch;
  made.verify = request.verify;
  made.tip = branch.tip;
  made.since = lander::this_moment();
  WorkerRecord& record = made.record;
  record.session = view.session();
  record.task = view.task(index).id;
  record.branch = branch.name;
  record.phase = WorkerRecord::Phase::done;
  record.told = request.word;
  record.run = git::announced_process(workspace.repository());
  if (const Slot* slot = view.slot(index)) record.worker = slot->number;
  return made;
}

/// While it lives, the task is handed in. One that was done before stays so, unless it landed, was
/// sent back, or was taken back.
class HandedIn {
 public:
  HandedIn(const git::Repository& repository, const HandIn& hand_in)
      : repository_(&repository), hand_in_(&hand_in), was_done_(is_done()), before_(in_file()) {
    set_done(repository, hand_in.record.session, hand_in.record.task, *hand_in.tip);
    lander::HandIns(repository).write(hand_in);
  }
  HandedIn(const HandedIn&) = delete;
  HandedIn& operator=(const HandedIn&) = delete;
  ~HandedIn() {
    try {
      was_done_&& is_done() && !is_settled() ? put_back() : take_out();
    } catch (const Error&) {
      // The doctor names it.
    }
  }

 private:
  [[nodiscard]] bool is_done() const {
    return done_ref(*repository_, hand_in_->record.session, hand_in_->record.task).has_value();
  }
  [[nodiscard]] std::optional<HandIn> in_file() const {
    return lander::HandIns(*repository_).find(hand_in_->record.session, hand_in_->record.task);
  }
  [[nodiscard]] bool is_settled() const {
    const auto now = in_file();
    return now && now->outcome;
  }
  void put_back() const {
    const lander::HandIns files(*repository_);
    before_ ? files.write(*before_) : files.erase(hand_in_->record.session, hand_in_->record.task);
  }
  void take_out() const {
    const WorkerRecord& record = hand_in_->record;
    lander::HandIns(*repository_).erase(record.session, record.task);
    release_done(*repository_, record.session, record.task,
                 git::read_ref(*repository_, ref_names::branch_ref(hand_in_->flow_branch)));
  }

  const git::Repository* repository_;
  const HandIn* hand_in_;
  bool was_done_;
  std::optional<HandIn> before_;
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

/// Once for each reason, however often the hook is asked.
void note_held(const Workspace& workspace, const supervisor::TaskLanding& held,
               const supervisor::Landing& before) {
  const std::string& reason = held.landing.reason;
  if (before.outcome == held.landing.outcome && before.reason == reason) return;
  workspace.note(fmt::format("{} is held back by the {} hook, which is asked again{}{}", held.task,
                             lander::pre_land_hook, reason.empty() ? "" : ": ",
                             text::printable(reason)));
}

/// As if the signal had done it.
void end_by(int number) {
  std::signal(number, SIG_DFL);
  ::raise(number);
}

}  // namespace

supervisor::Landing land_by_hand(Workspace& workspace, const PlanView& view, TaskIndex index,
                                 const TaskBranch& branch, const ByHand& request) {
  const HandIn hand_in = hand_in_of(workspace, view, index, branch, request);
  supervisor::Landing became;
  auto setup = setup_of(workspace, hand_in);
  setup.again = request.again;
  setup.tell = [&](const supervisor::LanderNews& news) {
    const auto* task = std::get_if<supervisor::TaskLanding>(&news);
    if (task == nullptr) return;
    if (task->landing.outcome == supervisor::Landing::Outcome::held)
      note_held(workspace, *task, became);
    became = task->landing;
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
