#include "commands/plan/import.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"
#include "commands/plan/update.hpp"
#include "plan/exchange/backlog_file.hpp"
#include "plan/toml.hpp"
#include "session/view.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

namespace fs = std::filesystem;
using exchange::Imported;
using exchange::ImportOptions;

std::string_view tool_word(Tool tool) {
  switch (tool) {
    case Tool::taskmaster:
      return "taskmaster";
    case Tool::beads:
      return "beads";
    case Tool::backlog:
      break;
  }
  return "backlog";
}

std::string quoted(const std::string& path) { return fmt::format("'{}'", text::printable(path)); }

bool is_folder(const std::string& path) {
  std::error_code error;
  return fs::is_directory(path, error);
}

std::vector<std::string_view> usual_places(Tool tool) {
  if (tool == Tool::taskmaster)
    return {".taskmaster/tasks/tasks.json", "tasks/tasks.json", "tasks.json"};
  return {".beads/issues.jsonl", ".beads/beads.jsonl", "issues.jsonl", "beads.jsonl"};
}

/// Whoever handed the folder over chose where its links lead; the folder itself was named.
void refuse_links(const std::string& folder, std::string_view place) {
  std::string path = folder;
  for (const std::string_view name : text::split(place, '/')) {
    path = join_path(path, name);
    if (!is_symlink(path)) continue;
    throw Error(ErrorKind::fatal,
                fmt::format("a link is not followed: {}", quoted(std::as_const(path))),
                Hint{"name the file itself: git plan import --from=<tool> <file>"});
  }
}

/// A file, also one that the tool keeps inside the folder that was named.
Document read_file_of(Tool tool, const std::string& path) {
  if (!is_folder(path)) return {quoted(path), read_named_file(path)};
  for (const std::string_view place : usual_places(tool)) {
    const std::string file = join_path(path, place);
    if (!exists(file) || is_folder(file)) continue;
    refuse_links(path, place);
    return {quoted(file), read_regular_file(file)};
  }
  throw Error(ErrorKind::fatal,
              fmt::format("no '{}' in {}", usual_places(tool).front(), quoted(path)),
              Hint{"name the file itself: git plan import --from=<tool> <file>"});
}

/// The Markdown files of a backlog, and what in their place is left out.
class BacklogFolder {
 public:
  /// Of a folder that holds those of tasks.
  void add_root(const std::string& root) {
    if (is_symlink(root)) return leave_out(root, "a link is not followed");
    for (const std::string_view part : {"tasks", "completed"}) add_from(join_path(root, part));
  }
  void add_from(const std::string& folder) {
    if (is_symlink(folder)) return leave_out(folder, "a link is not followed");
    std::error_code error;
    for (fs::directory_iterator entry(folder, error); !error && entry != fs::directory_iterator();
         entry.increment(error)) {
      const std::string name = entry->path().filename().string();
      if (!name.ends_with(".md") || name == "readme.md" || name == "README.md") continue;
      add_file(*entry);
    }
  }
  [[nodiscard]] bool empty() const { return files_.empty(); }

  /// By name.
  std::vector<exchange::MarkdownFile> read() {
    std::ranges::sort(files_);
    std::vector<exchange::MarkdownFile> read;
    for (const std::string& file : files_)
      read.push_back({quoted(file), read_file(file).value_or("")});
    return read;
  }
  /// Why files of it are not read.
  [[nodiscard]] const Diagnostics& left_out() const { return left_out_; }

 private:
  void add_file(const fs::directory_entry& entry) {
    const std::string path = entry.path().string();
    std::error_code error;
    const fs::file_type type = entry.symlink_status(error).type();
    if (type == fs::file_type::regular) {
      files_.push_back(path);
    } else if (type == fs::file_type::symlink) {
      leave_out(path, "a link is not followed");
    } else if (type != fs::file_type::directory) {
      leave_out(path, "what is no regular file is left out");
    }
  }
  void leave_out(const std::string& path, std::string_view why) {
    left_out_.push_back({Severity::warning, "left_out", fmt::format("{}: {}", why, quoted(path)),
                         "", std::nullopt});
  }

