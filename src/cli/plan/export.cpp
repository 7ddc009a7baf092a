#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"
#include "commands/plan/import.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

using commands::ExportFormat;

ExportFormat parse_format(const std::string& word) {
  static const std::array<std::string, 5> formats = {"toml", "json", "taskmaster", "beads",
                                                     "backlog"};
  for (std::size_t i = 0; i < formats.size(); ++i) {
    if (word == formats.at(i)) return static_cast<ExportFormat>(i);
  }
  const auto near = text::did_you_mean(word, formats);
  throw Error(ErrorKind::usage,
              fmt::format("no format '{}' is known; {}", text::printable(word),
                          near ? fmt::format("did you mean '{}'?", *near)
                               : "there are json, toml, taskmaster, beads and backlog"),
              Hint{"for example: git plan export --to=json"});
}

/// A backlog has a folder, and nothing else has one.
void require_output(const Arguments& arguments, ExportFormat format) {
  const bool is_backlog = format == ExportFormat::backlog;
  if (is_backlog == !arguments.value("output").value_or("").empty()) return;
  throw Error(ErrorKind::usage,
              is_backlog ? "a backlog is a folder: no '--output' names it"
                         : "'--output' is for a backlog; all else is printed",
              Hint{is_backlog ? "for example: git plan export --to=backlog --output=backlog"
                              : "for example: git plan export --to=json"});
}

int write_backlog(Invocation& invocation, const PlanView& view) {
  const std::string folder = *invocation.arguments().value("output");
  const auto files = commands::export_backlog(invocation.workspace(), view, folder);
  return invocation.answer(
      [&](const Style&) {
        return fmt::format("{}: {}\n", text::printable(folder),
                           text::count(static_cast<long long>(files.size()), "task", "tasks"));
      },
      [&] {
        auto object = new_object();
        object["session_id"] = view.session();
        object["plan_branch"] = view.branch();
        object["plan_version"] = view.version();
        object["files"] = files;
        return object;
      });
}

int run(Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  const bool json = invocation.format() == Format::json;
  const auto format = parse_format(arguments.value("to").value_or(json ? "json" : "toml"));
  require_output(arguments, format);
  const auto view = select_plan(invocation.workspace(), Access::read, arguments.word(0));
  if (format == ExportFormat::backlog) return write_backlog(invocation, *view);
  const std::string text = commands::export_plan(invocation.workspace(), *view, format);
  return invocation.answer(
      // Byte for byte, but for a terminal, which nothing raw may reach.
      [&](const Style& style) {
        return style.columns > 0 ? text::printable(text, text::Lines::keep) : text;
      },
      [&] {
        auto object = new_object();
        object["session_id"] = view->session();
        object["plan_branch"] = view->branch();
        object["plan_version"] = view->version();
        object["content"] = text;
        return object;
      });
}

}  // namespace

const Verb plan_export_verb{
    "export",
    "print a plan as a file, for git plan create or another tool",
    "[<plan>]",
    0,
    1,
    {{0, "to", Takes::value, "<toml|json|taskmaster|beads|backlog>", "the format (default: toml)"},
     {'o', "output", Takes::value, "<folder>", "where a backlog is to be made"}},
    run};

}  // namespace gitplan::cli
