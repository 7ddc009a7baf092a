// What may happen in a story: one table. What git lets a person and workers do, and our verbs.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/process.hpp"
#include "chaos/random.hpp"
#include "chaos/story.hpp"
#include "chaos/world.hpp"

namespace chaos {

struct Action;

/// A step as it was played.
struct Doing {
  const Action* action = nullptr;
  bool possible = true;  ///< false: there was nothing to do it with; nothing was done
  std::string folder;
  std::vector<std::string> words;     ///< empty: no command, but files changed by hand
  std::optional<std::string> task;    ///< that the command names
  std::optional<std::string> worker;  ///< that the command names
  std::string branch;                 ///< that the command names, if it does
  Ran ran;
  bool killed = false;
};

enum class By {
  user,     ///< may throw away what it likes
  keeper,   ///< the user's git too, but it must lose nothing
  ours,     ///< a verb that writes; some of them are killed
  reading,  ///< a verb that changes nothing
};

enum class Place {
  main,  ///< the main checkout
  slot,  ///< a linked worktree, or what is left of one
  any,   ///< one of both
};

struct Action {
  std::string_view name;
  unsigned weight;
  By by;
  Place place;
  /// Words with {placeholders}, each of which is chosen from what there is; see choose().
  std::string_view command;
  /// Instead of a command: changes files by hand, in the folder. False if there was nothing to do.
  bool (*by_hand)(World& world, Random& random, const std::string& folder) = nullptr;
};

const std::vector<Action>& actions();
/// Null for a name that is not in the table.
const Action* find_action(std::string_view name);
std::vector<Weight> weights();

/// Does it, and tells it.
Doing play(World& world, const Action& action, std::uint64_t seed);
/// The same command once more, as somebody does whose command was cut short.
Doing again(World& world, const Doing& killed);

}  // namespace chaos
