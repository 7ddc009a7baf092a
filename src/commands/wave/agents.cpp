#include "commands/wave/agents.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/program.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/wave/agents_config.hpp"
#include "commands/wave/parking_file.hpp"
#include "commands/wave/run.hpp"
#include "commands/wave/worker_files.hpp"
#include "commands/wave/worker_process.hpp"
#include "git/lock.hpp"
#include "session/plan_usage.hpp"
#include "session/run_history.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

using supervisor::WorkerRecord;

std::string task_name(const PlanView* view, const WorkerRecord& record) {
  const bool is_of_view = view != nullptr && view->session() == record.session;
  return is_of_view ? record.task : fmt::format("{}/{}", record.session, record.task);
}

/// What it does now, as the records of workers say.
void add_records(const Workspace& workspace, const PlanView* view, AgentStatus& agent) {
  for (WorkerRecord record : worker_records(workspace).all()) {
    if (record.agent != agent.name || record.phase == WorkerRecord::Phase::idle) continue;
    if (record.phase == WorkerRecord::Phase::parked)
      agent.waiting.push_back(task_name(view, record));
    if (record.phase == WorkerRecord::Phase::working)
      record.usage = used_by_attempt(worker_records(workspace), record.worker).usage;
    if (view != nullptr && view->session() == record.session)
      agents::add(agent.usage, supervisor::usage_of(record));
  }
  for (const WorkerRecord& record : running_workers(workspace)) {
    const bool is_at_work = record.phase == WorkerRecord::Phase::working ||
                            record.phase == WorkerRecord::Phase::assigned;
    if (record.agent == agent.name && is_at_work) agent.working.push_back(task_name(view, record));
  }
}

AgentStatus status_of(const Workspace& workspace, const PlanView* view,
                      const agents::Agent& configured, const agents::Parkings& parked,
                      const PlanUsage& used) {
  AgentStatus agent;
  agent.name = configured.name;
  agent.fallback = configured.fallback;
  if (const auto program = agents::program_of(configured.command)) {
    agent.program = *program;
    agent.found = is_found(workspace, *program);
  }
  if (const auto found = used.by_agent.find(agent.name); found != used.by_agent.end())
    agent.usage = found->second;
  add_records(workspace, view, agent);
  std::ranges::sort(agent.working);
  std::ranges::sort(agent.waiting);
  if (!agent.working.empty()) agent.state = AgentStatus::State::working;
  if (const auto found = parked.find(agent.name); found != parked.end()) {
    agent.state = AgentStatus::State::parked;
    agent.parked_until = found->second.until;
  }
  return agent;
}

Json to_json(const agents::Usage& usage) {
  Json object = Json::object();
  for (const auto& [unit, number] : usage) object[unit] = number;
  return object;
}

/// That runs have, or had, by a command of their own.
std::set<std::string> met_agents(const Workspace& workspace) {
  std::set<std::string> names;
  for (const WorkerRecord& record : running_workers(workspace)) names.insert(record.agent);
  for (const auto& [name, parked] : parked_now(workspace)) names.insert(name);
  names.erase("");
  return names;
}

}  // namespace

std::string_view to_string(AgentStatus::State state) {
  switch (state) {
    case AgentStatus::State::working:
      return "working";
    case AgentStatus::State::parked:
      return "parked";
    case AgentStatus::State::idle:
      break;
  }
  return "idle";
}

std::optional<bool> is_found(const Workspace& workspace, const std::string& program) {
  if (agents::is_built_in(program)) return true;
  const std::string& base = workspace.repository().base_folder();
  const auto is_program = [&](std::string_view folder) {
    const std::string path = join_path(folder, program);
    return ::access(path.starts_with('/') ? path.c_str() : join_path(base, path).c_str(), X_OK) ==
           0;
  };
  if (program.starts_with('/')) return ::access(program.c_str(), X_OK) == 0;
  if (program.find('/') != std::string::npos) return is_program(base);
  const char* path = std::getenv("PATH");
  const auto folders = text::split(path == nullptr ? "" : path, ':');
  return std::ranges::any_of(folders, is_program);
}

agents::Parkings parked_now(const Workspace& workspace) {
  auto all = ParkingFile(git::state_folder(workspace.repository())).read();
  const Seconds time = now();
  std::erase_if(all, [&](const auto& one) { return !one.second.holds(time); });
  return all;
}

std::vector<AgentStatus> agent_status(const Workspace& workspace, const PlanView* view) {
  agents::Agents configured = configured_agents(workspace, {});
  for (const std::string& name : met_agents(workspace)) configured[name].name = name;
  const agents::Parkings parked = parked_now(workspace);
  PlanUsage used;
  if (view != nullptr) used = plan_usage(*view, run_history(workspace, *view));
  std::vector<AgentStatus> all;
  for (const auto& [name, agent] : configured)
    all.push_back(status_of(workspace, view, agent, parked, used));
  return all;
}

Json to_json(const std::vector<AgentStatus>& agents) {
  Json list = Json::array();
  for (const AgentStatus& agent : agents) {
    Json object{{"name", agent.name},
                {"program", agent.program.empty() ? Json(nullptr) : Json(agent.program)},
                {"found", agent.found ? Json(*agent.found) : Json(nullptr)},
                {"state", to_string(agent.state)}};
    if (!agent.fallback.empty()) object["fallback"] = agent.fallback;
    if (agent.parked_until) object["parked_until"] = rfc3339(*agent.parked_until);
    object["working"] = agent.working;
    object["waiting"] = agent.waiting;
    object["usage"] = to_json(agent.usage);
    list.push_back(std::move(object));
  }
  Json object = new_object();
  object["agents"] = std::move(list);
  return object;
}

}  // namespace gitplan::commands
