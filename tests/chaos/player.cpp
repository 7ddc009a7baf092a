#include "chaos/player.hpp"

#include <stdexcept>

#include "chaos/actions.hpp"

namespace chaos {
namespace {

const Action& action_of(const Step& step) {
  const Action* action = find_action(step.action);
  if (action == nullptr) throw std::invalid_argument("no action '" + step.action + "'");
  return *action;
}

std::map<std::string, std::string> changes_where_branches_move(const World& world,
                                                               const Action& action,
                                                               const Snapshot& seen) {
  std::map<std::string, std::string> changes;
  for (const auto& [path, checkout] : seen.checkouts) {
    if (may_follow(action, checkout)) changes[path] = local_changes(world, path);
  }
  return changes;
}

}  // namespace

std::optional<Fault> Player::play(const Story& story) {
  world_.begin_story();
  before_ = observer_.look(world_);
  for (std::size_t i = 0; i < story.size(); ++i) {
    world_.begin_step();
    if (auto fault = play(story[i])) {
      fault->step = i;
      return fault;
    }
  }
  return judge_the_end(story.size());
}

std::optional<Fault> Player::judge_the_end(std::size_t steps) {
  const std::string complaints = fsck(world_);
  if (complaints.empty()) return std::nullopt;
  return Fault{"fsck-is-clean", complaints, steps == 0 ? 0 : steps - 1};
}

std::optional<Fault> Player::play(const Step& step) {
  const Action& action = action_of(step);
  if (action.by == By::ours) local_changes_ = changes_where_branches_move(world_, action, before_);
  const Doing doing = chaos::play(world_, action, step.seed);
  if (!doing.possible) return std::nullopt;
  ++steps_;
  if (auto fault = judge(doing)) return fault;
  // Half of those who are cut short try again at once; the others leave it as it is.
  if (doing.killed && step.seed % 2 == 0) return once_more(doing);
  return std::nullopt;
}

std::optional<Fault> Player::once_more(const Doing& killed) {
  local_changes_ = changes_where_branches_move(world_, *killed.action, before_);
  return judge(again(world_, killed));
}

std::optional<Fault> Player::judge(const Doing& doing) {
  Snapshot after =
      doing.words.empty() ? observer_.look_at_files(world_, before_) : observer_.look(world_);
  const Scene scene{world_, doing, before_, after, local_changes_};
  for (const Invariant& each : invariants()) {
    if (auto broken = each.broken(scene)) return Fault{std::string(each.name), *broken, 0};
  }
  before_ = std::move(after);
  return std::nullopt;
}

}  // namespace chaos
