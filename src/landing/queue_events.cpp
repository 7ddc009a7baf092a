// What events change: see queue.hpp.
#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

#include "landing/queue.hpp"

namespace gitplan::landing {

void Queue::on(const Event& event) {
  std::visit([this](const auto& one) { take(one); }, event);
}

// --- who waits ---

void Queue::take(const Done& event) {
  const auto over = over_.find(event.task);
  if (over != over_.end() && event.attempt <= over->second) return;
  take_out(event.task, event.attempt - 1);
  if (waits(event.task)) return;
  line_.push_back({event.task, event.attempt, false, landed_.size()});
}

bool Queue::waits(const Task& task) const {
  const auto has = [&](const Line& line) {
    return std::ranges::find(line, task, &Entry::task) != line.end();
  };
  const auto is_it = [&](const Suspect& one) { return one.entry.task == task; };
  return has(line_) || has(blocked_) || has(held_) || std::ranges::any_of(suspects_, is_it);
}

void Queue::take(const Left& event) {
  take_out(event.task, event.attempt);
  settle(event.task, event.attempt);
}

void Queue::take(const Held& event) {
  if (auto entry = take_out(event.task, event.attempt)) held_.push_back(*std::move(entry));
}

void Queue::take(const Resumed& event) {
  const auto found = std::ranges::find(held_, event.task, &Entry::task);
  if (found == held_.end() || found->attempt != event.attempt) return;
  line_.push_back(std::move(*found));
  held_.erase(found);
}

std::optional<Queue::Entry> Queue::take_out(const Task& task, int attempt) {
  const auto is_it = [&](const Entry& one) { return one.task == task && one.attempt <= attempt; };
  const auto in_line = std::ranges::find_if(line_, is_it);
  if (in_line != line_.end()) return take_from_line(static_cast<int>(in_line - line_.begin()) + 1);
  std::optional<Entry> taken;
  for (Line* line : {&blocked_, &held_}) {
    const auto found = std::ranges::find_if(*line, is_it);
    if (found == line->end()) continue;
    taken = std::move(*found);
    line->erase(found);
  }
  const auto suspect = std::ranges::find_if(suspects_, is_it, &Suspect::entry);
  if (suspect == suspects_.end()) return taken;
  taken = std::move(suspect->entry);
  suspects_.erase(suspect);
  return taken;
}

Queue::Entry Queue::take_from_line(int position) {
  const auto place = line_.begin() + (position - 1);
  Entry entry = std::move(*place);
  line_.erase(place);
  cut_chain(position - 1);
  unblock();
  return entry;
}

void Queue::put_into_line(int position, Entry entry) {
  line_.insert(line_.begin() + (position - 1), std::move(entry));
  cut_chain(position - 1);
}

void Queue::unblock() { std::ranges::move(std::exchange(blocked_, {}), std::back_inserter(line_)); }

void Queue::settle(const Task& task, int attempt) {
  int& last = over_[task];
  last = std::max(last, attempt);
}

// --- merges ---

void Queue::take(const Merged& event) {
  if (!merging_ || merging_->merge != event.merge) return;
  const MergeUnderWay merge = *std::exchange(merging_, std::nullopt);
  if (!is_next_in_line(merge) || event.points.size() > merge.tasks.size()) return;
  expected_.clear();
  std::ranges::copy(event.points, std::back_inserter(chain_));
  if (event.conflict && event.points.size() < merge.tasks.size())
    set_aside_conflict(*event.conflict);
}

void Queue::set_aside_conflict(Merged::Conflict conflict) {
  const auto place = line_.begin() + merged_length();
  Entry entry = std::move(*place);
  line_.erase(place);
  if (conflict == Merged::Conflict::with_earlier_tasks && !chain_.empty()) {
    blocked_.push_back(std::move(entry));
    return;
  }
  send_back(SendBack::Why::conflict, entry, *flow_, {});
}

bool Queue::is_next_in_line(const MergeUnderWay& merge) const {
  if (!flow_ || merge.onto != prefix(merged_length()).commit) return false;
  const auto rest = std::span(line_).subspan(chain_.size());
  if (merge.tasks.size() > rest.size()) return false;
  return std::ranges::equal(merge.tasks, rest.first(merge.tasks.size()), {}, {}, &Entry::task);
}

const Point& Queue::prefix(int length) const {
  return length == 0 ? *flow_ : chain_[static_cast<std::size_t>(length) - 1];
}

// The commit is another (a trailer was added), what stands on it is not.
void Queue::expect_same_trees() {
  for (const Point& point : chain_) expected_.push_back(point.tree);
  for (const Suspect& one : suspects_) expected_.push_back(one.point.tree);
}

void Queue::cut_chain(int length) {
  expected_.clear();
  if (length >= merged_length()) return;
  const std::vector<Point> lost(chain_.begin() + length, chain_.end());
  chain_.resize(static_cast<std::size_t>(length));
  const auto stands_on_lost = [&](const Suspect& one) {
    return std::ranges::find(lost, one.base) != lost.end();
  };
  if (std::ranges::any_of(suspects_, stands_on_lost)) recall_suspects();
}

void Queue::recall_suspects() {
  Line back;
  for (Suspect& one : std::exchange(suspects_, {})) {
    one.entry.red_on = std::move(one.point.tree);
    back.push_back(std::move(one.entry));
  }
  if (back.empty()) return;
  line_.insert(line_.begin(), std::move_iterator(back.begin()), std::move_iterator(back.end()));
  chain_.clear();
}

// --- verdicts ---

void Queue::take(const Verified& event) {
  const auto job = jobs_.find(event.job);
  if (job == jobs_.end()) return;
  verdicts_.add(job->second.point.tree, event.verdict);
  jobs_.erase(job);
}

// --- flow ---

void Queue::take(const FlowMoved& event) {
  if (flow_ && flow_->commit == event.flow.commit) return;
  if (landing_ && landing_->to.commit == event.flow.commit) return;
  if (landing_) landing_->overtaken = true;
  if (flow_ && flow_->tree == event.flow.tree) expect_same_trees();
  flow_ = event.flow;
  trust_ = event.trust;
  told_flow_red_ = false;
  chain_.clear();
  recall_suspects();
  unblock();
}

void Queue::take(const Landed& event) {
  if (!landing_ || landing_->landing != event.landing) return;
  const int length = landing_length();
  const LandingUnderWay landing = *std::exchange(landing_, std::nullopt);
  if (length > 0) {
    line_.erase(line_.begin(), line_.begin() + length);
    chain_.erase(chain_.begin(), chain_.begin() + length);
  }
  note_landed(landing);
  if (landing.overtaken) return;
  if (length == 0) {
    chain_.clear();
    recall_suspects();
  }
  flow_ = landing.to;
  trust_ = FlowMoved::Trust::unasked;
  told_flow_red_ = false;
  unblock();
}

void Queue::note_landed(const LandingUnderWay& landing) {
  for (const Entry& entry : landing.entries) {
    take_out(entry.task, entry.attempt);
    settle(entry.task, entry.attempt);
    red_share_.landed();
    landed_.push_back(entry.task);
  }
}

void Queue::take(const NotLanded& event) {
  if (landing_ && landing_->landing == event.landing) landing_.reset();
}

// --- asked from outside ---

bool Queue::is_idle() const { return waiting().empty() && jobs_.empty() && !landing_ && !merging_; }

std::vector<Task> Queue::waiting() const {
  std::vector<Task> tasks;
  for (const Suspect& one : suspects_) tasks.push_back(one.entry.task);
  for (const Line* line : {&line_, &blocked_, &held_}) {
    for (const Entry& one : *line) tasks.push_back(one.task);
  }
  return tasks;
}

}  // namespace gitplan::landing
