// The DAG as it stands on a terminal.
#pragma once

#include <string>

#include "cli/style.hpp"
#include "commands/plan/graph.hpp"

namespace gitplan::cli {

enum class Characters { utf8, ascii };

/// One row a task, wave by wave, beside the lines between them: "├" leads into a task and goes on,
/// "└" leads into it and ends, "┌" comes out of it.
std::string graph_text(const PlanView& view, const commands::PlanGraph& graph,
                       Characters characters, const Style& style);

}  // namespace gitplan::cli
