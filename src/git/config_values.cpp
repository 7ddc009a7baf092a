#include "git/config_values.hpp"

#include <fmt/format.h>
#include <git2.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <climits>
#include <cstdlib>
#include <memory>
#include <vector>

#include "base/fd.hpp"
#include "base/regular_file.hpp"
#include "base/text.hpp"
#include "git/process.hpp"

namespace gitplan::git {
namespace {

struct FreeConfig {
  void operator()(git_config* config) const { git_config_free(config); }
};
using OwnedConfig = std::unique_ptr<git_config, FreeConfig>;

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return result;
}

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr ? value : "";
}

bool has_variable(const char* name) { return std::getenv(name) != nullptr; }

constexpr const char* kSystemFile = "/etc/gitconfig";

// Where git is installed: PATH starts with "<prefix>/lib/git-core" when git itself has started us.
std::string git_prefix() {
  std::string program = git_program();
  for (const std::string_view folder : {"/bin/", "/lib/git-core/", "/libexec/git-core/"}) {
    const std::size_t end = program.rfind(folder);
    if (end != std::string::npos) return program.substr(0, end);
  }
  return program;
}

// A git built for another prefix has its system-wide file elsewhere, and does not read this one.
bool knows_system_file() {
  const std::string prefix = git_prefix();
  if (prefix.empty() || prefix == "/usr") return true;
  return !exists(kSystemFile) && !exists(prefix + kSystemFile);
}

// Git compares includeIf's "~/" with the folder behind links, libgit2 with $HOME as it is written.
bool home_is_real(const std::string& home) {
  std::array<char, PATH_MAX> real{};
  return realpath(home.c_str(), real.data()) != nullptr && home == real.data();
}

using ConfigFile = std::pair<std::string, git_config_level_t>;

// The system-wide file; "" for none. Nothing where only git can tell.
std::optional<std::string> system_file() {
  const std::string without = variable("GIT_CONFIG_NOSYSTEM");
  if (without == "1" || without == "true") return "";
  if (!without.empty() && without != "0" && without != "false") return std::nullopt;
  if (has_variable("GIT_CONFIG_SYSTEM")) return variable("GIT_CONFIG_SYSTEM");
  return knows_system_file() ? std::optional<std::string>(kSystemFile) : std::nullopt;
}

// In ascending order of precedence.
std::optional<std::vector<ConfigFile>> config_files(const ConfigSource& source) {
  const auto system = system_file();
  const std::string home = variable("HOME");
  if (!system || home.empty()) return std::nullopt;
  std::vector<ConfigFile> files = {{*system, GIT_CONFIG_LEVEL_SYSTEM}};
  if (has_variable("GIT_CONFIG_GLOBAL")) {
    files.emplace_back(variable("GIT_CONFIG_GLOBAL"), GIT_CONFIG_LEVEL_GLOBAL);
  } else {
    std::string user_folder = variable("XDG_CONFIG_HOME");
    if (user_folder.empty()) user_folder = home + "/.config";
    files.emplace_back(user_folder + "/git/config", GIT_CONFIG_LEVEL_XDG);
    files.emplace_back(home + "/.gitconfig", GIT_CONFIG_LEVEL_GLOBAL);
  }
  files.emplace_back(source.common_dir + "/config", GIT_CONFIG_LEVEL_LOCAL);
  std::erase_if(files, [](const ConfigFile& file) {
    return file.first.empty() || file.first == "/dev/null";
  });
  return files;
}

// A zero byte is the end of a file for libgit2, vertical tabs and form feeds are white space; for
// git they are bytes of a value.
bool holds_odd_byte(const std::string& path) {
  constexpr std::string_view odd("\0\v\f", 3);
  return is_regular_file(path) && read_regular_file(path).find_first_of(odd) != std::string::npos;
}

bool add_files(git_config* config, const ConfigSource& source) {
  const auto files = config_files(source);
  return files && std::ranges::all_of(*files, [&](const ConfigFile& file) {
           return !holds_odd_byte(file.first) &&
                  git_config_add_file_ondisk(config, file.first.c_str(), file.second, source.handle,
                                             0) == 0;
         });
}

// A key that git takes as it stands, and that names no other file.
bool is_plain_key(std::string_view key) {
  const std::size_t dot = key.find('.');
  return dot != std::string_view::npos && dot > 0 && dot + 1 < key.size() &&
         key.find_last_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.") ==
             std::string_view::npos &&
         key.find('.', dot + 1) == std::string_view::npos && !lower(key).starts_with("include");
}

// GIT_CONFIG_COUNT's keys and values. False where they are for git to judge.
bool add_counted(ConfigValues& values) {
  const std::string count = variable("GIT_CONFIG_COUNT");
  if (count.empty()) return true;
  if (count.size() > 3 || count.find_first_not_of("0123456789") != std::string::npos) return false;
  for (int i = 0; i < std::stoi(count); ++i) {
    const char* key = std::getenv(fmt::format("GIT_CONFIG_KEY_{}", i).c_str());
    const char* value = std::getenv(fmt::format("GIT_CONFIG_VALUE_{}", i).c_str());
    if (key == nullptr || value == nullptr || !is_plain_key(key)) return false;
    values[normalized_key(key)] = ConfigValue{value};
  }
  return true;
}

int collect(const git_config_entry* entry, void* payload) {
  auto& values = *static_cast<ConfigValues*>(payload);
  const char* text = entry->value;
  values[normalized_key(entry->name)] =
      ConfigValue{text != nullptr ? std::optional<std::string>(text) : std::nullopt};
  return 0;
}

// What libgit2 reads past: a worktree's own file, and includes that depend on remotes.
bool has_more_for_git(const ConfigValues& values, bool real_home) {
  return std::ranges::any_of(values, [&](const auto& each) {
    const std::string& key = each.first;
    if (key == "extensions.worktreeconfig") return true;
    if (!key.starts_with("includeif.")) return false;
    const bool understood =
        key.starts_with("includeif.gitdir") || key.starts_with("includeif.onbranch:");
    return !understood || !real_home;
  });
}

}  // namespace

std::string normalized_key(std::string_view key) {
  const std::size_t first = key.find('.');
  const std::size_t last = key.rfind('.');
  if (first == last) return lower(key);
  return fmt::format("{}{}{}", lower(key.substr(0, first)), key.substr(first, last - first),
                     lower(key.substr(last)));
}

std::optional<ConfigValues> config_in_process(const ConfigSource& source) {
  if (has_variable("GIT_CONFIG_PARAMETERS")) return std::nullopt;
  git_config* raw = nullptr;
  if (git_config_new(&raw) != 0) return std::nullopt;
  const OwnedConfig config(raw);
  ConfigValues values;
  if (!add_files(raw, source)) return std::nullopt;
  if (git_config_foreach(raw, collect, &values) != 0 || !add_counted(values)) return std::nullopt;
  if (has_more_for_git(values, home_is_real(variable("HOME")))) return std::nullopt;
  return values;
}

ConfigValues config_from_git(const ConfigSource& source) {
  Command command;
  command.arguments = {"config", "--list", "-z"};
  command.environment = {{"GIT_DIR", source.git_dir}};
  const std::string list = run_git_checked(command);
  ConfigValues values;
  for (const std::string_view entry : text::split(list, '\0')) {
    const std::size_t newline = entry.find('\n');
    if (entry.empty()) continue;
    values[std::string(entry.substr(0, newline))] =
        newline == std::string_view::npos ? ConfigValue{}
                                          : ConfigValue{std::string(entry.substr(newline + 1))};
  }
  return values;
}

}  // namespace gitplan::git
