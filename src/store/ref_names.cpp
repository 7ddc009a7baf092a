#include "store/ref_names.hpp"

#include <fmt/format.h>

#include <cstdio>
#include <ctime>

namespace gitplan::ref_names {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::string_view toml_ending = ".toml";

std::string compact_time(Seconds time) {
  const time_t value = time;
  tm parts{};
  gmtime_r(&value, &parts);
  return fmt::format("{:04}{:02}{:02}T{:02}{:02}{:02}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec);
}

std::string numbered(std::string name, int count) {
  return count > 1 ? fmt::format("{}-{}", name, count) : name;
}

std::string named_by_task(std::string_view prefix, std::string_view session, std::uint32_t task) {
  return fmt::format("{}{}/{}", prefix, session, format_task_id(task));
}

std::optional<TaskRef> parse_named_by_task(std::string_view prefix, std::string_view ref) {
  if (!ref.starts_with(prefix)) return std::nullopt;
  ref.remove_prefix(prefix.size());
  const auto slash = ref.find('/');
  if (slash == std::string_view::npos || !is_session(ref.substr(0, slash))) return std::nullopt;
  const auto id = ref.substr(slash + 1);
  const auto number = task_number(id);
  if (!number || format_task_id(*number) != id) return std::nullopt;
  return TaskRef{std::string(ref.substr(0, slash)), *number};
}

}  // namespace

std::string branch_ref(std::string_view branch) { return fmt::format("{}{}", heads, branch); }

std::string branch_name(std::string_view full_ref) {
  return std::string(full_ref.starts_with(heads) ? full_ref.substr(heads.size()) : full_ref);
}

std::string plan_branch(std::string_view session) { return fmt::format("plan/{}", session); }

std::string plan_ref(std::string_view session) { return fmt::format("{}{}", plan_prefix, session); }

std::string session_of(std::string_view plan_or_session) {
  if (plan_or_session.starts_with(heads)) plan_or_session.remove_prefix(heads.size());
  constexpr std::string_view plan = "plan/";
  if (plan_or_session.starts_with(plan)) plan_or_session.remove_prefix(plan.size());
  return std::string(plan_or_session);
}

std::string task_branch(std::string_view id, std::string_view slug) {
  return fmt::format("task/{}-{}", id, slug);
}

std::optional<TaskName> parse_task_branch(std::string_view branch) {
  if (branch.starts_with(heads)) branch.remove_prefix(heads.size());
  constexpr std::string_view task = "task/";
  if (!branch.starts_with(task)) return std::nullopt;
  branch.remove_prefix(task.size());
  // "whatever the slug": a person may have renamed the branch to a slug that we would not make.
  const auto dash = branch.find('-');
  if (dash == std::string_view::npos || !is_task_id(branch.substr(0, dash))) return std::nullopt;
  return TaskName{std::string(branch.substr(0, dash)), std::string(branch.substr(dash + 1))};
}

std::string task_file_path(std::string_view session, std::string_view id, std::string_view slug) {
  return fmt::format("{}/{}/{}-{}{}", metadata_folder, session, id, slug, toml_ending);
}

std::optional<TaskName> parse_task_file(std::string_view file_name) {
  if (!file_name.ends_with(toml_ending)) return std::nullopt;
  file_name.remove_suffix(toml_ending.size());
  const auto dash = file_name.find('-');
  if (dash == std::string_view::npos || !is_task_id(file_name.substr(0, dash))) return std::nullopt;
  return TaskName{std::string(file_name.substr(0, dash)), std::string(file_name.substr(dash + 1))};
}

std::string rescue_ref(int worker, Seconds time, int count) {
  return numbered(fmt::format("{}worker-{}/{}", rescue_prefix, worker, compact_time(time)), count);
}

std::string attempt_ref(std::string_view session, std::string_view id, Seconds time, int count) {
  return numbered(fmt::format("{}{}/{}/{}", attempt_prefix, session, id, compact_time(time)),
                  count);
}

std::optional<Seconds> kept_since(std::string_view ref) {
  const auto slash = ref.rfind('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string name(ref.substr(slash + 1));
  tm parts{};
  if (std::sscanf(name.c_str(), "%4d%2d%2dT%2d%2d%2dZ", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec) != 6) {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return timegm(&parts);
}

std::string done_ref(std::string_view session, std::uint32_t task) {
  return named_by_task(done_prefix, session, task);
}

std::string red_ref(std::string_view session, std::uint32_t task) {
  return named_by_task(red_prefix, session, task);
}

std::optional<TaskRef> parse_done_ref(std::string_view ref) {
  return parse_named_by_task(done_prefix, ref);
}

std::optional<TaskRef> parse_red_ref(std::string_view ref) {
  return parse_named_by_task(red_prefix, ref);
}

}  // namespace gitplan::ref_names
