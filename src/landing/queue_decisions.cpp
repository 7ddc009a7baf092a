// What is to be done: see queue.hpp.
#include <algorithm>
#include <utility>

#include "landing/queue.hpp"

namespace gitplan::landing {

using Verification = QueuePolicy::Verification;

std::vector<Decision> Queue::decide() {
  if (flow_ && is_flow_red()) {
    tell_flow_red();
  } else if (flow_) {
    do {
      judge_suspects();
    } while (suspect_next());
    land();
    verify();
  }
  return std::exchange(decided_, {});
}

// --- what is known ---

bool Queue::is_green(const Point& point) const {
  return policy_.verification == Verification::none || verdicts_.is_green(point.tree);
}

bool Queue::is_settled(const Point& point) const {
  return verdicts_.is_settled(point.tree, policy_.retries);
}

bool Queue::is_flow_trusted() const {
  return trust_ == FlowMoved::Trust::unasked || is_green(*flow_);
}

bool Queue::is_flow_red() const {
  return policy_.verification == Verification::needed &&
         verdicts_.is_proven_red(flow_->tree, policy_.retries);
}

int Queue::landing_length() const {
  if (!landing_ || landing_->overtaken) return 0;
  const auto length = static_cast<int>(landing_->entries.size());
  const bool is_first = length <= merged_length() && prefix(length) == landing_->to;
  return is_first ? length : 0;
}

int Queue::green_length() const {
  int reached = landing_length();
  for (int length = reached + 1; length <= merged_length(); ++length) {
    if (policy_.batch > 0 && length - reached > policy_.batch) break;
    if (is_green(prefix(length))) reached = length;
  }
  return reached;
}

std::optional<int> Queue::red_length(int green) const {
  for (int length = green + 1; length <= merged_length(); ++length) {
    if (verdicts_.is_red(prefix(length).tree)) return length;
  }
  return std::nullopt;
}

// --- blame ---

void Queue::tell_flow_red() {
  cancel_useless({});
  if (std::exchange(told_flow_red_, true)) return;
  decided_.emplace_back(FlowRed{*flow_});
}

void Queue::judge_suspects() {
  const auto is_judged = [this](const Suspect& one) { return proof_of(one) != Proof::open; };
  for (auto one = std::ranges::find_if(suspects_, is_judged); one != suspects_.end();
       one = std::ranges::find_if(suspects_, is_judged)) {
    Suspect suspect = std::move(*one);
    suspects_.erase(one);
    if (proof_of(suspect) == Proof::guilty) {
      red_share_.sent_back();
      send_back(SendBack::Why::red, suspect.entry, suspect.base, suspect.point);
    } else {
      let_in_again(std::move(suspect));
    }
  }
}

Queue::Proof Queue::proof_of(const Suspect& suspect) const {
  if (is_green(suspect.point)) return Proof::innocent;
  if (!is_settled(suspect.point) || !is_settled(suspect.base)) return Proof::open;
  return is_green(suspect.base) ? Proof::guilty : Proof::innocent;
}

void Queue::send_back(SendBack::Why why, const Entry& entry, const Point& base, const Point& red) {
  settle(entry.task, entry.attempt);
  const auto since = landed_.begin() + static_cast<std::ptrdiff_t>(entry.landed_before);
  decided_.emplace_back(
      SendBack{why, entry.task, entry.attempt, base, red, {since, landed_.end()}});
}

// Where it was, if nothing has landed since; else so that it stops nothing that is being verified.
void Queue::let_in_again(Suspect suspect) {
  suspect.entry.flaky = suspect.entry.flaky || is_green(suspect.point);
  const int green = green_length();
  const int before = prefix(green) == suspect.base ? green : merged_length();
  put_into_line(before + 1, std::move(suspect.entry));
}

bool Queue::suspect_next() {
  const int green = green_length();
  if (!is_flow_trusted() || merged_length() == green) return false;
  const Point point = prefix(green + 1);
  if (!verdicts_.is_red(point.tree)) return false;
  const Point base = prefix(green);
  Entry entry = take_from_line(green + 1);
  suspects_.push_back({std::move(entry), base, point});
  return true;
}

// --- what to do ---

void Queue::land() {
  const int length = green_length();
  if (landing_ || length == 0 || !is_flow_trusted()) return;
  landing_ = LandingUnderWay{++last_id_, prefix(length), {}};
  Land decision{last_id_, flow_->commit, prefix(length), {}};
  for (int position = 0; position < length; ++position) {
    const Entry& entry = line_[static_cast<std::size_t>(position)];
    landing_->entries.push_back(entry);
    decision.tasks.push_back({entry.task, entry.attempt, is_flaky(entry)});
  }
  decided_.emplace_back(std::move(decision));
}

void Queue::merge(int length) {
  if (length <= merged_length() || (merging_ && is_next_in_line(*merging_))) return;
  merging_ = MergeUnderWay{++last_id_, prefix(merged_length()).commit, {}};
  for (int position = merged_length(); position < length; ++position)
    merging_->tasks.push_back(line_[static_cast<std::size_t>(position)].task);
  decided_.emplace_back(Merge{last_id_, merging_->onto, flow_->commit, merging_->tasks});
}

void Queue::verify() {
  if (policy_.verification == Verification::none) return merge(static_cast<int>(line_.size()));
  const std::vector<Job> needed = proofs();
  cancel_useless(needed);
  for (const Job& job : needed) start(job);
  verify_prefixes();
}

/// The most urgent first. What a suspect stands on is asked for before its own tree is proven red
/// where a job has nothing better to do.
std::vector<Queue::Job> Queue::proofs() const {
  std::vector<Job> jobs;
  const auto need = [&](Verify::Why why, const Point& point) {
    if (!is_settled(point)) jobs.push_back({why, point});
  };
  if (!is_flow_trusted()) need(Verify::Why::flow, *flow_);
  for (const Suspect& one : suspects_) need(Verify::Why::suspect, one.point);
  for (const Suspect& one : suspects_) need(Verify::Why::flow, one.base);
  return jobs;
}

void Queue::verify_prefixes() {
  if (free_jobs() <= 0 || line_.empty()) return;
  const Search known = search();
  const SearchPolicy policy{policy_.jobs, policy_.batch, red_share_.value()};
  const int farthest = farthest_probe(known, policy, free_jobs());
  if (farthest > merged_length()) return merge(farthest);
  for (const int length : next_probes(known, policy, free_jobs()))
    start({Verify::Why::prefix, prefix(length)});
}

Search Queue::search() const {
  Search known;
  known.green = green_length();
  known.red = red_length(known.green);
  known.waiting = static_cast<int>(line_.size());
  for (int length = known.green + 1; length < known.red.value_or(merged_length() + 1); ++length) {
    if (is_green(prefix(length)) || is_running(prefix(length).tree)) known.marked.push_back(length);
  }
  return known;
}

bool Queue::is_running(const Tree& tree) const {
  return std::ranges::any_of(jobs_, [&](const auto& job) { return job.second.point.tree == tree; });
}

void Queue::start(const Job& job) {
  if (free_jobs() <= 0 || is_running(job.point.tree)) return;
  jobs_[++last_id_] = job;
  decided_.emplace_back(Verify{job.why, last_id_, job.point});
}

void Queue::cancel_useless(const std::vector<Job>& needed) {
  std::vector<Tree> useful = expected_;
  for (const Job& job : needed) useful.push_back(job.point.tree);
  if (!is_flow_red()) {
    const Search known = search();
    for (const int length : known.marked) useful.push_back(prefix(length).tree);
  }
  std::erase_if(jobs_, [&](const auto& job) {
    if (std::ranges::find(useful, job.second.point.tree) != useful.end()) return false;
    decided_.emplace_back(Cancel{job.first});
    return true;
  });
}

}  // namespace gitplan::landing
