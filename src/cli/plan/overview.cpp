// `git plan` alone: the plan that commands mean here, who is at work, what is next, and the verbs.
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/outlook_text.hpp"
#include "cli/plan/verbs.hpp"
#include "cli/workers_text.hpp"
#include "commands/wave/status.hpp"

namespace gitplan::cli {
namespace {

std::string verbs_text() {
  return verb_lines(plan_program()) + "\nTo see one verb's options, run: git plan <verb> -h\n";
}

std::string plan_text(const commands::WaveStatus& status, const Style& style) {
  const PlanView& view = *status.view;
  std::string text = fmt::format("{} {}, {}\n", style.bold(view.branch()), view.version(),
                                 schedule::to_string(view.state()));
  const auto request = text::split(text::trim(view.plan().user_request), '\n').front();
  Table table;
  if (!request.empty()) table.row({Cell::plain(request)});
  return text + table.text(style, "  ") + "\n" + outlook_text(view, status.outlook, style) + "\n";
}

std::string text_of(const commands::WaveStatus& status, const Style& style) {
  std::string text = status.view == nullptr ? "" : plan_text(status, style);
  const std::string workers = workers_text(status.workers, style);
  if (!workers.empty()) text += workers + "\n";
  const std::string elsewhere = elsewhere_text(status.elsewhere, style);
  if (!elsewhere.empty()) text += elsewhere + "\n";
  return text + verbs_text();
}

int run(Invocation& invocation) {
  commands::WaveStatus status;
  try {
    status = commands::wave_status(invocation.workspace());
  } catch (const Error& error) {
    // Which plan is meant is no question yet, where none is named; what verbs there are is shown
    // anywhere.
    if (invocation.format() == Format::json || invocation.arguments().has("plan")) throw;
    const Notices say = invocation.notices();
    for (const auto& message : error.messages()) say({Notice::Kind::note, message});
    for (const auto& one : error.hints()) invocation.hint(one.text);
    write_output(verbs_text());
    return 0;
  }
  if (status.view == nullptr)
    invocation.hint("there is no plan yet; to make one, run: git plan create");
  return invocation.answer([&](const Style& style) { return text_of(status, style); },
                           [&] { return to_json(status); });
}

}  // namespace

const Verb plan_overview_verb{
    "", "the plan as it stands, who is at work, what is next, and the verbs", "", 0, 0, {}, run};

}  // namespace gitplan::cli
