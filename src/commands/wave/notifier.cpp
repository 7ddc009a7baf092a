#include "commands/wave/notifier.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "commands/wave/event_json.hpp"
#include "commands/wave/worker_process.hpp"
#include "git/hooks_folder.hpp"
#include "git/lock.hpp"
#include "git/process.hpp"
#include "supervisor/uv_runner.hpp"

namespace gitplan::commands {
namespace {

using Kind = supervisor::Event::Kind;
using std::chrono::milliseconds;

constexpr std::chrono::seconds at_the_end{5};
/// One that hangs does not keep the others for ever.
constexpr std::chrono::minutes longest_call{1};
constexpr std::size_t most_waiting = 1000;
constexpr std::int64_t most_log = 1 << 20;

bool wants_a_person(Kind kind) {
  constexpr std::array kinds{Kind::failed,   Kind::needs_decision, Kind::parked,
                             Kind::flow_red, Kind::capped,         Kind::superseded};
  return std::ranges::find(kinds, kind) != kinds.end();
}

std::optional<std::string> hook_of(const Workspace& workspace, const std::string& folder) {
  if (workspace.settings().hooks == Hooks::skip) return std::nullopt;
  std::string path =
      join_path(git::hooks_folder(workspace.repository(), workspace.config()), "wave-notify");
  if (!path.starts_with('/')) path = join_path(folder, path);
  return ::access(path.c_str(), X_OK) == 0 ? std::optional(path) : std::nullopt;
}

std::string top_of(const Workspace& workspace) {
  const std::string& top = workspace.slots().place().root;
  return exists(top) ? top : workspace.repository().base_folder();
}

}  // namespace

Notifier::Notifier(const Workspace& workspace, std::string session)
    : folder_(top_of(workspace)),
      state_folder_(git::state_folder(workspace.repository())),
      session_(std::move(session)) {
  hook_ = hook_of(workspace, folder_);
  if (!hook_) return;
  log_ = fmt::format("{}/{}/wave-notify.log", logs_folder(workspace.repository()), session_);
  runner_ = supervisor::make_uv_runner();
}

Notifier::~Notifier() {
  if (is_busy()) runner_->signal(process_, SIGKILL);
  if (!input_.empty()) ::unlink(input_.c_str());
}

void Notifier::hear(const supervisor::Event& event) {
  if (hook_ && wants_a_person(event.kind)) tell(to_json(event));
}

void Notifier::tell(const Json& object) {
  if (!hook_ || lines_.size() >= most_waiting) return;
  lines_.push_back(dump(object, -1) + "\n");
  start_next();
}

void Notifier::start_next() {
  while (!is_busy() && !lines_.empty()) {
    const std::string line = std::exchange(lines_.front(), "");
    lines_.pop_front();
    try {
      call(line);
    } catch (const Error&) {  // a hook that cannot be started is not in the way either
      process_ = 0;
    }
  }
}

void Notifier::call(const std::string& line) {
  make_folders(state_folder_ + "/notify");
  make_folders(log_.substr(0, log_.rfind('/')));
  supervisor::limit_log(log_, most_log);
  input_ = fmt::format("{}/notify/{}", state_folder_, ::getpid());
  write_file_atomically(input_, line, private_file_mode());
  supervisor::ProcessSpec spec;
  spec.arguments = {*hook_};
  spec.environment = git::child_environment(
      {{"GIT_PLAN_SESSION", session_}, {"GIT_PLAN_BRANCH", "plan/" + session_}});
  spec.folder = folder_;
  spec.input_file = input_;
  spec.log_file = log_;
  process_ = runner_->start(spec, [this](const supervisor::ProcessEnd&) {
    runner_->cancel(limit_);
    process_ = 0;
    start_next();
    if (is_finishing_ && !is_busy()) runner_->stop();
  });
  limit_ = runner_->after(longest_call, [this] {
    if (is_busy()) runner_->signal(process_, SIGKILL);
  });
}

void Notifier::pump() {
  if (!is_busy()) return;
  runner_->after(milliseconds(0), [this] { runner_->stop(); });
  runner_->run();
}

void Notifier::finish() {
  if (!is_busy()) return;
  is_finishing_ = true;
  const auto over = runner_->after(at_the_end, [this] {
    lines_.clear();
    if (is_busy()) runner_->signal(process_, SIGKILL);
  });
  runner_->run();
  runner_->cancel(over);
  is_finishing_ = false;
}

}  // namespace gitplan::commands
