#include "session/task_object.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>

#include "base/clock.hpp"
#include "base/text.hpp"
#include "plan/estimate.hpp"
#include "plan/ids.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Which providers are named for each need of a task. Where very many provide the same, one is
/// enough, and all of them for each task would be a book.
class NamedProviders {
 public:
  std::span<const TaskIndex> of(std::span<const TaskIndex> all) {
    constexpr std::size_t most_of_a_need = 20;
    const std::size_t most = std::clamp<std::size_t>(left_, 1, most_of_a_need);
    const auto named = all.first(std::min(all.size(), most));
    left_ -= std::min(left_, named.size());
    return named;
  }

 private:
  std::size_t left_ = 200;  ///< for all needs; beyond that, one each
};

Json blocked_by(const PlanView& view, TaskIndex index) {
  Json list = Json::array();
  NamedProviders named;
  for (const auto& blocker : blockers(view, index)) {
    if (blocker.kind == schedule::Blocker::Kind::task) {
      list.push_back(Json{{"task", blocker.name}});
      continue;
    }
    const std::size_t total = blocker.provided_by.size();
    Json providers = Json::array();
    for (const TaskIndex provider : named.of(blocker.provided_by))
      providers.push_back(view.task(provider).id);
    const bool is_cut = providers.size() < total;
    list.push_back(Json{{"precondition", blocker.name}, {"provided_by", std::move(providers)}});
    if (is_cut) list.back()["provided_by_total"] = total;
  }
  return list;
}

/// Failed or given up, as the plan records it.
bool is_over(Status status, const Task& task) {
  return status == task.status && (status == Status::failed || status == Status::cancelled);
}

void add_claim(Json& object, const PlanView& view, TaskIndex index) {
  const SeenClaim* seen = view.claimed_elsewhere(index);
  if (seen == nullptr) return;
  if (seen->standing.claim) object["machine"] = seen->standing.claim->machine;
  object["claim"] = claim_object(seen->standing);
}

void add_worker(Json& object, const PlanView& view, TaskIndex index) {
  const Slot* slot = view.slot(index);
  if (slot == nullptr) return;
  object["worker"] = std::to_string(slot->number);
  object["worktree_path"] = slot->path;
  object["absolute_path"] = slot->absolute_path;
}

}  // namespace

void add_estimate(Json& object, const std::optional<std::string>& estimated_time) {
  if (!estimated_time) return;
  object["estimated_time"] = *estimated_time;
  const auto seconds = parse_duration(*estimated_time);
  constexpr double seconds_per_minute = 60;
  if (seconds) {
    object["estimated_minutes"] = number(*seconds / seconds_per_minute);
  } else {
    object["estimated_minutes"] = nullptr;
  }
}

std::vector<schedule::Blocker> blockers(const PlanView& view, TaskIndex index) {
  const bool settled = view.status(index) != Status::pending;
  if (settled) return {};
  return schedule::blocked_by(view.graph(), view.progress(), index);
}

std::string spoken(Status status) {
  return status == Status::in_progress ? "in progress" : std::string(to_string(status));
}

std::string spoken(const PlanView& view, TaskIndex index) {
  return view.done_at(index) ? "done, not merged yet" : spoken(view.status(index));
}

std::string describe_blockers(const PlanView& view, TaskIndex index) {
  std::vector<std::string> pieces;
  const auto of_task = [&](TaskIndex task) {
    return fmt::format("task {}, {}", view.task(task).id, spoken(view, task));
  };
  for (const auto& blocker : blockers(view, index)) {
    if (blocker.kind == schedule::Blocker::Kind::task) {
      const auto& found = blocker.provided_by;
      pieces.push_back(found.empty() ? fmt::format("task {}, which the plan does not have",
                                                   text::printable(blocker.name))
                                     : of_task(found.front()));
      continue;
    }
    std::string who = "nobody provides it";
    if (!blocker.provided_by.empty()) {
      who = of_task(blocker.provided_by.front());
      if (blocker.provided_by.size() > 1)
        who += fmt::format(" and {} more", blocker.provided_by.size() - 1);
    }
    pieces.push_back(fmt::format("'{}' ({})", text::printable(blocker.name), who));
  }
  return text::join(pieces, ", ");
}

std::string describe(const schedule::HeldBack& held) {
  return fmt::format("task {} touches {} too", held.by, text::join(held.files, ", "));
}

namespace {

/// Nobody waits for himself, unless nobody else provides it.
std::vector<TaskIndex> providers_for(const schedule::Graph& graph, const schedule::Need& need,
                                     TaskIndex index) {
  const auto all = graph.providers(need.index);
  std::vector<TaskIndex> providers(all.begin(), all.end());
  if (providers.size() > 1) std::erase(providers, index);
  return providers;
}

}  // namespace

