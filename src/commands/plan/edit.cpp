#include "commands/plan/edit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "commands/plan/edit_file.hpp"
#include "commands/plan/edit_text.hpp"
#include "git/editor.hpp"
#include "git/merge_file.hpp"
#include "plan/diff.hpp"
#include "plan/toml.hpp"
#include "session/done_refs.hpp"
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
    try {
      const EditResult result = run_rounds();
      if (file_) file_->discard();
      return result;
    } catch (const Error& error) {
      if (!is_kept()) throw;
      save();
      throw Error(error.kind(), error.messages(), hints()).with_code(error.code());
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

  EditResult run_rounds() {
    const std::string editor = git::editor_command(workspace_->repository());
    for (int round = 1;; ++round) {
      if (open_editor(editor) == Opened::unchanged) return unchanged();
      if (auto result = try_to_commit()) return *std::move(result);
      if (!request_->on_terminal && round == most_rounds_alone) give_up();
    }
  }

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
    keep_text(content, same);
    if (status != 0) {
      throw Error(ErrorKind::fatal,
                  fmt::format("there was a problem with the editor '{}': exit status {}",
                              text::printable(editor), status),
                  try_again());
    }
    if (same && !errors_.empty()) give_up();
    if (text::trim(take_text(content).text).empty()) {
      throw Error(ErrorKind::fatal, "the text is empty: nothing was changed",
                  Hint{fmt::format("to delete a plan, run: git plan delete {}", session_)});
    }
    return same ? Opened::unchanged : Opened::changed;
  }

  /// What the editor left. An empty file is no text: that of the round before stays.
  void keep_text(const std::string& content, bool same) {
    std::string text = take_text(content).text;
    if (text::trim(text).empty()) return;
    text_ = std::move(text);
    if (!same) file_->keep();
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
      save();
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
    if (plan.version > base_.stored.plan.version) {
      throw Error(ErrorKind::wrong_state,
                  fmt::format("{} is v{} of the plan, which is at v{} only", name, plan.version,
                              base_.stored.plan.version),
                  Hint{"to see its versions, run: git plan log " + session_});
    }
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
    throw Error(ErrorKind::lost_race, fmt::format("plan '{}' changes too fast", session_),
                try_again());
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
      if (error.kind() == ErrorKind::wrong_state) throw;  // no other text would mend it
      return error.messages();
    }
    return {};
  }

  std::optional<EditResult> commit(const NextText& next) {
    workspace_->begin_write();
    const PlanChange change = compare(base_.stored.plan, next.plan);
    const std::string changes = base_.readable ? summary(change) : "mended";
    const std::string message = fmt::format("Edit{}{}", changes.empty() ? "" : ": ", changes);
    const auto written = workspace_->store().replace(base_.stored, next.toml, next.plan, message);
    if (!written) return std::nullopt;
    release_settled(workspace_->repository(), session_, written->plan);
    return EditResult{session_, written->plan.version, true, changes, workspace_->warnings()};
  }

  [[nodiscard]] EditResult unchanged() const {
    return {session_, base_.stored.plan.version, false, "", {}};
  }

  [[noreturn]] void give_up() {
    throw Error(ErrorKind::fatal, errors_, {try_again()}).with_code("refused");
  }

  [[nodiscard]] bool is_kept() const { return file_ && file_->is_kept(); }

  /// The user's text stays, as it is merged by now, with what is wrong with it.
  void save() {
    file_->keep();
    try {
      file_->write(present_text(text_, errors_, heading(), base_.stored.commit));
    } catch (const Error&) {
      return;  // a full disk: it stays as the editor left it
    }
  }

  [[nodiscard]] Hint try_again() const {
    return Hint{"nothing was changed; to try again, run: git plan edit " + session_};
  }

  [[nodiscard]] bool has_plan() const {
    try {
      return !workspace_->store().locate(session_).blob.is_zero();
    } catch (const Error&) {
      return false;
    }
  }

  /// The plan's name now, where its branch was renamed.
  [[nodiscard]] std::optional<std::string> new_name() const {
    const auto tips = workspace_->store().list();
    const auto renamed = std::ranges::find(tips, base_.stored.commit, &PlanTip::commit);
    return renamed == tips.end() ? std::nullopt : std::optional(renamed->session);
  }

  [[nodiscard]] std::vector<Hint> hints() const {
    if (!is_kept()) return {try_again()};
    const std::string path = text::shell_quote(file_->path());
    std::vector<Hint> hints{Hint{"your text is kept in " + path}};
    const auto renamed = has_plan() ? std::nullopt : new_name();
    if (!renamed && !has_plan()) {
      hints.push_back(
          Hint{fmt::format("to have the plan back, run: git branch -f {} {}",
                           ref_names::plan_branch(session_), base_.stored.commit.abbreviated())});
    }
    hints.push_back(Hint{fmt::format("to commit it, mend it and run: git plan edit {} -F {}",
                                     renamed.value_or(session_), path)});
    return hints;
  }

  Workspace* workspace_;
  const EditRequest* request_;
  std::string session_;
  Now base_;          ///< what the text was made from
  std::string text_;  ///< the user's
  std::vector<std::string> errors_;
  bool conflicting_ = false;
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
