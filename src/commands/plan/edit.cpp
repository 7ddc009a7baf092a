#include "commands/plan/edit.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "commands/plan/edit_text.hpp"
#include "git/editor.hpp"
#include "git/lock.hpp"
#include "git/merge_file.hpp"
#include "plan/diff.hpp"
#include "plan/toml.hpp"
#include "session/guard.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

constexpr int most_rounds_alone = 10;
constexpr int most_races = 50;

/// Of a plan that may be unreadable: only its name is asked.
std::string session_to_edit(Workspace& workspace, const EditRequest& request) {
  if (request.plan) return ref_names::session_of(*request.plan);
  if (workspace.settings().plan) return ref_names::session_of(*workspace.settings().plan);
  if (const char* session = std::getenv("GIT_PLAN_SESSION"); session != nullptr && *session != 0)
    return ref_names::session_of(session);
  return select_plan(workspace, Access::write)->session();
}

/// The file that is edited; removed in the end unless it is kept.
class EditFile {
 public:
  EditFile(const git::Repository& repository, const std::string& session) {
    const std::string folder = git::make_state_folder(repository) + "/edit";
    make_folders(folder);
    for (int n = 1; path_.empty(); ++n) {
      const std::string name = n == 1 ? session : fmt::format("{}-{}", session, n);
      const std::string path = fmt::format("{}/{}.toml", folder, name);
      const Fd made(::open(path.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666));
      if (made) {
        path_ = path;
      } else if (errno != EEXIST) {
        throw Error(ErrorKind::fatal,
                    fmt::format("'{}': {}", text::printable(path), std::strerror(errno)));
      }
    }
  }
  EditFile(const EditFile&) = delete;
  EditFile& operator=(const EditFile&) = delete;
  ~EditFile() {
    if (!kept_) ::unlink(path_.c_str());
  }

  void write(const std::string& content) const { write_file_atomically(path_, content); }
  [[nodiscard]] std::string read() const { return read_file(path_).value_or(""); }
  void keep() { kept_ = true; }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
  bool kept_ = false;
};

/// One run of the verb.
class Edit {
 public:
  Edit(Workspace& workspace, const EditRequest& request)
      : workspace_(&workspace),
        request_(&request),
        session_(session_to_edit(workspace, request)),
        base_(read_now()) {}

  EditResult run() {
    if (request_->text) return run_with(*request_->text);
    const std::string editor = git::editor_command(workspace_->repository());
    for (int round = 1;; ++round) {
      if (open_editor(editor) == Opened::unchanged) return unchanged();
      if (auto result = try_to_commit()) return *std::move(result);
      if (!request_->on_terminal && round == most_rounds_alone) give_up();
    }
  }

 private:
  /// The plan as its branch has it now.
  struct Now {
    StoredPlan stored;  ///< without a plan where it is unreadable
    std::string text;
    bool readable = true;
  };
  enum class Opened { unchanged, changed };

