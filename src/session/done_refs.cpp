#include "session/done_refs.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/refs.hpp"
#include "plan/ids.hpp"
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

}  // namespace gitplan
