// Git config, with all of git's ways to set it: files, includes, config.worktree, `-c`,
// GIT_CONFIG_COUNT.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::git {

class Repository;

/// Read when first asked: in process through libgit2 where that gives what git would (no
/// `git -c`, no config.worktree, no hasconfig: includes), else one `git config --list -z`.
class Config {
 public:
  explicit Config(const Repository& repository);
  Config(Config&&) noexcept;
  ~Config();

  /// The last value. Keys as in git: "plan.flowBranch" (case-insensitive section and key).
  [[nodiscard]] std::optional<std::string> text(std::string_view key) const;
  /// As git reads it (true, yes, on, 1, no value). Throws Error(fatal) "bad boolean config value
  /// 'x' for 'plan.strict'".
  [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
  /// The middle parts of keys "<section>.<name>.<variable>", as written, in the order of their
  /// names.
  [[nodiscard]] std::vector<std::string> subsections(std::string_view section,
                                                     std::string_view variable) const;
  /// With k, m, g. Throws Error(fatal) on anything else.
  [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// Every value of a key that may be given more than once, in the order in which git reads them:
/// asks `git config`.
std::vector<std::string> all_values(const Repository& repository, const std::string& key);

/// Sets or unsets a key in the repository's own config, through `git config`; waits for its lock
/// and tries again. Throws Error(lost_race).
void set_config(const Repository& repository, const std::string& key, const std::string& value);
void unset_config(const Repository& repository, const std::string& key);

}  // namespace gitplan::git
