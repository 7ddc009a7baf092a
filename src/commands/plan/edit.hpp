// `git plan edit`: plan.toml in the user's editor, checked, and committed. The text is never lost:
// where it cannot be committed it stays in a file that the error names.
#pragma once

#include <optional>
#include <string>

#include "commands/plan/create.hpp"
#include "session/json.hpp"

namespace gitplan {
class Workspace;
}  // namespace gitplan

namespace gitplan::commands {

struct EditRequest {
  std::optional<std::string> plan;  ///< an argument; else as select_plan chooses
  std::optional<Document> text;     ///< takes the place of the editor
  bool on_terminal = false;         ///< somebody is there who may try again and again
};

struct EditResult {
  std::string session;
  std::int64_t version = 0;
  bool changed = false;
  std::string changes;  ///< in one line
  Diagnostics warnings;
};

/// Works on plans that cannot be read, too: it is how they are mended. A plan that changed
/// meanwhile is merged; conflicts come back to the editor. Throws Error(fatal) where the editor
/// fails, empties the file, or leaves a mistake in it; Error(lost_race) for a text of another
/// version.
EditResult edit_plan(Workspace& workspace, const EditRequest& request);
Json to_json(const EditResult& result);

}  // namespace gitplan::commands
