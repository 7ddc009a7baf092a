#include "git/required_filters.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/complaint.hpp"
#include "git/config.hpp"
#include "git/config_values.hpp"
#include "git/merge_attributes.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository_state.hpp"
#include "git/temporary_folder.hpp"

namespace gitplan::git {
namespace {

using Names = std::set<std::string>;

Names required_filters(const Repository& repository, const Config& config) {
  const ConfigSource source{repository.git_dir(), repository.common_dir(), repository.handle()};
  auto values = config_in_process(source);
  if (!values) values = config_from_git(source);
  constexpr std::string_view begin = "filter.";
  constexpr std::string_view end = ".required";
  Names names;
  for (const auto& [key, value] : *values) {
    if (key.size() <= begin.size() + end.size() || !key.starts_with(begin) || !key.ends_with(end))
      continue;
    if (config.boolean(key).value_or(false))
      names.insert(key.substr(begin.size(), key.size() - begin.size() - end.size()));
  }
  return names;
}

struct File {
  std::string path;
  TreeEntry entry;
};

/// The regular files that only `after` has just so.
void add_changed(const Repository& repository, const std::optional<Oid>& before, const Oid& after,
                 const std::string& folder, std::vector<File>& files) {
  std::map<std::string, TreeEntry> known;
  if (before) {
    for (TreeEntry& entry : list_tree(repository, *before)) known.emplace(entry.name, entry);
  }
  for (TreeEntry& entry : list_tree(repository, after)) {
    const auto old = known.find(entry.name);
    const bool is_there = old != known.end();
    if (is_there && old->second.oid == entry.oid && old->second.mode == entry.mode) continue;
    std::string path = folder + entry.name;
    if (entry.is_tree()) {
      const bool was_tree = is_there && old->second.is_tree();
      add_changed(repository, was_tree ? std::optional(old->second.oid) : std::nullopt, entry.oid,
                  path + "/", files);
    } else if (entry.is_regular_file()) {
      files.push_back({std::move(path), std::move(entry)});
    }
  }
}

/// A work tree with nothing but attributes in it, and an index of its own.
class Place {
 public:
  Place(const Repository& repository, const std::vector<AttributesFile>& attributes)
      : repository_(&repository), folder_(repository) {
    make_folders(tree());
    write_attributes(tree(), attributes);
  }

  [[nodiscard]] Outcome run(std::vector<std::string> arguments, std::string_view input = "") const {
    Command command;
    command.arguments = {"-c", "core.hooksPath=/dev/null"};
    command.arguments.insert(command.arguments.end(), arguments.begin(), arguments.end());
    command.environment = {{"GIT_DIR", repository_->common_dir()},
                           {"GIT_WORK_TREE", tree()},
                           {"GIT_INDEX_FILE", folder_.path() + "/index"}};
    command.folder = tree();
    command.input = input;
    return run_git(command);
  }

 private:
  [[nodiscard]] std::string tree() const { return folder_.path() + "/tree"; }

  const Repository* repository_;
  TemporaryFolder folder_;
};

/// Those of the files that have one of the filters.
std::vector<File> filtered(const Place& place, const std::vector<File>& files,
                           const Names& filters) {
  std::string paths;
  for (const File& file : files) paths += file.path + '\0';
  const Outcome outcome = place.run({"check-attr", "--stdin", "-z", "filter"}, paths);
  const auto fields = text::split(outcome.output, '\0');  // <path> "filter" <value>, for each
  std::vector<File> found;
  for (std::size_t i = 0; i < files.size() && 3 * i + 2 < fields.size(); ++i) {
    if (filters.contains(std::string(fields[3 * i + 2]))) found.push_back(files[i]);
  }
  return found;
}

Outcome check_out(const Place& place, const std::vector<File>& files) {
  std::string entries;
  for (const File& file : files)
    entries +=
        fmt::format("{:06o} {}\t{}", file.entry.mode, file.entry.oid.hex(), file.path) + '\0';
  const Outcome outcome = place.run({"update-index", "-z", "--index-info"}, entries);
  return outcome.ok() ? place.run({"checkout-index", "--all", "--force", "--quiet"}) : outcome;
}

}  // namespace

std::vector<std::string> filter_problems(const Repository& repository, const Oid& before,
                                         const Oid& after) {
  const Config config(repository);
  const Names required = required_filters(repository, config);
  if (required.empty()) return {};
  const auto attributes = merge_attributes(repository, after, before);
  const Names named = attribute_values(repository, config, attributes, "filter");
  if (std::ranges::none_of(named, [&](const auto& name) { return required.contains(name); }))
    return {};
  std::vector<File> files;
  add_changed(repository, tree_of(repository, before), tree_of(repository, after), "", files);
  const Place place(repository, attributes);
  files = filtered(place, files, required);
  if (files.empty()) return {};
  const Outcome outcome = check_out(place, files);
  if (outcome.ok()) return {};
  auto lines = error_lines(outcome);
  if (lines.empty()) lines.push_back(fmt::format("exit status {}", outcome.exit_status));
  return lines;
}

}  // namespace gitplan::git
