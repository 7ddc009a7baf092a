#include "git/merge_attributes.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <optional>
#include <set>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

constexpr std::string_view kName = ".gitattributes";

struct Found {
  std::string path;
  Oid blob;
};

// A tree of our side beside the one of the same name of theirs.
struct Pair {
  std::string prefix;  ///< "lib/"
  Oid ours;
  std::optional<Oid> theirs;
};

// Names that git would never check out, but a hostile tree may hold.
bool is_plain_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name != ".git" &&
         name.find('/') == std::string_view::npos;
}

void look_into(const Repository& repository, const Pair& pair, std::vector<Found>& found,
               std::vector<Pair>& next) {
  std::map<std::string, Oid> theirs;
  if (pair.theirs) {
    for (TreeEntry& entry : list_tree(repository, *pair.theirs)) {
      if (entry.is_tree()) theirs.emplace(std::move(entry.name), entry.oid);
    }
  }
  for (const TreeEntry& entry : list_tree(repository, pair.ours)) {
    if (entry.name == kName && entry.is_regular_file()) {
      found.push_back({pair.prefix + entry.name, entry.oid});
    }
    if (!entry.is_tree() || !is_plain_name(entry.name)) continue;
    const auto other = theirs.find(entry.name);
    if (other != theirs.end() && other->second == entry.oid) continue;
    next.push_back({pair.prefix + entry.name + "/", entry.oid,
                    other == theirs.end() ? std::nullopt : std::optional(other->second)});
  }
}

std::vector<Found> find_in_process(const Repository& repository, const Oid& ours,
                                   const Oid& theirs) {
  std::vector<Found> found;
  std::vector<Pair> next{{"", tree_of(repository, ours), tree_of(repository, theirs)}};
  while (!next.empty()) {
    const Pair pair = std::move(next.back());
    next.pop_back();
    look_into(repository, pair, found, next);
  }
  return found;
}

// A partial clone may lack trees, which only git can fetch.
std::vector<Found> find_with_git(const Repository& repository, const Oid& ours) {
  Command command;
  command.arguments = {"ls-tree", "-r", "-z", "--full-tree", ours.hex()};
  command.environment = {{"GIT_DIR", repository.common_dir()}};
  const std::string list = run_git_checked(command);
  std::vector<Found> found;
  for (const std::string_view line : text::split(list, '\0')) {  // <mode> blob <id> TAB <path>
    const std::size_t tab = line.find('\t');
    if (tab == std::string_view::npos || !line.starts_with("100")) continue;
    const std::string_view path = line.substr(tab + 1);
    const std::optional<Oid> blob = Oid::parse(line.substr(line.rfind(' ', tab) + 1, 40));
    const std::string_view name = path.substr(path.rfind('/') + 1);
    if (blob && name == kName && std::ranges::all_of(text::split(path, '/'), is_plain_name)) {
      found.push_back({std::string(path), *blob});
    }
  }
  return found;
}

std::string content_of(const Repository& repository, const Found& file) {
  if (object_exists(repository, file.blob)) return read_blob(repository, file.blob, file.path);
  Command command;
  command.arguments = {"cat-file", "blob", file.blob.hex()};
  command.environment = {{"GIT_DIR", repository.common_dir()}};
  return run_git_checked(command);
}

std::string file_content(const std::string& path) {
  try {
    return read_regular_file(path);
  } catch (const Error&) {
    return "";
  }
}

// core.attributesFile, or where git looks without it.
std::string user_attributes(const Config& config) {
  const char* home_variable = std::getenv("HOME");
  const std::string home = home_variable != nullptr ? home_variable : "";
  if (const auto path = config.text("core.attributesFile")) {
    return path->starts_with("~/") ? home + path->substr(1) : *path;
  }
  const char* folder = std::getenv("XDG_CONFIG_HOME");
  const bool has_folder = folder != nullptr && *folder != '\0';
  return (has_folder ? std::string(folder) : home + "/.config") + "/git/attributes";
}

// Every value in "merge=<value>".
void add_values(std::string_view attributes, std::string_view attribute,
                std::set<std::string>& names) {
  const std::string begin = std::string(attribute) + "=";
  for (const std::string_view line : text::split(attributes, '\n')) {
    for (std::size_t at = line.find(begin); at != std::string_view::npos;
         at = line.find(begin, at + 1)) {
      const std::string_view rest = line.substr(at + begin.size());
      names.emplace(rest.substr(0, rest.find_first_of(" \t\r")));
    }
  }
}

}  // namespace

std::vector<AttributesFile> merge_attributes(const Repository& repository, const Oid& ours,
                                             const Oid& theirs) {
  std::vector<Found> found;
  try {
    found = find_in_process(repository, ours, theirs);
  } catch (const Error&) {
    found = find_with_git(repository, ours);
  }
  std::vector<AttributesFile> files;
  files.reserve(found.size());
  for (const Found& file : found) files.push_back({file.path, content_of(repository, file)});
  return files;
}

void write_attributes(const std::string& folder, const std::vector<AttributesFile>& files) {
  for (const AttributesFile& file : files) {
    const std::string path = join_path(folder, file.path);
    make_folders(path.substr(0, path.rfind('/')));
    write_file_atomically(path, file.content);
  }
}

std::set<std::string> attribute_values(const Repository& repository, const Config& config,
                                       const std::vector<AttributesFile>& files,
                                       std::string_view attribute) {
  std::set<std::string> values;
  for (const AttributesFile& file : files) add_values(file.content, attribute, values);
  add_values(file_content(repository.common_dir() + "/info/attributes"), attribute, values);
  add_values(file_content(user_attributes(config)), attribute, values);
  return values;
}

bool name_a_merge_driver(const Repository& repository, const std::vector<AttributesFile>& files) {
  const Config config(repository);
  std::set<std::string> names = attribute_values(repository, config, files, "merge");
  if (const auto standard = config.text("merge.default")) names.insert(*standard);
  return std::ranges::any_of(names, [&](const std::string& name) {
    return config.text("merge." + name + ".driver").has_value();
  });
}

}  // namespace gitplan::git
