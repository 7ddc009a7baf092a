// What every command starts from: the repository, its config, its plans and slots, and where
// notices go.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "git/config.hpp"
#include "git/repository.hpp"
#include "plan/diagnostic.hpp"
#include "session/publishing.hpp"
#include "session/shared_remote.hpp"
#include "slots/slots.hpp"
#include "store/plan_store.hpp"

namespace gitplan {

/// Something said beside the answer, while a command runs.
struct Notice {
  enum class Kind { note, warning, hint } kind = Kind::note;
  std::string text;  ///< as printed after "warning: " or "hint: "; printable
};
using Notices = std::function<void(const Notice&)>;
/// "hint: …", "warning: …", or the note as it is.
std::string line_of(const Notice& notice);

/// What the caller asked of every command alike.
struct Settings {
  std::optional<std::string> plan;  ///< --plan: a session or plan/<session>
  /// A session to keep to where nothing names a plan, before $GIT_PLAN_SESSION; one that is gone
  /// does not count.
  std::optional<std::string> kept_plan;
  bool strict = false;   ///< --strict
  bool verbose = false;  ///< --verbose: what was chosen, and what moved, is said
  Hooks hooks = Hooks::run;
};

class Workspace {
 public:
  /// Opens the repository of the current folder. Throws Error(fatal).
  Workspace(Settings settings, Notices notices);
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;
  ~Workspace();

  [[nodiscard]] const git::Repository& repository() const { return repository_; }
  [[nodiscard]] const git::Config& config() const { return config_; }
  [[nodiscard]] const PlanStore& store() const { return store_; }
  /// Null where plans are not shared with other machines.
  [[nodiscard]] const SharedRemote* shared_remote() const {
    return shared_remote_ ? &*shared_remote_ : nullptr;
  }
  [[nodiscard]] const Slots& slots() const;
  [[nodiscard]] const Settings& settings() const { return settings_; }
  /// --strict or plan.strict: warnings are errors.
  [[nodiscard]] bool strict() const;

  [[nodiscard]] const Notices& notices() const { return notices_; }
  void note(std::string text) const { notices_({Notice::Kind::note, std::move(text)}); }
  /// With --verbose only.
  void detail(std::string text) const {
    if (settings_.verbose) note(std::move(text));
  }
  void hint(std::string text) const { notices_({Notice::Kind::hint, std::move(text)}); }
  /// Says it now, and keeps it for the result's `warnings`.
  void warn(const Diagnostic& warning);
  [[nodiscard]] const Diagnostics& warnings() const { return warnings_; }

  /// Before the first write of a command: clears what a killed one of ours left (locks, a half-done
  /// fast-forward, trash), and keeps `.worktrees` out of `git status`. A few failing look-ups when
  /// there is nothing.
  void begin_write();
  [[nodiscard]] bool is_writing() const { return writing_; }
  /// Makes this plan the current one, from the first write of the command on.
  void choose_plan(std::string session);
  /// Says once which plan is meant where nobody named it, however often it is looked for.
  void note_plan(std::string_view session, std::string_view why);
  /// The plan that the command's own words are about, such as `session/001`: what follows has to
  /// name it, too. Empty: none was named.
  void name_plan(std::string session) { named_plan_ = std::move(session); }
  [[nodiscard]] const std::string& named_plan() const { return named_plan_; }

 private:
  void set_current() const;

  Settings settings_;
  Notices notices_;
  git::Repository repository_;
  git::Config config_;
  std::optional<SharedRemote> shared_remote_;
  std::unique_ptr<SharedPlans> shared_plans_;
  PlanStore store_;
  mutable std::unique_ptr<Slots> slots_;
  Diagnostics warnings_;
  std::string chosen_plan_;  ///< empty: none was chosen
  std::string named_plan_;
  std::string noted_plan_;  ///< empty: none was
  bool writing_ = false;
};

}  // namespace gitplan
