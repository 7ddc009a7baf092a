#include "commands/plan/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "session/workspace.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {
namespace {

/// A commit's plan, as far as it can be read.
struct Reading {
  StoredPlan stored;
  std::string text;
  std::vector<toml_io::Approval> approvals;
  std::string problem;
};

Reading read(const Workspace& workspace, std::string_view session, const git::Oid& commit) {
  Reading reading;
  reading.stored = workspace.store().read_at(session, commit);
  reading.text = workspace.store().text(reading.stored);
  if (reading.text.find("approvals") != std::string::npos)
    reading.approvals = toml_io::parse_approvals(reading.text, "plan.toml");
  return reading;
}

Reading try_to_read(const Workspace& workspace, std::string_view session, const git::Oid& commit) {
  try {
    return read(workspace, session, commit);
  } catch (const Error& error) {
    Reading reading;
    reading.problem = error.what();
    return reading;
  }
}

std::vector<toml_io::Approval> added_approvals(const Reading& before, const Reading& after) {
  std::vector<toml_io::Approval> added;
  for (const auto& approval : after.approvals) {
    if (std::ranges::find(before.approvals, approval) == before.approvals.end())
      added.push_back(approval);
  }
  return added;
}

std::string one_line(const PlanVersion& version, const PlanChange& change) {
  std::vector<std::string> parts;
  for (const auto& approval : version.approvals) {
    parts.push_back(
        fmt::format("v{} approved by {}", approval.version, text::printable(approval.by)));
  }
  if (!change.empty()) parts.push_back(summary(change));
  std::string line = parts.empty() ? "comments and spacing" : text::join(parts, "; ");
  if (version.by_hand) line += fmt::format(" (by hand: {})", text::printable(version.subject));
  return line;
}

PlanVersion describe(const git::Commit& commit, const Reading& now, const Reading* before) {
  PlanVersion version;
  version.commit = commit.id;
  version.author = commit.author_name;
  version.at = commit.author_time;
  version.subject = commit.subject();
  version.problem = now.problem;
  if (!now.problem.empty()) {
    version.changes = "unreadable: " + now.problem;
    return version;
  }
  version.version = now.stored.plan.version;
  if (before == nullptr) {
    version.notes = now.stored.plan.updates;
    version.changes = fmt::format(
        "created, {}",
        text::count(static_cast<long long>(now.stored.plan.tasks.size()), "task", "tasks"));
    return version;
  }
  if (!before->problem.empty()) {
    version.changes = "unknown changes: the version before is unreadable";
    return version;
  }
  const PlanChange change = compare(before->stored.plan, now.stored.plan);
  version.notes = change.notes;
  version.approvals = added_approvals(*before, now);
  version.by_hand =
      version.approvals.empty() && before->stored.plan.version == now.stored.plan.version;
  version.changes = one_line(version, change);
  return version;
}

Json notes_of(const std::vector<Update>& notes) {
  Json list = Json::array();
  for (const Update& note : notes) {
    list.push_back(Json{{"version", note.version}, {"at", note.at}, {"note", note.note}});
  }
  return list;
}

Json approvals_of(const std::vector<toml_io::Approval>& approvals) {
  Json list = Json::array();
  for (const auto& approval : approvals) {
    Json object{{"version", approval.version}, {"at", approval.at}, {"by", approval.by}};
    if (!approval.note.empty()) object["note"] = approval.note;
    list.push_back(std::move(object));
  }
  return list;
}

std::optional<std::int64_t> version_number(std::string_view word) {
  if (word.starts_with('v')) word.remove_prefix(1);
  std::int64_t number = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  if (word.empty() || error != std::errc{} || end != word.data() + word.size() || number < 0)
    return std::nullopt;
  return number;
}

std::optional<git::Oid> named_commit(const Workspace& workspace, const std::string& word) {
  git::Command command;
  command.arguments = {"--git-dir=" + workspace.repository().git_dir(),
                       "rev-parse",
                       "--verify",
                       "--quiet",
                       "--end-of-options",
                       word + "^{commit}"};
  return git::Oid::parse(text::trim(git::run_git(command).output));
}

constexpr std::size_t no_limit = std::numeric_limits<std::size_t>::max();

/// The branch of one plan, for finding versions in it.
class Versions {
 public:
  Versions(const Workspace& workspace, const std::string& session)
      : workspace_(&workspace),
        session_(session),
        commits_(workspace.store().history(workspace.store().load(session).commit, no_limit)) {}

  [[nodiscard]] Reading newest() const { return at(commits_.front().id); }

  [[nodiscard]] Reading named(const std::string& word) const {
    if (const auto number = version_number(word)) {
      for (const git::Commit& commit : commits_) {
        Reading reading = try_to_read(*workspace_, session_, commit.id);
        if (reading.problem.empty() && reading.stored.plan.version == *number) return reading;
      }
    }
    if (!word.starts_with('v') || !version_number(word)) {
      const auto commit = named_commit(*workspace_, word);
      if (commit && has_plan(*commit)) return at(*commit);
    }
    throw Error(ErrorKind::not_found,
                fmt::format("plan '{}' has no version '{}'", session_, text::printable(word)),
                Hint{fmt::format("to see its versions, run: git plan log {}", session_)});
  }

