// What the queue decides, but for what lands: merges, verifications, and who goes back. See
// lander_state.hpp.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "lander/lander_state.hpp"
#include "lander/told.hpp"
#include "plan/ids.hpp"
#include "session/done_refs.hpp"
#include "store/ref_names.hpp"
#include "store/verified_trees.hpp"
#include "supervisor/worker_log.hpp"

namespace gitplan::lander {

using landing::Verdict;
using supervisor::Landing;
using supervisor::SentBack;

void Lander::carry_out(Ground& ground) {
  while (is_any_waiting() && !is_over_) {
    const auto decisions = queue_->decide();
    if (decisions.empty()) return;
    for (const landing::Decision& decision : decisions)
      std::visit([&](const auto& one) { carry_out(ground, one); }, decision);
  }
}

void Lander::carry_out(Ground& ground, const landing::Merge& wanted) {
  landing::Merge merge = wanted;
  merge.flow.text = flow_->hex();  // something has landed since it was decided, perhaps
  auto outcome = make_merges(ground, queued_, merge);
  std::vector<landing::Task> before = tasks_of_[merge.onto];
  for (std::size_t i = 0; i < outcome.event.points.size(); ++i) {
    const landing::Task& task = merge.tasks[i];
    known_.at(task).merge = oid_of(outcome.event.points[i].commit.text);
    before.push_back(task);
    tasks_of_[outcome.event.points[i].commit] = before;
  }
  const std::size_t made = outcome.event.points.size();
  if (outcome.event.conflict) conflicts_[merge.tasks[made]] = outcome.conflicts;
  queue_->on(outcome.event);
  if (!outcome.problem) return;
  const landing::Task& task = merge.tasks[made];
  HandIn hand_in = queued_.at(task);
  leave(task);
  finish(ground, std::move(hand_in), landing_as(Outcome::left_work, *outcome.problem));
}

void Lander::carry_out(Ground& ground, const landing::Verify& verify) {
  if (verified_trees::has(ground.repository(), oid_of(verify.point.tree.text), setup_->verify)) {
    ground.workspace().note(fmt::format("tree {} was verified by this command before",
                                        verify.point.tree.text.substr(0, 10)));
    queue_->on(landing::Verified{verify.job, Verdict::green});
    return;
  }
  jobs_[verify.job] = {verify, waiting_in(verify.point.commit), 0};
  verifier_->start(verify.job, verify.point.commit.text);
}

void Lander::carry_out(Ground& /*ground*/, const landing::Cancel& cancel) {
  jobs_.erase(cancel.job);
  verifier_->cancel(cancel.job);
}

void Lander::carry_out(Ground& ground, const landing::SendBack& back) {
  auto hand_in = queued_.extract(back.task);
  if (hand_in.empty()) return;
  Landing landing = back.why == landing::SendBack::Why::conflict
                        ? in_conflict(conflicts_[back.task], setup_->flow_branch)
                        : sent_back(ground, back, hand_in.mapped());
  finish(ground, std::move(hand_in.mapped()), std::move(landing));
}

Landing Lander::sent_back(const Ground& ground, const landing::SendBack& back,
                          const HandIn& hand_in) {
  const auto& record = hand_in.record;
  const Verification& red = reds_[back.red.tree];
  SentBack told;
  told.command = setup_->verify;
  told.exit_status = red.exit_status.value_or(0);
  told.timed_out = red.timed_out;
  told.last_lines = supervisor::last_lines(red.log, lines_shown);
  std::vector<landing::Task> with = waiting_in(back.red.commit);
  std::erase(with, back.task);
  with.insert(with.begin(), back.with.begin(), back.with.end());
  told.with = names_for(record.session, with);
  set_red(ground.repository(), record.session, record.task, oid_of(back.red.commit.text));
  told.ref = ref_names::red_ref(record.session, task_number(record.task).value_or(0));
  append_end(red.log, record.log);
  Landing landing = landing_as(Outcome::verification_failed, why_red(red, *setup_));
  landing.command = told.command;
  landing.exit_status = told.exit_status;
  landing.sent_back = std::move(told);
  return landing;
}

void Lander::carry_out(Ground& ground, const landing::FlowRed& red) {
  const Verification& found = reds_[red.flow.tree];
  trust(ground).note(oid_of(red.flow.commit.text), FlowTrust::Found::red);
  Landing landing = landing_as(Outcome::flow_is_red, "");
  landing.commit = red.flow.commit.text;
  landing.command = setup_->verify;
  landing.exit_status = found.exit_status.value_or(0);
  setup_->tell(supervisor::TaskLanding{"", std::move(landing)});
  is_over_ = true;
}

}  // namespace gitplan::lander