  [[nodiscard]] Now read_now() const {
    Now result;
    try {
      result.stored = workspace_->store().load(session_);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::fatal) throw;
      result.readable = false;
      result.stored = workspace_->store().locate(session_);
    }
    result.text = workspace_->store().text(result.stored);
    return result;
  }

  [[nodiscard]] std::string heading() const {
    const std::string version =
        base_.readable ? version_text(base_.stored.plan.version) : std::string("a text unreadable");
    return fmt::format("This is {} of {}; the next version is what you make of it.", version,
                       ref_names::plan_branch(session_));
  }

  Opened open_editor(const std::string& editor) {
    if (!file_) {
      file_.emplace(workspace_->repository(), session_);
      text_ = base_.text;
    }
    const std::string presented = present_text(text_, errors_, heading(), base_.stored.commit);
    file_->write(presented);
    const int status = git::run_editor(editor, file_->path());
    const std::string content = file_->read();
    const bool same = content == presented;
    if (status != 0) {
      if (!same || !errors_.empty()) {
        text_ = take_text(content).text;
        keep();
      }
      throw Error(ErrorKind::fatal,
                  std::vector<std::string>{
                      fmt::format("there was a problem with the editor '{}': exit status {}",
                                  text::printable(editor), status)},
                  hints());
    }
    if (same && !errors_.empty()) give_up();
    text_ = take_text(content).text;
    if (text::trim(text_).empty()) {
      throw Error(ErrorKind::fatal, "the text is empty: nothing was changed",
                  Hint{fmt::format("to delete a plan, run: git plan delete {}", session_)});
    }
    return same ? Opened::unchanged : Opened::changed;
  }

  EditResult run_with(const Document& document) {
    if (text::trim(document.text).empty()) {
      throw Error(ErrorKind::fatal, fmt::format("{} is empty", document.name),
                  Hint{"to edit the plan in your editor, run: git plan edit"});
    }
    EditedText edited = take_text(document.text);
    text_ = std::move(edited.text);
    if (edited.base) {
      go_back_to(*edited.base);
    } else {
      refuse_other_version(document.name);
    }
    if (auto result = try_to_commit()) return *std::move(result);
    if (conflicting_) {
      file_.emplace(workspace_->repository(), session_);
      keep();
    }
    throw Error(ErrorKind::fatal, errors_, hints());
  }

  /// A text that was kept names the commit that it was made from.
  void go_back_to(const git::Oid& commit) {
    if (commit == base_.stored.commit) return;
    base_.stored = workspace_->store().locate_at(session_, commit);
    base_.text = workspace_->store().text(base_.stored);
    base_.readable = false;
  }

  /// Any other text would undo what was written since.
  void refuse_other_version(const std::string& name) const {
    if (!base_.readable) return;
    const Plan plan = toml_io::parse_plan(text_, name).plan;
    if (plan.version == base_.stored.plan.version) return;
    throw Error(ErrorKind::lost_race,
                fmt::format("{} is v{} of the plan, which is at v{}", name, plan.version,
                            base_.stored.plan.version),
                Hint{fmt::format("to see what changed, run: git plan diff v{} --plan={}",
                                 plan.version, session_)});
  }

  /// Nothing: the errors say why not.
  std::optional<EditResult> try_to_commit() {
    errors_.clear();
    conflicting_ = false;
    for (int race = 0; race < most_races; ++race) {
      if (!catch_up()) return std::nullopt;
      if (text_ == base_.text) return unchanged();
      std::optional<NextText> next = check();
      if (!next) return std::nullopt;
      if (auto result = commit(*next)) return result;
    }
    keep();
    throw Error(ErrorKind::lost_race,
                std::vector<std::string>{fmt::format("plan '{}' changes too fast", session_)},
                hints());
  }

  /// Merges what others wrote meanwhile. False: there are conflicts.
  bool catch_up() {
    Now now = read_now();
    if (now.stored.commit == base_.stored.commit) {
      base_ = std::move(now);
      return true;
    }
    const std::string version =
        now.readable ? version_text(now.stored.plan.version) : now.stored.commit.abbreviated();
    auto merged = git::merge_texts(workspace_->repository(), {text_, "your text"},
                                   {base_.text, "before"}, {now.text, version});
    text_ = std::move(merged.text);
    base_ = std::move(now);
    if (merged.clean) {
      workspace_->note(fmt::format("merged your text with {}, made meanwhile", version));
      return true;
    }
    conflicting_ = true;
    errors_ = {fmt::format("the plan changed meanwhile, and is at {}: conflicts", version)};
    return false;
  }

  std::optional<NextText> check() {
    std::vector<std::string> errors = errors_in(text_);
    if (errors.empty()) {
      return next_version(*workspace_, base_.stored, base_.readable, text_);
    }
    // Said anew with the lines as the editor will show them.
    const std::string shifted = std::string(lines_above(errors.size()), '\n') + text_;
    errors_ = request_->text ? std::move(errors) : errors_in(shifted);
    return std::nullopt;
  }

  std::vector<std::string> errors_in(const std::string& text) {
    if (const auto line = conflict_marker(text)) {
      return {fmt::format("line {}: a conflict marker is left", *line)};
    }
    try {
      next_version(*workspace_, base_.stored, base_.readable, text, Saying::nothing);
    } catch (const Error& error) {
      return error.messages();
    }
    return {};
  }

  std::optional<EditResult> commit(const NextText& next) {
    workspace_->begin_write();
    const PlanChange change = compare(base_.stored.plan, next.plan);
    const std::string changes = base_.readable ? summary(change) : "mended";
    const std::string message = fmt::format("Edit{}{}", changes.empty() ? "" : ": ", changes);
    const auto written = [&] {
      try {
        return workspace_->store().replace(base_.stored, next.toml, next.plan, message);
      } catch (const Error& error) {
        keep();
        throw Error(error.kind(), error.messages(), hints());
      }
    }();
    if (!written) return std::nullopt;
    return EditResult{session_, written->plan.version, true, changes, workspace_->warnings()};
  }

  [[nodiscard]] EditResult unchanged() const {
    return {session_, base_.stored.plan.version, false, "", {}};
  }

  [[noreturn]] void give_up() {
    keep();
    throw Error(ErrorKind::fatal, errors_, hints()).with_code("refused");
  }

  void keep() {
    if (!file_) return;
    file_->write(present_text(text_, errors_, heading(), base_.stored.commit));
    file_->keep();
    kept_ = true;
  }

  [[nodiscard]] std::vector<Hint> hints() const {
    if (!kept_) return {Hint{"nothing was changed; to try again, run: git plan edit " + session_}};
    const std::string path = text::shell_quote(file_->path());
    return {
        Hint{"your text is kept in " + path},
        Hint{fmt::format("to commit it, mend it and run: git plan edit {} -F {}", session_, path)}};
  }

  Workspace* workspace_;
  const EditRequest* request_;
  std::string session_;
  Now base_;          ///< what the text was made from
  std::string text_;  ///< the user's
  std::vector<std::string> errors_;
  bool conflicting_ = false;
  bool kept_ = false;
  std::optional<EditFile> file_;
};

}  // namespace

EditResult edit_plan(Workspace& workspace, const EditRequest& request) {
  return Edit(workspace, request).run();
}

Json to_json(const EditResult& result) {
  Json object = new_object();
  object["success"] = true;
  object["plan_branch"] = ref_names::plan_branch(result.session);
  object["plan_version"] = version_text(result.version);
  object["changed"] = result.changed;
  object["changes"] = result.changes;
  object["warnings"] = to_json(result.warnings);
  return object;
}

}  // namespace gitplan::commands
