#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/task_text.hpp"
#include "commands/plan/history.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

constexpr int comfortable = 80;

std::string words_of(const FieldValue& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return *text;
  if (const auto* list = std::get_if<std::vector<std::string>>(&value))
    return text::join(*list, ", ");
  if (const auto* number = std::get_if<std::int64_t>(&value)) return fmt::format("{}", *number);
  if (const auto* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
  return "(none)";
}

/// "status: pending -> completed", on more lines where that is too long for one.
std::string field_text(const FieldChange& field, std::string_view indent, const Style& style) {
  const std::string before = words_of(field.before);
  const std::string after = words_of(field.after);
  const std::string line = fmt::format("{}{}: {} -> {}", indent, field.key, text::printable(before),
                                       text::printable(after));
  const bool fits = before.find('\n') == std::string::npos &&
                    after.find('\n') == std::string::npos && text::width(line) <= comfortable;
  if (fits) {
    return fmt::format("{}{}: {} -> {}\n", indent, field.key, style.red(text::printable(before)),
                       style.green(text::printable(after)));
  }
  const std::string deeper = fmt::format("{}  ", indent);
  return fmt::format("{}{}:\n", indent, field.key) + wrapped(before, deeper + "- ", style) +
         wrapped(after, deeper + "+ ", style);
}

/// What a task that came or went holds needs no arrow.
std::string plain_field(const FieldChange& field, const FieldValue& value, const Style& style) {
  return wrapped(fmt::format("{}: {}", field.key, words_of(value)), "    ", style);
}

std::string task_text(const TaskChange& task, const Style& style) {
  const std::string name = fmt::format("{}  {}", text::printable(task.id),
                                       text::printable(text::fold_space(task.description)));
  std::string text;
  switch (task.kind) {
    case TaskChange::Kind::added:
      text = style.green("+ " + name) + "\n";
      for (const FieldChange& field : task.fields) text += plain_field(field, field.after, style);
      break;
    case TaskChange::Kind::removed:
      text = style.red("- " + name) + "\n";
      for (const FieldChange& field : task.fields) text += plain_field(field, field.before, style);
      break;
    case TaskChange::Kind::changed:
      text = style.yellow("~ " + name) + "\n";
      for (const FieldChange& field : task.fields) text += field_text(field, "    ", style);
      break;
  }
  return text;
}

std::string side_text(const commands::PlanDiff::Side& side) {
  if (side.commit.is_zero()) return "nothing";
  return fmt::format("{} ({})", version_text(side.version), side.commit.abbreviated());
}

std::string notes_text(char mark, const std::vector<Update>& notes, const Style& style) {
  std::string text;
  for (const Update& note : notes)
    text += fmt::format("{} note v{}\n", mark, note.version) + wrapped(note.note, "    ", style);
  return text;
}

std::string approvals_text(char mark, const std::vector<toml_io::Approval>& approvals,
                           const Style& style) {
  std::string text;
  for (const auto& approval : approvals) {
    text += fmt::format("{} v{} approved by {}\n", mark, approval.version,
                        text::printable(approval.by));
    text += wrapped(approval.note, "    ", style);
  }
  return text;
}

std::string text_of(const commands::PlanDiff& diff, const Style& style) {
  std::string text = style.bold(fmt::format("{} {} -> {}", plan_branch_text(diff.session),
                                            side_text(diff.before), side_text(diff.after))) +
                     "\n";
  for (const FieldChange& field : diff.change.fields) text += field_text(field, "", style);
  text += notes_text('-', diff.change.lost_notes, style);
  text += notes_text('+', diff.change.notes, style);
  text += approvals_text('-', diff.lost_approvals, style);
  text += approvals_text('+', diff.approvals, style);
  for (const TaskChange& task : diff.change.tasks) text += task_text(task, style);
  return text;
}

commands::DiffRequest request_of(const Arguments& arguments) {
  commands::DiffRequest request{arguments.word(0), arguments.word(1)};
  if (!request.before || request.after) return request;
  // As git diff takes them: "v1..v3".
  const auto dots = request.before->find("..");
  if (dots == std::string::npos || dots == 0) return request;
  const std::string after = request.before->substr(dots + 2);
  request.before->resize(dots);
  if (!after.empty()) request.after = after;
  return request;
}

int run(Invocation& invocation) {
  const auto view = select_plan(invocation.workspace(), Access::read);
  const auto diff = commands::plan_diff(invocation.workspace(), view->session(),
                                        request_of(invocation.arguments()));
  if (diff.change.empty() && diff.approvals.empty() && diff.lost_approvals.empty() &&
      !diff.same_text) {
    invocation.hint(
        fmt::format("only comments, spacing or unknown keys differ; to see them, run: "
                    "git diff {} {}",
                    diff.before.commit.abbreviated(), diff.after.commit.abbreviated()));
  }
  return invocation.answer([&](const Style& style) { return text_of(diff, style); },
                           [&] { return to_json(diff); });
}

}  // namespace

const Verb plan_diff_verb{
    "diff", "show what changed between two versions, task by task", "[<vA> [<vB>]]", 0, 2, {}, run};

}  // namespace gitplan::cli
