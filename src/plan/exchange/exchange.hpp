// Other tools' plans, in and out: Task Master's tasks.json, beads' JSON lines, Backlog.md's folder.
// What a tool has no place for goes along in its metadata, so that a plan that went out comes back
// the same; a title, a status, a priority or dependencies that were changed there meanwhile count.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "plan/diagnostic.hpp"
#include "plan/plan.hpp"

namespace gitplan::exchange {

enum class Subtasks { as_tasks, left_out };

struct ImportOptions {
  std::string list = "master";  ///< of Task Master
  std::string file = "-";       ///< what is imported, as hints are to name it
  Subtasks subtasks = Subtasks::as_tasks;
  const Plan* into = nullptr;  ///< ids of it are taken; what it has by external id is not added
};

struct Imported {
  Plan plan;                          ///< what stands above the tasks, and the tasks to add
  Diagnostics warnings;               ///< what could not be carried over
  std::vector<std::string> existing;  ///< external ids that `into` has already
};

/// A Markdown file of a backlog, by the name that messages call it.
struct MarkdownFile {
  std::string name;
  std::string text;
};

/// Each throws Error(fatal) where nothing in the text is what the tool writes, Error(not_found)
/// where the list is missing. An odd record is left out or mended, and warned of.
Imported from_taskmaster(std::string_view text, std::string_view name,
                         const ImportOptions& options);
Imported from_beads(std::string_view text, std::string_view name, const ImportOptions& options);
Imported from_backlog(std::span<const MarkdownFile> files, const ImportOptions& options);

std::string to_taskmaster(const Plan& plan);
std::string to_beads(const Plan& plan);
/// As `plan create -F` takes it.
std::string to_json(const Plan& plan);

}  // namespace gitplan::exchange
