#include "commands/wave/landing.hpp"

#include <unistd.h>

#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "lander/lander.hpp"
#include "lander/news.hpp"
#include "lander/verify_process.hpp"
#include "session/select.hpp"
#include "session/workspace.hpp"

namespace gitplan::commands {
namespace {

using supervisor::Landing;
using supervisor::TaskLanding;

/// All that waits stays as it is.
void refuse_all(const Workspace& workspace, const lander::LanderSetup& setup,
                const std::string& reason) {
  for (const lander::HandIn& one : lander::HandIns(workspace.repository()).all()) {
    if (one.record.run == setup.owner && !one.outcome)
      lander::keep_done(workspace.repository(), setup, one);
  }
  Landing refused;
  refused.outcome = Landing::Outcome::refused;
  refused.reason = reason;
  setup.tell(TaskLanding{"", std::move(refused)});
}

std::string reason_of(const Error& error) { return text::join(error.messages(), "; "); }

lander::LanderSetup setup_of(Workspace& workspace, const LandRequest& request) {
  lander::LanderSetup setup;
  setup.settings = workspace.settings();
  setup.notices = workspace.notices();
  setup.flow_branch = select_plan(workspace, Access::read)->plan().flow_branch;
  setup.verify = request.verify.value_or("");
  setup.timeout = request.timeout;
  setup.lands = request.lands;
  setup.run = request.run.value_or("");
  setup.owner = identify_process(::getppid()).value_or(ProcessIdentity{});
  setup.tell = [say = request.say](const supervisor::LanderNews& news) {
    say(lander::encode(news));
  };
  return setup;
}

}  // namespace

void land_for_run(Workspace& workspace, const LandRequest& request) {
  const auto setup = setup_of(workspace, request);
  try {
    lander::land(setup);
  } catch (const Error& error) {
    refuse_all(workspace, setup, reason_of(error));
  }
}

std::string verify_for_lander(Workspace& workspace, const std::string& commit,
                              const std::string& command,
                              std::optional<std::chrono::seconds> timeout) {
  return lander::encode(lander::run_verify_process(workspace, {commit, command, timeout}));
}

}  // namespace gitplan::commands