  /// The newest commit of another version, else the one before the newest; nothing before the
  /// first.
  [[nodiscard]] std::optional<Reading> before_newest(std::int64_t version) const {
    for (std::size_t i = 1; i < commits_.size(); ++i) {
      Reading reading = try_to_read(*workspace_, session_, commits_[i].id);
      if (reading.problem.empty() && reading.stored.plan.version != version) return reading;
    }
    if (commits_.size() < 2) return std::nullopt;
    return at(commits_[1].id);
  }

 private:
  [[nodiscard]] bool has_plan(const git::Oid& commit) const {
    const git::Repository& repository = workspace_->repository();
    return git::entry_at(repository, git::tree_of(repository, commit), "plan.toml").has_value();
  }
  [[nodiscard]] Reading at(const git::Oid& commit) const {
    return read(*workspace_, session_, commit);
  }
  const Workspace* workspace_;
  std::string session_;
  std::vector<git::Commit> commits_;
};

PlanDiff::Side side_of(const Reading& reading) {
  return {reading.stored.plan.version, reading.stored.commit};
}

Json to_json(const FieldValue& value) {
  return std::visit(
      [](const auto& held) -> Json {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, std::monostate>) {
          return nullptr;
        } else {
          return held;
        }
      },
      value);
}

Json to_json(const std::vector<FieldChange>& fields) {
  Json list = Json::array();
  for (const FieldChange& field : fields) {
    list.push_back(Json{
        {"key", field.key}, {"before", to_json(field.before)}, {"after", to_json(field.after)}});
  }
  return list;
}

Json task_objects(const PlanChange& change, TaskChange::Kind kind) {
  Json list = Json::array();
  for (const TaskChange& task : change.tasks) {
    if (task.kind != kind) continue;
    list.push_back(Json{
        {"id", task.id}, {"description", task.description}, {"changes", to_json(task.fields)}});
  }
  return list;
}

Json to_json(const PlanDiff::Side& side) {
  if (side.commit.is_zero()) return nullptr;
  return Json{{"plan_version", version_text(side.version)}, {"commit", side.commit.hex()}};
}

}  // namespace

PlanLog plan_log(const Workspace& workspace, const std::string& session, std::size_t limit) {
  const StoredPlan tip = workspace.store().load(session);
  const auto commits = workspace.store().history(tip.commit, limit == no_limit ? limit : limit + 1);
  PlanLog log{session, {}};
  if (limit == 0) return log;
  Reading now = try_to_read(workspace, session, commits.front().id);
  for (std::size_t i = 0; i < std::min(commits.size(), limit); ++i) {
    const bool has_before = i + 1 < commits.size();
    Reading before = has_before ? try_to_read(workspace, session, commits[i + 1].id) : Reading();
    log.versions.push_back(describe(commits[i], now, has_before ? &before : nullptr));
    now = std::move(before);
  }
  return log;
}

Json to_json(const PlanLog& log) {
  Json versions = Json::array();
  for (const PlanVersion& version : log.versions) {
    Json object;
    object["plan_version"] =
        version.problem.empty() ? Json(version_text(version.version)) : Json(nullptr);
    object["commit"] = version.commit.hex();
    object["at"] = rfc3339(version.at);
    object["author"] = version.author;
    object["subject"] = version.subject;
    object["changes"] = version.changes;
    object["by_hand"] = version.by_hand;
    object["notes"] = notes_of(version.notes);
    object["approvals"] = approvals_of(version.approvals);
    versions.push_back(std::move(object));
  }
  Json object = new_object();
  object["session_id"] = log.session;
  object["plan_branch"] = ref_names::plan_branch(log.session);
  object["versions"] = std::move(versions);
  return object;
}

PlanDiff plan_diff(const Workspace& workspace, const std::string& session,
                   const DiffRequest& request) {
  const Versions versions(workspace, session);
  const Reading after = request.after ? versions.named(*request.after) : versions.newest();
  const std::optional<Reading> before = request.before
                                            ? versions.named(*request.before)
                                            : versions.before_newest(after.stored.plan.version);
  PlanDiff diff;
  diff.session = session;
  diff.after = side_of(after);
  if (before) diff.before = side_of(*before);
  diff.change = compare(before ? before->stored.plan : Plan(), after.stored.plan);
  diff.approvals = added_approvals(before.value_or(Reading()), after);
  diff.lost_approvals = added_approvals(after, before.value_or(Reading()));
  diff.same_text = before && before->text == after.text;
  return diff;
}

Json to_json(const PlanDiff& diff) {
  Json object = new_object();
  object["session_id"] = diff.session;
  object["plan_branch"] = ref_names::plan_branch(diff.session);
  object["before"] = to_json(diff.before);
  object["after"] = to_json(diff.after);
  object["added"] = task_objects(diff.change, TaskChange::Kind::added);
  object["removed"] = task_objects(diff.change, TaskChange::Kind::removed);
  object["changed"] = task_objects(diff.change, TaskChange::Kind::changed);
  object["plan"] = to_json(diff.change.fields);
  object["notes"] = notes_of(diff.change.notes);
  object["lost_notes"] = notes_of(diff.change.lost_notes);
  object["approvals"] = approvals_of(diff.approvals);
  object["lost_approvals"] = approvals_of(diff.lost_approvals);
  object["same_text"] = diff.same_text;
  return object;
}

}  // namespace gitplan::commands
