#include "git/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <cinttypes>
#include <limits>
#include <random>
#include <thread>
#include <vector>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config_values.hpp"
#include "git/lock.hpp"
#include "git/process.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

using std::chrono::milliseconds;
using Clock = std::chrono::steady_clock;

constexpr milliseconds kLockPatience{2000};

bool is_word(std::string_view value, std::initializer_list<std::string_view> words) {
  return std::ranges::any_of(words, [&](std::string_view word) {
    return std::ranges::equal(value, word, [](char a, char b) {
      return std::tolower(static_cast<unsigned char>(a)) == b;
    });
  });
}

// What the letter after a number multiplies it by; nothing for anything that is no such letter.
std::optional<std::int64_t> unit_factor(std::string_view unit) {
  if (unit.empty()) return 1;
  if (is_word(unit, {"k"})) return std::int64_t{1} << 10;
  if (is_word(unit, {"m"})) return std::int64_t{1} << 20;
  if (is_word(unit, {"g"})) return std::int64_t{1} << 30;
  return std::nullopt;
}

struct Number {
  std::int64_t value = 0;
  const char* problem = nullptr;  ///< "invalid unit", "out of range"
};

// git_parse_signed: strtoimax with C's prefixes (0x10, 010), then a unit.
Number parse_number(const std::string& value, std::int64_t limit) {
  errno = 0;
  char* end = nullptr;
  const std::intmax_t number = std::strtoimax(value.c_str(), &end, 0);
  if (errno == ERANGE) return {0, "out of range"};
  const std::optional<std::int64_t> factor = unit_factor(end);
  if (end == value.c_str() || !factor) return {0, "invalid unit"};
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number, *factor, &product) || product > limit || product < -limit) {
    return {0, "out of range"};
  }
  return {product, nullptr};
}

std::optional<bool> parse_boolean(const ConfigValue& value) {
  if (!value.text) return true;
  if (is_word(*value.text, {"true", "yes", "on"})) return true;
  if (is_word(*value.text, {"false", "no", "off", ""})) return false;
  const Number number = parse_number(*value.text, std::numeric_limits<std::int32_t>::max());
  if (number.problem != nullptr) return std::nullopt;
  return number.value != 0;
}

void pause(int attempt) {
  thread_local std::minstd_rand random(std::random_device{}());
  const int most = std::min(100, 5 << std::min(attempt, 5));
  std::this_thread::sleep_for(milliseconds(std::uniform_int_distribution(most / 2, most)(random)));
}

bool is_locked(const Outcome& outcome) {
  return outcome.errors.find("could not lock config file") != std::string::npos &&
         outcome.errors.find("File exists") != std::string::npos;
}

// Runs `git config --local <words>` until it gets the lock of the file.
Outcome change_config(const Repository& repository, std::vector<std::string> words) {
  const std::string lock_file = repository.common_dir() + "/config.lock";
  const LockNote note(repository, {lock_file});
  Command command;
  command.arguments = {"config", "--local"};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.environment = {{"GIT_DIR", repository.common_dir()}};
  const Clock::time_point deadline = Clock::now() + kLockPatience;
  for (int attempt = 0;; ++attempt) {
    Outcome outcome = run_git(command);
    if (!is_locked(outcome)) return outcome;
    if (Clock::now() >= deadline) {
      throw Error(ErrorKind::lost_race,
                  fmt::format("'{}' exists: another git program is changing the config", lock_file),
                  Hint{fmt::format("if no git program is running, run: rm -f {}",
                                   text::shell_quote(lock_file))});
    }
    pause(attempt);
  }
}

}  // namespace

struct Config::State {
  ConfigSource source;
  std::optional<ConfigValues> values;

  const ConfigValues& all() {
    if (!values) values = config_in_process(source);
    if (!values) values = config_from_git(source);
    return *values;
  }
  const ConfigValue* find(std::string_view key) {
    const auto found = all().find(normalized_key(key));
    return found == values->end() ? nullptr : &found->second;
  }
};

Config::Config(const Repository& repository) : state_(std::make_unique<State>()) {
  state_->source = {repository.git_dir(), repository.common_dir(), repository.handle()};
}
Config::Config(Config&&) noexcept = default;
Config::~Config() = default;

std::optional<std::string> Config::text(std::string_view key) const {
  const ConfigValue* value = state_->find(key);
  if (value == nullptr) return std::nullopt;
  return value->text.value_or("");
}

std::vector<std::string> Config::subsections(std::string_view section,
                                             std::string_view variable) const {
  std::vector<std::string> names;
  const std::string before = normalized_key(fmt::format("{}.", section));
  const std::string after = normalized_key(fmt::format(".{}", variable));
  for (const auto& [key, value] : state_->all()) {
    if (key.size() > before.size() + after.size() && key.starts_with(before) &&
        key.ends_with(after))
      names.push_back(key.substr(before.size(), key.size() - before.size() - after.size()));
  }
  std::ranges::sort(names);
  return names;
}

std::optional<bool> Config::boolean(std::string_view key) const {
  const ConfigValue* value = state_->find(key);
  if (value == nullptr) return std::nullopt;
  const std::optional<bool> result = parse_boolean(*value);
  if (result) return result;
  throw Error(ErrorKind::fatal, fmt::format("bad boolean config value '{}' for '{}'",
                                            text::printable(value->text.value_or("")), key));
}

std::optional<std::int64_t> Config::integer(std::string_view key) const {
  const ConfigValue* value = state_->find(key);
  if (value == nullptr) return std::nullopt;
  const std::string word = value->text.value_or("");
  const Number number = parse_number(word, std::numeric_limits<std::int64_t>::max());
  if (number.problem == nullptr) return number.value;
  throw Error(ErrorKind::fatal, fmt::format("bad numeric config value '{}' for '{}': {}",
                                            text::printable(word), key, number.problem));
}

std::vector<std::string> all_values(const Repository& repository, const std::string& key) {
  Command command;
  command.arguments = {"config", "-z", "--get-all", key};
  command.environment = {{"GIT_DIR", repository.git_dir()}};
  std::vector<std::string> values;
  const Outcome outcome = run_git(command);
  for (const std::string_view value : text::split(outcome.output, '\0')) values.emplace_back(value);
  if (!values.empty()) values.pop_back();  // behind the last NUL
  return values;
}

void set_config(const Repository& repository, const std::string& key, const std::string& value) {
  const Outcome outcome = change_config(repository, {"--replace-all", key, value});
  if (outcome.ok()) return;
  throw Error(ErrorKind::fatal, fmt::format("git config {}: {}", key, first_error_line(outcome)));
}

void unset_config(const Repository& repository, const std::string& key) {
  constexpr int kNotThere = 5;
  const Outcome outcome = change_config(repository, {"--unset-all", key});
  if (outcome.ok() || outcome.exit_status == kNotThere) return;
  throw Error(ErrorKind::fatal, fmt::format("git config {}: {}", key, first_error_line(outcome)));
}

}  // namespace gitplan::git
