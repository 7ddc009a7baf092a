#include "session/workspace.hpp"

#include <fmt/format.h>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "git/lock.hpp"
#include "git/merge.hpp"
#include "git/presence.hpp"
#include "git/shared_repository.hpp"
#include "git/temporary_folder.hpp"
#include "session/exclude_slots.hpp"
#include "slots/trash.hpp"
#include "store/ref_names.hpp"

namespace gitplan {

std::string line_of(const Notice& notice) {
  switch (notice.kind) {
    case Notice::Kind::warning:
      return "warning: " + notice.text;
    case Notice::Kind::hint:
      return "hint: " + notice.text;
    case Notice::Kind::note:
      break;
  }
  return notice.text;
}

Workspace::Workspace(Settings settings, Notices notices)
    : settings_(std::move(settings)),
      notices_(std::move(notices)),
      repository_(git::Repository::discover()),
      config_(repository_),
      shared_remote_(SharedRemote::of(repository_, config_)),
      shared_plans_(shared_remote_ ? std::make_unique<SharedPlans>(repository_, *shared_remote_)
                                   : nullptr),
      store_(shared_plans_ ? PlanStore(repository_, *shared_plans_) : PlanStore(repository_)) {
  git::share_as_configured(config_);
}

Workspace::~Workspace() = default;

const Slots& Workspace::slots() const {
  if (!slots_) {
    const auto name_ref = [](int worker, int count) {
      return ref_names::rescue_ref(worker, now(), count);
    };
    slots_ = std::make_unique<Slots>(repository_, config_, name_ref,
                                     [this](const std::string& line) { note(line); });
  }
  return *slots_;
}

bool Workspace::strict() const {
  return settings_.strict || config_.boolean("plan.strict").value_or(false);
}

void Workspace::warn(const Diagnostic& warning) {
  warnings_.push_back(warning);
  warnings_.back().severity = Severity::warning;
  notices_({Notice::Kind::warning, warning.message});
}

void Workspace::begin_write() {
  if (writing_) return;
  writing_ = true;
  git::clear_stale_locks(repository_);
  git::recover_checkout(repository_);
  empty_trash(repository_);
  git::clear_temporary_folders(repository_);
  git::clear_the_dead(repository_);
  slots().clear_half_added();
  exclude_slots(repository_, slots().place());
  if (!chosen_plan_.empty()) set_current();
}

void Workspace::note_plan(std::string_view session, std::string_view why) {
  if (noted_plan_ == session) return;
  noted_plan_ = session;
  note(fmt::format("using plan '{}' ({})", session, why));
}

void Workspace::choose_plan(std::string session) {
  chosen_plan_ = std::move(session);
  if (writing_) set_current();
}

void Workspace::set_current() const { git::set_config(repository_, "plan.current", chosen_plan_); }

}  // namespace gitplan
