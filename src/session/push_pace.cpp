#include "session/push_pace.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/process_identity.hpp"
#include "git/lock.hpp"
#include "session/keeping.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

using std::chrono::milliseconds;

std::string file_in(const std::string& state_folder) { return join_path(state_folder, "pushed"); }

}  // namespace

milliseconds pace_time() {
  return std::chrono::duration_cast<milliseconds>(
      std::chrono::steady_clock::now().time_since_epoch());
}

int most_pushes(const Workspace& workspace) {
  constexpr std::int64_t most = 100000;
  const auto number = workspace.config().integer("plan.maxPushRate").value_or(0);
  if (number >= 0 && number <= most) return static_cast<int>(number);
  throw Error(ErrorKind::fatal, fmt::format("bad number '{}' for 'plan.maxPushRate'", number),
              Hint{"to have no bound, run: git config --unset plan.maxPushRate"});
}

std::optional<milliseconds> last_push(const Workspace& workspace) {
  const auto text = read_file(file_in(git::state_folder(workspace.repository())));
  if (!text) return std::nullopt;
  std::uint64_t boot = 0;
  std::int64_t time = 0;
  const char* end = text->data() + text->size();
  const auto first = std::from_chars(text->data(), end, boot);
  if (first.ec != std::errc() || first.ptr == end || boot != this_space().boot) return std::nullopt;
  std::from_chars(first.ptr + 1, end, time);
  return milliseconds(time);
}

void note_push(const std::string& state_folder) {
  write_file_atomically(file_in(state_folder),
                        fmt::format("{} {}\n", this_space().boot, pace_time().count()));
}

milliseconds wait_for_push(const Workspace& workspace, const std::string& session) {
  const int most = most_pushes(workspace);
  const auto last = last_push(workspace);
  if (most == 0 || !last) return milliseconds(0);
  remote::KeepingPolicy policy;
  policy.most_pushes = most;
  remote::Keeping keeping(policy, workspace.shared_remote()->machine());
  const ClaimsSeen seen = claims_seen(workspace, session);
  keeping.looked(milliseconds(0), milliseconds(0), seen.all, seen.own);
  return std::max(milliseconds(0), *last + keeping.between_pushes() - pace_time());
}

}  // namespace gitplan