  std::vector<std::string> files_;
  Diagnostics left_out_;
};

/// The folder `backlog`, the project that holds it, or the folder of tasks itself.
BacklogFolder find_backlog(const std::string& path) {
  const Hint hint{"a backlog is a folder: git plan import --from=backlog backlog"};
  if (!is_folder(path))
    throw Error(ErrorKind::fatal, fmt::format("{} is no folder", quoted(path)), hint);
  BacklogFolder backlog;
  backlog.add_root(join_path(path, ""));  // itself, even if it is a link
  for (const std::string_view root : {"backlog", ".backlog"})
    backlog.add_root(join_path(path, root));
  if (backlog.empty()) backlog.add_from(join_path(path, ""));
  if (backlog.empty()) {
    std::vector<std::string> messages = {
        fmt::format("no tasks in {}: no 'tasks/*.md'", quoted(path))};
    for (const Diagnostic& one : backlog.left_out()) messages.push_back(one.message);
    throw Error(ErrorKind::fatal, std::move(messages), {hint});
  }
  return backlog;
}

Imported read_backlog(const std::string& path, const ImportOptions& options) {
  BacklogFolder backlog = find_backlog(path);
  Imported imported = exchange::from_backlog(backlog.read(), options);
  imported.warnings.insert(imported.warnings.begin(), backlog.left_out().begin(),
                           backlog.left_out().end());
  return imported;
}

Imported read_imported(const ImportRequest& request, const ImportOptions& options) {
  if (request.tool == Tool::backlog) {
    if (request.document) {
      throw Error(ErrorKind::usage, "a backlog is a folder: it cannot come from standard input",
                  Hint{"for example: git plan import --from=backlog backlog"});
    }
    return read_backlog(request.path, options);
  }
  const Document document =
      request.document ? *request.document : read_file_of(request.tool, request.path);
  return request.tool == Tool::taskmaster
             ? exchange::from_taskmaster(document.text, document.name, options)
             : exchange::from_beads(document.text, document.name, options);
}

void say(Workspace& workspace, const Imported& imported) {
  for (const Diagnostic& warning : imported.warnings) workspace.warn(warning);
}

std::vector<std::string> ids_of(const std::vector<Task>& tasks) {
  std::vector<std::string> ids;
  for (const Task& task : tasks) ids.push_back(task.id);
  return ids;
}

void refuse_nothing(const ImportRequest& request, const Imported& imported) {
  if (!imported.plan.tasks.empty()) return;
  throw Error(
      ErrorKind::fatal,
      (request.document ? request.document->name : quoted(request.path)) + " has no task in it",
      Hint{"to start a plan without tasks, run: git plan create"});
}

ImportResult make_plan(Workspace& workspace, const ImportRequest& request,
                       const ImportOptions& options) {
  Imported imported = read_imported(request, options);
  say(workspace, imported);
  refuse_nothing(request, imported);
  CreateRequest create;
  create.plan = std::move(imported.plan);
  create.plan->session_id.clear();
  create.session = request.session;
  create.flow_branch = request.flow_branch;
  create.effect = request.effect;
  create.again = fmt::format("git plan import --from={} {}", tool_word(request.tool),
                             text::shell_quote(request.path));
  const CreateResult created = create_plan(workspace, create);
  return {created.plan.session_id,   created.plan.version,       created.commit,
          created.plan.tasks.size(), ids_of(created.plan.tasks), {},
          workspace.warnings()};
}

ImportResult add_to_plan(Workspace& workspace, const ImportRequest& request,
                         ImportOptions options) {
  const StoredPlan stored = workspace.store().load(ref_names::session_of(*request.into));
  options.into = &stored.plan;
  Imported imported = read_imported(request, options);
  say(workspace, imported);
  ImportResult result;
  result.session = stored.session;
  result.version = stored.plan.version;
  result.existing = imported.existing;
  result.added = ids_of(imported.plan.tasks);
  result.total_tasks = stored.plan.tasks.size() + result.added.size();
  if (!imported.plan.tasks.empty() && request.effect == Effect::write) {
    UpdateRequest update;
    update.add = std::move(imported.plan.tasks);
    // The ids that were given fit this version only.
    update.expected_version = stored.plan.version;
    result.version = update_plan(workspace, stored.session, update).version;
  }
  result.warnings = workspace.warnings();
  return result;
}

