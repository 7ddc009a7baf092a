// `git plan import` and `git plan export`: other tools' plans, in and out.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "commands/plan/create.hpp"
#include "plan/exchange/exchange.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
class PlanView;
}  // namespace gitplan

namespace gitplan::commands {

enum class Tool { taskmaster, beads, backlog };

struct ImportRequest {
  Tool tool = Tool::taskmaster;
  std::optional<Document> document;  ///< what was read already (standard input)
  std::string path;                  ///< else: a file, or a folder in which the tool keeps it
  std::optional<std::string> session;
  std::optional<std::string> into;  ///< adds to this plan instead of making one
  std::optional<std::string> flow_branch;
  std::string list = "master";
  exchange::Subtasks subtasks = exchange::Subtasks::as_tasks;
  Effect effect = Effect::write;
};

struct ImportResult {
  std::string session;
  std::int64_t version = 0;
  git::Oid commit;  ///< zero in a dry run, or where nothing was written
  std::size_t total_tasks = 0;
  std::vector<std::string> added;     ///< ids
  std::vector<std::string> existing;  ///< external ids that the plan had already
  Diagnostics warnings;
};

/// Checked as `plan create` and `plan update --add` check. Throws Error(fatal) for what the tool
/// does not write; nothing is written then.
ImportResult import_plan(Workspace& workspace, const ImportRequest& request);
Json to_json(const ImportResult& result);

enum class ExportFormat { toml, json, taskmaster, beads, backlog };
/// The plan as it stands, each task with its derived status; foreign keys too.
/// Not for a backlog, which is no one text.
std::string export_plan(const Workspace& workspace, const PlanView& view, ExportFormat format);
/// The same as Markdown files in `tasks` inside of `folder`, which is made where it is missing.
/// Returns their paths. Throws Error(wrong_state) where `tasks` holds something already.
std::vector<std::string> export_backlog(const Workspace& workspace, const PlanView& view,
                                        const std::string& folder);

}  // namespace gitplan::commands
