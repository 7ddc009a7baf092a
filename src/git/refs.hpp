// Refs. Every move is a compare-and-swap on what was read. Full names only ("refs/heads/flow").
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct Ref {
  std::string name;
  Oid target;
  bool operator==(const Ref&) const = default;
};

bool is_valid_ref_name(std::string_view name);  ///< as git check-ref-format, DEL refused too

/// Nothing if it does not exist. Symbolic refs are followed. Throws Error(fatal) if it is broken.
std::optional<Oid> read_ref(const Repository& repository, const std::string& name);
/// All refs whose name starts with `prefix` ("refs/heads/plan/"), sorted by name. Broken refs and
/// symbolic ones are left out.
std::vector<Ref> list_refs(const Repository& repository, const std::string& prefix);

/// The full name that a symbolic ref stands for ("refs/remotes/origin/HEAD"), whether that exists
/// or not; nothing where it is none.
std::optional<std::string> symbolic_target(const Repository& repository, const std::string& name);

/// What HEAD of this worktree says.
struct Head {
  std::string branch;         ///< full ref name; empty if detached
  std::optional<Oid> target;  ///< nothing if unborn
};
Head read_head(const Repository& repository);

enum class SwapResult { swapped, lost_race };

/// Moves `name` from `expected` (nothing: it must not exist) to `desired`. Locks that others hold
/// are waited for (2 s), stale ones of our own dead processes removed (git/lock.hpp); then throws
/// Error(lost_race). A ref in the way (plan and plan/x) throws Error(wrong_state) that names it.
/// Other failures throw Error(fatal). With a reference-transaction hook, or more than 200 KB of
/// packed refs, it goes through `git update-ref`. SIGINT, SIGTERM and SIGHUP wait meanwhile.
SwapResult compare_and_swap(const Repository& repository, const std::string& name,
                            const std::optional<Oid>& expected, const Oid& desired,
                            std::string_view reflog_message);

/// Deletes through `git update-ref --stdin`; `expected` must be its value. Deleting what is gone is
/// lost_race.
SwapResult delete_ref(const Repository& repository, const std::string& name, const Oid& expected);

/// Deletes all of them at once, each if it is at its target. Those that moved meanwhile stay.
/// Returns those that it deleted, in their order.
std::vector<Ref> delete_refs(const Repository& repository, const std::vector<Ref>& refs);

/// Creates `to` at `value` and deletes `from` (which must be at `value`), so that no crash loses
/// the commit. The log of `from` goes on as that of `to`, as in `git branch --move`.
SwapResult move_ref(const Repository& repository, const std::string& from, const std::string& to,
                    const Oid& value, std::string_view reflog_message);

}  // namespace gitplan::git