/// What the text says of tasks, unknown keys included, with the status that git shows.
Plan plan_as_it_stands(const PlanView& view, const std::string& text) {
  const std::string name = fmt::format("plan '{}'", view.session());
  Plan plan = toml_io::parse_input(text, name).plan;
  plan.version = view.plan().version;
  for (std::size_t i = 0; i < plan.tasks.size(); ++i) {
    const Status status = view.status(static_cast<TaskIndex>(i));
    // Somebody works on it, though not on a branch of ours.
    const bool elsewhere = status == Status::pending && plan.tasks[i].status == Status::in_progress;
    if (!elsewhere) plan.tasks[i].status = status;
  }
  return plan;
}

}  // namespace

ImportResult import_plan(Workspace& workspace, const ImportRequest& request) {
  ImportOptions options;
  options.list = request.list;
  if (!request.document) options.file = request.path;
  options.subtasks = request.subtasks;
  return request.into ? add_to_plan(workspace, request, options)
                      : make_plan(workspace, request, options);
}

Json to_json(const ImportResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["session_id"] = result.session;
  object["plan_branch"] = ref_names::plan_branch(result.session);
  object["plan_version"] = version_text(result.version);
  if (!result.commit.is_zero()) object["commit"] = result.commit.hex();
  object["total_tasks"] = result.total_tasks;
  object["added"] = result.added;
  object["existing"] = result.existing;
  object["warnings"] = to_json(result.warnings);
  return object;
}

std::string export_plan(const Workspace& workspace, const PlanView& view, ExportFormat format) {
  const std::string text = workspace.store().text(view.stored());
  const Plan plan = plan_as_it_stands(view, text);
  switch (format) {
    case ExportFormat::json:
      return printable_json(exchange::to_json(plan));
    case ExportFormat::taskmaster:
      return printable_json(exchange::to_taskmaster(plan));
    case ExportFormat::beads:
      return printable_json(exchange::to_beads(plan));
    case ExportFormat::toml:
    case ExportFormat::backlog:
      break;
  }
  Plan after = view.plan();
  for (std::size_t i = 0; i < after.tasks.size(); ++i) after.tasks[i].status = plan.tasks[i].status;
  return toml_io::edit_plan(text, view.plan(), after);
}

std::vector<std::string> export_backlog(const Workspace& workspace, const PlanView& view,
                                        const std::string& folder) {
  const Plan plan = plan_as_it_stands(view, workspace.store().text(view.stored()));
  const std::string tasks = join_path(folder, "tasks");
  std::error_code error;
  if (is_symlink(tasks)) {
    throw Error(
        ErrorKind::wrong_state,
        fmt::format("a link is not followed: {}; nothing was written", quoted(tasks)),
        Hint{fmt::format("to see where it leads, run: ls -ld {}", text::shell_quote(tasks))});
  }
  if (exists(tasks) && !fs::is_empty(tasks, error)) {
    const std::string other = text::shell_quote("backlog-" + view.session());
    throw Error(ErrorKind::wrong_state,
                fmt::format("{} is there already; nothing was written", quoted(tasks)),
                Hint{fmt::format("to write to another folder, run: git plan export {} "
                                 "--to=backlog --output={}",
                                 text::shell_quote(view.session()), other)});
  }
  make_folders(tasks);
  std::vector<std::string> paths;
  for (const exchange::MarkdownFile& file : exchange::to_backlog(plan)) {
    paths.push_back(join_path(tasks, file.name));
    write_file_atomically(paths.back(), file.text);
  }
  return paths;
}

}  // namespace gitplan::commands
