// What is said of tasks that land, or do not. Private to this room.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "lander/lander.hpp"
#include "lander/verifier.hpp"
#include "landing/queue.hpp"
#include "supervisor/supervisor.hpp"

namespace gitplan::lander {

/// How many of the last lines of a verification its worker is told.
inline constexpr std::size_t lines_shown = 20;

/// "001" of "<session>/001".
std::string task_id(const landing::Task& task);
/// By their ids those of this session.
std::vector<std::string> names_for(const std::string& session,
                                   const std::vector<landing::Task>& tasks);

supervisor::Landing landing_as(supervisor::Landing::Outcome outcome, std::string reason);
/// Of a task whose merge has landed; already merged where flow had what nothing was merged for.
supervisor::Landing landed_by(const git::Oid& merge, const landing::Land& land, bool flaky);
supervisor::Landing in_conflict(std::vector<std::string> paths, const std::string& flow_branch);
std::string why_red(const Verification& red, const LanderSetup& setup);

/// The end of one log to another, so that its worker finds it where it looks.
void append_end(const std::string& from, const std::string& to);

}  // namespace gitplan::lander
