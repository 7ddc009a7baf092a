#include "store/plan_outlines.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/error.hpp"
#include "store/cache.hpp"

namespace gitplan {
namespace {

constexpr std::string_view cache_name = "plans";
constexpr std::uint64_t most_settled = 2;  // 0: neither, 1: settled, 2: finished too

using Known = std::unordered_map<std::string, PlanOutline>;

Known recall(const git::Repository& repository) {
  const auto payload = cache::load(repository, cache_name);
  if (!payload) return {};
  cache::Reader in(payload->bytes());
  Known known;
  for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
    PlanOutline outline;
    outline.tip.session = in.text();
    outline.tip.commit = in.oid();
    const std::uint64_t word = in.number_up_to(most_settled);
    outline.settled = word > 0;
    outline.finished = word == most_settled;
    outline.flow_branch = in.text();
    outline.provides = in.texts();
    known.insert_or_assign(outline.tip.session, outline);
  }
  return in.ok() ? known : Known{};
}

void save(const git::Repository& repository, const std::vector<PlanOutline>& outlines) {
  cache::Writer out;
  out.number(outlines.size());
  for (const PlanOutline& outline : outlines) {
    out.text(outline.tip.session);
    out.oid(outline.tip.commit);
    out.number(outline.finished ? most_settled : outline.settled ? 1 : 0);
    out.text(outline.flow_branch);
    out.texts(outline.provides);
  }
  cache::save(repository, cache_name, out.bytes());
}

PlanOutline outline_of(const PlanTip& tip, const Plan& plan) {
  const auto has_ended = [](const Task& task) {
    return task.status == Status::completed || task.status == Status::cancelled;
  };
  const auto is_settled = [&](const Task& task) {
    return has_ended(task) || task.status == Status::failed;
  };
  const auto& tasks = plan.tasks;
  PlanOutline outline{tip,
                      std::all_of(tasks.begin(), tasks.end(), is_settled),
                      !tasks.empty() && std::all_of(tasks.begin(), tasks.end(), has_ended),
                      plan.flow_branch,
                      {}};
  for (const Task& task : tasks) {
    if (task.status != Status::completed) continue;
    outline.provides.insert(outline.provides.end(), task.provides.begin(), task.provides.end());
  }
  return outline;
}

bool is_at(const StoredPlan* plan, const PlanTip& tip) {
  return plan != nullptr && plan->session == tip.session && plan->commit == tip.commit;
}

}  // namespace

std::vector<PlanOutline> outline_plans(const git::Repository& repository, const PlanStore& store,
                                       std::string_view but, const StoredPlan* open) {
  const Known known = recall(repository);
  std::vector<PlanOutline> outlines;
  std::vector<PlanOutline> readable;  // `but` as it was known: others ask for it
  bool learned = false;
  for (const PlanTip& tip : store.list()) {
    const auto before = known.find(tip.session);
    if (tip.session == but) {
      if (before != known.end()) readable.push_back(before->second);
      continue;
    }
    if (before != known.end() && before->second.tip.commit == tip.commit) {
      outlines.push_back(before->second);
      readable.push_back(before->second);
      continue;
    }
    try {
      outlines.push_back(is_at(open, tip)
                             ? outline_of(tip, open->plan)
                             : outline_of(tip, store.peek_at(tip.session, tip.commit).plan));
      readable.push_back(outlines.back());
      learned = true;
    } catch (const Error&) {
      outlines.push_back({tip, false, false, {}, {}});
    }
  }
  if (learned) save(repository, readable);
  return outlines;
}

}  // namespace gitplan
