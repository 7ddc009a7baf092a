#include "lander/gate.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>

#include "base/fd.hpp"
#include "git/hooks_folder.hpp"
#include "git/process.hpp"
#include "lander/merger.hpp"
#include "supervisor/mind.hpp"

namespace gitplan::lander {
namespace {

std::string folder_of(const Ground& ground) {
  const std::string& top = ground.workspace().slots().place().root;
  return exists(top) ? top : ground.repository().base_folder();
}

bool has_hook(const Ground& ground, const std::string& name) {
  const std::string hooks = git::hooks_folder(ground.repository(), ground.workspace().config());
  return exists(
      join_path(hooks.starts_with('/') ? hooks : join_path(folder_of(ground), hooks), name));
}

Environment environment_of(const HandIn& hand_in, const git::Oid& merge) {
  const auto& record = hand_in.record;
  return {{"GIT_PLAN_SESSION", record.session},
          {"GIT_PLAN_BRANCH", "plan/" + record.session},
          {"GIT_PLAN_FLOW_BRANCH", hand_in.flow_branch},
          {"GIT_TASK_ID", record.task},
          {"GIT_TASK_BRANCH", record.branch},
          {"GIT_TASK_ATTEMPT", std::to_string(record.attempt)},
          {"GIT_TASK_MERGE", merge.hex()},
          {"GIT_WAVE_WORKER", std::to_string(record.worker)}};
}

}  // namespace

Gate::Key Gate::key(const HandIn& hand_in) {
  return {queue_name(hand_in).text, hand_in.tip.value_or(git::Oid{})};
}

supervisor::ProcessSpec Gate::process(const Ground& ground, const HandIn& hand_in,
                                      const git::Oid& merge) const {
  supervisor::ProcessSpec spec;
  spec.arguments = {git::git_program(), "hook", "run", "--ignore-missing", setup_.hook};
  spec.environment = git::child_environment(environment_of(hand_in, merge));
  spec.folder = folder_of(ground);
  spec.log_file = fmt::format("{}/{}-{}-{}-{}.log", setup_.logs_folder, setup_.hook,
                              hand_in.record.session, hand_in.record.task, ::getpid());
  return spec;
}

void Gate::start(const Ground& ground, const HandIn& hand_in, const git::Oid& merge) {
  const Key key = Gate::key(hand_in);
  make_folders(setup_.logs_folder);
  const auto spec = process(ground, hand_in, merge);
  ::unlink(spec.log_file.c_str());
  Asked asked;
  asked.log = spec.log_file;
  asked.pid = runner_->start(spec, [this, key](const auto& over) { end(key, over.exit_status); });
  if (setup_.timeout) {
    asked.limit =
        runner_->after(*setup_.timeout, [this, pid = asked.pid] { runner_->signal(pid, SIGKILL); });
  }
  asked_[key] = std::move(asked);
}

void Gate::end(const Key& key, int exit_status) {
  Asked& asked = asked_.at(key);
  if (asked.limit != 0) runner_->cancel(asked.limit);
  asked.exit_status = exit_status;
  has_answers_ = true;
  runner_->stop();
}

bool Gate::may_hold(const Ground& ground) const {
  return setup_.hooks == Hooks::run && has_hook(ground, setup_.hook);
}

std::optional<GateAnswer> Gate::ask(const Ground& ground, const HandIn& hand_in,
                                    const git::Oid& merge) {
  const auto asked = asked_.find(key(hand_in));
  if (asked != asked_.end()) {
    if (!asked->second.exit_status) return std::nullopt;
    return GateAnswer{*asked->second.exit_status, asked->second.log};
  }
  if (!may_hold(ground)) return GateAnswer{};
  start(ground, hand_in, merge);
  return std::nullopt;
}

bool Gate::is_any_left() const {
  return std::ranges::any_of(asked_, [](const auto& one) { return !one.second.exit_status; });
}

void Gate::cancel_all() {
  for (const auto& [key, one] : asked_) {
    if (!one.exit_status) runner_->signal(one.pid, SIGKILL);
  }
}

}  // namespace gitplan::lander
