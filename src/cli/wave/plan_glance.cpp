#include "cli/wave/plan_glance.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/outlook_text.hpp"
#include "commands/plan/show.hpp"
#include "session/select.hpp"

namespace gitplan::cli {

void PlanGlance::read() try {
  read_at_ = std::chrono::steady_clock::now();
  Workspace workspace(settings_, [](const Notice&) {});
  const auto view = select_plan(workspace, Access::read);
  for (TaskIndex i = 0; i < view->size(); ++i)
    titles_[view->task(i).id] = text::printable(text::fold_space(view->task(i).description));
  progress_ = fmt::format("{} of {}", view->count(Status::completed), view->size());
  line_ = outlook_line(*view, outlook(workspace, *view, commands::max_parallel(workspace, jobs_)));
} catch (const Error&) {
  progress_.clear();
  line_.clear();
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
