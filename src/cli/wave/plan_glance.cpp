#include "cli/wave/plan_glance.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/outlook_text.hpp"
#include "commands/plan/show.hpp"
#include "commands/wave/run_agents.hpp"
#include "commands/wave/usage_now.hpp"
#include "session/select.hpp"

namespace gitplan::cli {

void PlanGlance::read() try {
  read_at_ = std::chrono::steady_clock::now();
  Workspace workspace(settings_, [](const Notice&) {});
  const auto view = select_plan(workspace, Access::read);
  for (TaskIndex i = 0; i < view->size(); ++i)
    titles_[view->task(i).id] = text::printable(text::fold_space(view->task(i).description));
  progress_ = fmt::format("{} of {}", view->count(Status::completed), view->size());
  line_ = outlook_line(*view,
                       outlook(workspace, *view, commands::max_parallel(workspace, request_.jobs)));
  line_ += used(workspace, *view);
} catch (const Error&) {
  progress_.clear();
  line_.clear();
}

std::string PlanGlance::used(const Workspace& workspace, const PlanView& view) const {
  const auto caps = commands::caps_of_run(workspace, request_);
  if (caps.empty()) return "";
  std::string text;
  const agents::Usage sum = commands::usage_now(workspace, view);
  for (const agents::Cap& cap : caps) {
    const auto used = sum.find(cap.unit);
    text +=
        fmt::format(", {} of {} {} used", agents::number_word(used == sum.end() ? 0 : used->second),
                    agents::number_word(cap.most), cap.unit);
  }
  return text;
}

std::string PlanGlance::title(const std::string& task) {
  if (!titles_.contains(task)) read();
  return titles_[task];
}

std::string PlanGlance::progress() {
  read();
  return progress_;
}

std::string PlanGlance::line() {
  constexpr std::chrono::seconds fresh{2};
  if (!read_at_ || std::chrono::steady_clock::now() - *read_at_ > fresh) read();
  return line_;
}

}  // namespace gitplan::cli
