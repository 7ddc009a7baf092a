#include "schedule/path_pattern.hpp"

#include <catch2/catch.hpp>

#include "base/text.hpp"
#include "schedule/overlap.hpp"
#include "unit/schedule/entries.hpp"

using namespace gitplan;
using namespace gitplan::schedule;
using namespace gitplan::schedule::tests;

namespace {

/// A name against a glob without brackets but "[ab]" and "[!a]", by plain recursion.
bool name_matches(std::string_view glob, std::string_view name) {
  if (glob.empty()) return name.empty();
  if (glob.front() == '*') {
    return name_matches(glob.substr(1), name) ||
           (!name.empty() && name_matches(glob, name.substr(1)));
  }
  if (name.empty()) return false;
  const char c = name.front();
  if (glob.starts_with("[ab]"))
    return (c == 'a' || c == 'b') && name_matches(glob.substr(4), name.substr(1));
  if (glob.starts_with("[!a]")) return c != 'a' && name_matches(glob.substr(4), name.substr(1));
  return (glob.front() == '?' || glob.front() == c) && name_matches(glob.substr(1), name.substr(1));
}

using Views = std::span<const std::string_view>;

/// A path against components of a glob; `below`: what lies below a match counts too.
bool path_matches(Views glob, Views path, bool below) {
  if (glob.empty()) return path.empty() || below;
  if (glob.front() == "**") {
    return path_matches(glob.subspan(1), path, below) ||
           (!path.empty() && path_matches(glob, path.subspan(1), below));
  }
  return !path.empty() && name_matches(glob.front(), path.front()) &&
         path_matches(glob.subspan(1), path.subspan(1), below);
}

bool entry_matches(std::string_view entry, Views path) {
  const bool folder = entry.ends_with('/');
  const bool only_brackets = entry.find_first_of("*?") == std::string_view::npos;
  const bool literal = only_brackets && entry.find('[') == std::string_view::npos;
  if (folder) entry.remove_suffix(1);
  const auto glob = text::split(entry, '/');
  // Without other wildcards, brackets may also be part of a name.
  const bool as_name = only_brackets && path.size() >= glob.size() &&
                       std::equal(glob.begin(), glob.end(), path.begin());
  return as_name || path_matches(glob, path, folder || literal);
}

/// All paths of up to `depth` components out of `names`.
std::vector<std::vector<std::string_view>> all_paths(const std::vector<std::string_view>& alphabet,
                                                     std::size_t depth) {
  std::vector<std::vector<std::string_view>> paths = {{}};
  for (std::size_t at = 0; at < paths.size(); ++at) {
    if (paths[at].size() == depth) break;
    for (const std::string_view name : alphabet) {
      std::vector<std::string_view> longer = paths[at];
      longer.push_back(name);
      paths.push_back(std::move(longer));
    }
  }
  paths.erase(paths.begin());
  return paths;
}

}  // namespace

TEST_CASE("globs over names intersect exactly if some name matches both") {
  const std::vector<std::string_view> letters = {"a", "b", "c"};
  Names all = {""};
  for (std::size_t at = 0; all[at].size() < 5; ++at) {
    for (const std::string_view letter : letters) all.push_back(all[at] + std::string(letter));
  }
  all.erase(all.begin());
  const Names tokens = {"a", "b", "c", "*", "?", "[ab]", "[!a]"};
  Random random(21);
  int shared = 0;
  for (int round = 0; round < 3000; ++round) {
    const auto make = [&] {
      std::string glob;
      for (std::size_t left = 1 + random.below(3); left > 0; --left)
        glob += tokens[random.below(tokens.size())];
      return glob == "**" ? std::string("*") : glob;
    };
    const std::string a = make();
    const std::string b = make();
    const bool expected = std::any_of(all.begin(), all.end(), [&](const std::string& name) {
      return name_matches(a, name) && name_matches(b, name);
    });
    INFO(a << " and " << b);
    REQUIRE(share_a_name(parse_name(a), parse_name(b)) == expected);
    shared += expected ? 1 : 0;
  }
  CHECK(shared > 500);
  CHECK(shared < 2500);
}

TEST_CASE("entries overlap exactly if some path matches both") {
  const Names components = {"a", "b", "ab", "*", "?", "[ab]", "a*", "*b", "?b", "**"};
  const auto paths = all_paths({"a", "b", "ab", "ba", "[ab]"}, 5);
  Random random(22);
  int shared = 0;
  for (int round = 0; round < 300; ++round) {
    const std::string a = random_entry(random, components, 3);
    const std::string b = random_entry(random, components, 3);
    const bool expected = std::any_of(paths.begin(), paths.end(), [&](const auto& path) {
      return entry_matches(a, path) && entry_matches(b, path);
    });
    INFO(a << " and " << b);
    REQUIRE(paths_overlap(a, b) == expected);
    REQUIRE(paths_overlap(b, a) == expected);
    shared += expected ? 1 : 0;
  }
  CHECK(shared > 75);
  CHECK(shared < 250);
}
