#include "session/done_refs.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
#include "plan/plan.hpp"
#include "session/kept_refs.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

/// Each lost race is somebody else's success.
constexpr int max_attempts = 1000;

using NameOf = std::string (*)(std::string_view session, std::uint32_t task);
using ParseRef = std::optional<ref_names::TaskRef> (*)(std::string_view ref);

std::string name_of(NameOf name, std::string_view session, std::string_view task) {
  const auto number = task_number(task);
  if (is_session(session) && number) return name(session, *number);
  throw Error(ErrorKind::fatal, fmt::format("'{}/{}' names no task", text::printable(session),
                                            text::printable(task)));
}

TaskTips read_all(const git::Repository& repository, std::string_view prefix,
                  std::string_view session, ParseRef parse) {
  TaskTips tips;
  for (const auto& ref : git::list_refs(repository, fmt::format("{}{}/", prefix, session))) {
    if (const auto named = parse(ref.name)) tips.emplace(named->task, ref.target);
  }
  return tips;
}

[[noreturn]] void throw_moving(const std::string& name) {
  throw Error(ErrorKind::lost_race, fmt::format("'{}' moves all the time", name));
}

void set(const git::Repository& repository, const std::string& name, const git::Oid& tip,
         std::string_view why) {
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    const auto before = git::read_ref(repository, name);
    if (before == tip) return;
    if (git::compare_and_swap(repository, name, before, tip, why) == git::SwapResult::swapped)
      return;
  }
  throw_moving(name);
}

std::optional<git::Oid> drop(const git::Repository& repository, const std::string& name,
                             const std::optional<git::Oid>& only_at = std::nullopt) {
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    const auto before = git::read_ref(repository, name);
    if (!before || (only_at && before != only_at)) return std::nullopt;
    if (git::delete_ref(repository, name, *before) == git::SwapResult::swapped) return before;
  }
  throw_moving(name);
}

}  // namespace

TaskTips done_refs(const git::Repository& repository, std::string_view session) {
  return read_all(repository, ref_names::done_prefix, session, ref_names::parse_done_ref);
}

std::optional<git::Oid> done_ref(const git::Repository& repository, std::string_view session,
                                 std::string_view task) {
  return git::read_ref(repository, name_of(ref_names::done_ref, session, task));
}

void set_done(const git::Repository& repository, std::string_view session, std::string_view task,
              const git::Oid& tip) {
  set(repository, name_of(ref_names::done_ref, session, task), tip, "task done");
}

std::optional<git::Oid> drop_done(const git::Repository& repository, std::string_view session,
                                  std::string_view task) {
  return drop(repository, name_of(ref_names::done_ref, session, task));
}

std::optional<git::Oid> drop_done(const git::Repository& repository, std::string_view session,
                                  std::string_view task, const git::Oid& tip) {
  return drop(repository, name_of(ref_names::done_ref, session, task), tip);
}

namespace {

bool has_commit(const git::Repository& repository, const git::Oid& commit, std::uint32_t task,
                const std::optional<git::Oid>& flow) {
  const auto branches = git::list_refs(
      repository, fmt::format("{}{}-", ref_names::task_prefix, format_task_id(task)));
  return (flow && git::is_ancestor(repository, commit, *flow)) ||
         std::ranges::any_of(branches, [&](const git::Ref& branch) {
           return git::is_ancestor(repository, commit, branch.target);
         });
}

bool is_settled(const git::Repository& repository, const Plan& plan, std::uint32_t task,
                const git::Oid& tip, const std::optional<git::Oid>& flow) {
  const auto index = plan.find(format_task_id(task));
  if (!index) return true;
  const Status status = plan.tasks[*index].status;
  if (status == Status::completed) return flow && git::is_ancestor(repository, tip, *flow);
  return status == Status::failed || status == Status::cancelled;
}

}  // namespace

std::optional<std::string> release_done(const git::Repository& repository, std::string_view session,
                                        std::string_view task,
                                        const std::optional<git::Oid>& flow) {
  const std::string name = name_of(ref_names::done_ref, session, task);
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    const auto tip = git::read_ref(repository, name);
    if (!tip) return std::nullopt;
    if (has_commit(repository, *tip, *task_number(task), flow)) {
      if (git::delete_ref(repository, name, *tip) == git::SwapResult::swapped) return std::nullopt;
    } else if (auto kept = keep_as_attempt(repository, {name, *tip}, session, task)) {
      return kept;
    }
  }
  throw_moving(name);
}

void release_settled(const git::Repository& repository, std::string_view session,
                     const Plan& plan) {
  const TaskTips tips = done_refs(repository, session);
  if (tips.empty()) return;
  const auto flow = git::read_ref(repository, ref_names::branch_ref(plan.flow_branch));
  for (const auto& [task, tip] : tips) {
    if (is_settled(repository, plan, task, tip, flow))
      release_done(repository, session, format_task_id(task), flow);
  }
}

TaskTips red_refs(const git::Repository& repository, std::string_view session) {
  return read_all(repository, ref_names::red_prefix, session, ref_names::parse_red_ref);
}

std::optional<git::Oid> red_ref(const git::Repository& repository, std::string_view session,
                                std::string_view task) {
  return git::read_ref(repository, name_of(ref_names::red_ref, session, task));
}

void set_red(const git::Repository& repository, std::string_view session, std::string_view task,
             const git::Oid& commit) {
  set(repository, name_of(ref_names::red_ref, session, task), commit, "task red");
}

std::optional<git::Oid> drop_red(const git::Repository& repository, std::string_view session,
                                 std::string_view task) {
  return drop(repository, name_of(ref_names::red_ref, session, task));
}

std::vector<git::Ref> waiting_refs(const git::Repository& repository, std::string_view session) {
  if (!is_session(session)) return {};
  std::vector<git::Ref> all;
  for (const auto prefix : {ref_names::done_prefix, ref_names::red_prefix}) {
    const auto refs = git::list_refs(repository, fmt::format("{}{}/", prefix, session));
    all.insert(all.end(), refs.begin(), refs.end());
  }
  return all;
}

}  // namespace gitplan
