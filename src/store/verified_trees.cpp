#include "store/verified_trees.hpp"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "git/lock.hpp"
#include "store/cache.hpp"

namespace gitplan::verified_trees {
namespace {

constexpr std::string_view file = "verified";
constexpr Seconds kept_for = 30 * 24 * 60 * 60;
constexpr std::size_t most = 4000;

struct Verified {
  git::Oid tree;
  std::string command;
  Seconds time = 0;
};

bool is_of(const Verified& one, const git::Oid& tree, const std::string& command) {
  return one.tree == tree && one.command == command;
}

/// A clock that was set back makes none last longer.
bool is_over(const Verified& one, Seconds time) {
  return one.time > time + kept_for || one.time < time - kept_for;
}

/// Those that still count, the earliest first.
std::vector<Verified> read(const git::Repository& repository, Seconds time) {
  const auto payload = cache::load(repository, file);
  if (!payload) return {};
  cache::Reader in(payload->bytes());
  const std::vector<std::string> commands = in.texts();
  std::vector<Verified> all;
  for (std::size_t count = in.count(); count > 0 && in.ok() && !commands.empty(); --count) {
    const git::Oid tree = in.oid();
    const std::size_t command = in.number_up_to(commands.size() - 1);
    all.push_back({tree, commands[command], static_cast<Seconds>(in.number())});
  }
  if (!in.ok()) return {};
  std::erase_if(all, [&](const Verified& one) { return is_over(one, time); });
  return all;
}

void write(const git::Repository& repository, const std::vector<Verified>& all) {
  std::vector<std::string> commands;
  for (const Verified& one : all) commands.push_back(one.command);
  std::ranges::sort(commands);
  commands.erase(std::unique(commands.begin(), commands.end()), commands.end());
  cache::Writer out;
  out.texts(commands);
  out.number(all.size());
  for (const Verified& one : all) {
    out.oid(one.tree);
    const auto command = std::ranges::lower_bound(commands, one.command);
    out.number(static_cast<std::uint64_t>(command - commands.begin()));
    out.number(static_cast<std::uint64_t>(one.time));
  }
  cache::save(repository, file, out.bytes());
}

}  // namespace

bool has(const git::Repository& repository, const git::Oid& tree, const std::string& command) {
  const std::vector<Verified> all = read(repository, now());
  return std::ranges::any_of(all, [&](const Verified& one) { return is_of(one, tree, command); });
}

void add(const git::Repository& repository, const git::Oid& tree, const std::string& command) try {
  const git::NamedLock turn(repository, "verified");
  const Seconds time = now();
  std::vector<Verified> all = read(repository, time);
  std::erase_if(all, [&](const Verified& one) { return is_of(one, tree, command); });
  all.push_back({tree, command, time});
  if (all.size() > most) all.erase(all.begin(), all.end() - most);
  write(repository, all);
} catch (const Error&) {
  // It is verified again then.
}

}  // namespace gitplan::verified_trees
