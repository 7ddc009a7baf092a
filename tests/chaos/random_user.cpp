// random_user [--programs=<folder>] [--kill-at=<program>] <what>
//     --minutes=<n> --seed=<seed>   plays stories, from that seed on, until the time is over (0:
//     one)
//     --steps='<step> ...'          plays these steps
//     --list=<file>                 plays the stories of a list: a line each, # begins a comment
//
// Exits 0 if all went well; 1 after the first fault, having told the seed, the fewest steps that
// still show it, and how they went; 2 for wrong usage.
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

#include "chaos/actions.hpp"
#include "chaos/player.hpp"
#include "chaos/shrink.hpp"
#include "chaos/story.hpp"
#include "chaos/world.hpp"

namespace {

using namespace chaos;
using Clock = std::chrono::steady_clock;

constexpr std::size_t story_length = 40;
constexpr int most_tries_to_shrink = 250;

struct Request {
  Programs programs;
  double minutes = 0;
  std::uint64_t seed = 1;
  std::string steps;
  std::string list;
};

bool take(std::string_view word, std::string_view option, std::string& value) {
  if (!word.starts_with(option)) return false;
  value = word.substr(option.size());
  return true;
}

Request parse_arguments(int argc, char** argv) {
  Request request;
  std::string minutes = "0";
  std::string seed = "1";
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    if (!take(word, "--programs=", request.programs.folder) &&
        !take(word, "--kill-at=", request.programs.kill_at) && !take(word, "--minutes=", minutes) &&
        !take(word, "--seed=", seed) && !take(word, "--steps=", request.steps) &&
        !take(word, "--list=", request.list)) {
      throw std::invalid_argument("'" + std::string(word) + "' is not understood");
    }
  }
  request.minutes = std::stod(minutes);
  request.seed = std::stoull(seed);
  return request;
}

/// Somebody starts working, then anything may happen.
Story story_of(std::uint64_t seed) {
  Story story = make_story(seed, story_length, weights());
  story.insert(story.begin(), {"wave-start", story.front().seed});
  return story;
}

void tell(const World& world) {
  for (const std::string& line : world.told()) std::printf("  %s\n", line.c_str());
}

void tell(const World& world, const Fault& fault) {
  tell(world);
  std::printf("%s: %s\n", fault.invariant.c_str(), fault.text.c_str());
}

/// The fewest steps that break the same invariant.
Story fewest_steps(Player& player, Story story, const Fault& fault) {
  story.resize(fault.step + 1);
  return shrink(
      std::move(story),
      [&](const Story& shorter) {
        const auto again = player.play(shorter);
        return again && again->invariant == fault.invariant;
      },
      most_tries_to_shrink);
}

/// False, having told all, if something went wrong.
bool play_and_tell(World& world, Player& player, const Story& story) {
  const auto fault = player.play(story);
  if (!fault) return true;
  std::printf("went wrong: %s; leaving steps out ...\n", fault->invariant.c_str());
  std::fflush(stdout);
  const Story fewest = fewest_steps(player, story, *fault);
  const auto again = player.play(fewest);
  std::printf("steps: %s\n", format(fewest).c_str());
  tell(world, again.value_or(*fault));
  return false;
}

bool play_seeds(World& world, Player& player, const Request& request) {
  const auto end = Clock::now() + std::chrono::duration<double, std::ratio<60>>(request.minutes);
  std::uint64_t seed = request.seed;
  long stories = 0;
  do {
    if (!play_and_tell(world, player, story_of(seed))) {
      std::printf("seed %llu, after %ld stories\n", static_cast<unsigned long long>(seed), stories);
      return false;
    }
    ++seed;
    ++stories;
    if (request.minutes == 0) tell(world);
  } while (Clock::now() < end);
  std::printf("%ld stories, %ld steps: nothing went wrong\n", stories, player.steps());
  return true;
}

bool play_list(World& world, Player& player, const std::string& path) {
  std::ifstream file(path);
  if (!file) throw std::runtime_error("no list '" + path + "'");
  long stories = 0;
  for (std::string line; std::getline(file, line);) {
    const Story story = parse(line.substr(0, line.find('#')));
    if (story.empty()) continue;
    ++stories;
    if (!play_and_tell(world, player, story)) return false;
  }
  std::printf("%ld stories of the list: nothing went wrong\n", stories);
  return true;
}

bool play(const Request& request) {
  World world(request.programs);
  Player player(world);
  if (!request.list.empty()) return play_list(world, player, request.list);
  if (!request.steps.empty()) return play_and_tell(world, player, parse(request.steps));
  return play_seeds(world, player, request);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return play(parse_arguments(argc, argv)) ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "random_user: %s\n", problem.what());
    return 2;
  }
}