std::vector<std::string> needs_in_words(const PlanView& view, TaskIndex index) {
  const schedule::Graph& graph = view.graph();
  NamedProviders named;
  std::vector<std::string> words;
  for (const schedule::Need& need : graph.needs(index)) {
    if (need.kind == schedule::Need::Kind::task) {
      words.push_back(view.task(need.index).id);
    } else if (need.kind == schedule::Need::Kind::unknown_task) {
      words.push_back(fmt::format("{} (not in the plan)", view.task(index).depends_on[need.index]));
    } else {
      std::vector<std::string> providers;
      const auto all = providers_for(graph, need, index);
      for (const TaskIndex task : named.of(all)) providers.push_back(view.task(task).id);
      if (all.size() > providers.size())
        providers.push_back(fmt::format("{} more", all.size() - providers.size()));
      words.push_back(fmt::format("{} ({})", graph.capability(need.index),
                                  providers.empty() ? "nobody" : text::join(providers, " or ")));
    }
  }
  return words;
}

std::string slug_of(const PlanView& view, TaskIndex index) {
  if (const TaskBranch* branch = view.task_branch(index)) {
    if (const auto name = ref_names::parse_task_branch(branch->name)) return name->slug;
  }
  const Task& task = view.task(index);
  return task.slug && is_slug(*task.slug) ? *task.slug : derive_slug(task.description);
}

Json claim_object(const remote::StandingClaim& standing) {
  Json claim = Json::object();
  const auto& one = standing.claim;
  if (one) claim["machine"] = one->machine;
  if (one && one->worker > 0) claim["worker"] = std::to_string(one->worker);
  add_times(claim, standing);
  claim["state"] = one ? remote::to_string(one->state) : "held";
  return claim;
}

void add_times(Json& object, const remote::StandingClaim& standing) {
  const auto& claim = standing.claim;
  if (!claim) return;
  if (!claim->run.empty()) object["run"] = claim->run;
  object["since"] = rfc3339(claim->since);
  object["renewed"] = rfc3339(claim->renewed);
}

Json task_object(const PlanView& view, TaskIndex index) {
  const Task& task = view.task(index);
  constexpr std::size_t most_keys = 27;
  Json object = Json::object();
  object.get_ref<Json::object_t&>().reserve(most_keys);
  object["id"] = task.id;
  object["slug"] = slug_of(view, index);
  if (const TaskBranch* branch = view.task_branch(index)) object["branch"] = branch->name;
  object["description"] = task.description;
  object["status"] = to_string(view.status(index));
  if (view.done_at(index)) object["done"] = true;
  Json blocked = blocked_by(view, index);
  object["ready"] = view.status(index) == Status::pending && blocked.empty();
  if (const schedule::HeldBack* held = view.held_back(index))
    blocked.push_back(Json{{"files", held->files}, {"task", held->by}});
  object["blocked_by"] = std::move(blocked);
  if (const int wave = view.waves().wave_of[index]; wave > 0) object["wave"] = wave;
  object["preconditions"] = task.preconditions;
  object["provides"] = task.provides;
  object["depends_on"] = task.depends_on;
  object["files"] = task.files;
  add_estimate(object, task.estimated_time);
  object["priority"] = to_string(task.effective_priority());
  add_guidance(object, task);
  add_worker(object, view, index);
  add_claim(object, view, index);
  if (task.external_id) object["external_id"] = *task.external_id;
  if (task.part_of) object["part_of"] = *task.part_of;
  if (task.reason && is_over(view.status(index), task)) object["reason"] = *task.reason;
  if (task.needs_decision && view.status(index) == Status::failed) object["needs_decision"] = true;
  if (task.question) object["question"] = *task.question;
  if (task.answer) object["answer"] = *task.answer;
  return object;
}

Json task_objects(const PlanView& view, const std::vector<TaskIndex>& tasks) {
  Json list = Json::array();
  for (const TaskIndex index : tasks) list.push_back(task_object(view, index));
  return list;
}

Json held_back_objects(const PlanView& view, const std::vector<schedule::HeldBack>& held_back) {
  Json list = Json::array();
  for (const auto& one : held_back) {
    list.push_back(Json{{"id", view.task(one.task).id}, {"task", one.by}, {"files", one.files}});
  }
  return list;
}

Json ids(const PlanView& view, const std::vector<TaskIndex>& tasks) {
  Json list = Json::array();
  for (const TaskIndex index : tasks) list.push_back(view.task(index).id);
  return list;
}

}  // namespace gitplan
