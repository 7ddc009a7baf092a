#include "git/identity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "base/clock.hpp"
#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/process.hpp"
#include "git/repository_state.hpp"

namespace gitplan::git {
namespace {

/// What git strips from both ends of names and addresses.
bool is_crud(char c) {
  return static_cast<unsigned char>(c) <= 32 ||
         std::string_view(".,:;<>\"\\'").find(c) != std::string_view::npos;
}

std::string without_crud(std::string_view text) {
  while (!text.empty() && is_crud(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_crud(text.back())) text.remove_suffix(1);
  std::string result;
  std::copy_if(text.begin(), text.end(), std::back_inserter(result),
               [](char c) { return c != '\n' && c != '<' && c != '>' && c != '\0'; });
  return result;
}

bool any_set(const std::array<const char*, 3>& variables) {
  return std::any_of(variables.begin(), variables.end(),
                     [](const char* name) { return std::getenv(name) != nullptr; });
}
bool author_in_environment() {
  return any_set({"GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE"});
}
bool committer_in_environment() {
  return any_set({"GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "GIT_COMMITTER_DATE"});
}

/// "1700000000 +0100"
std::string timestamp() {
  const Seconds time = now();
  const std::time_t clock = time;
  std::tm local{};
  localtime_r(&clock, &local);
  const long minutes = std::labs(local.tm_gmtoff) / 60;
  return fmt::format("{} {}{:02}{:02}", time, local.tm_gmtoff < 0 ? '-' : '+', minutes / 60,
                     minutes % 60);
}

/// user.name and user.email, where nothing else of git's could come before them.
std::optional<Person> configured_person(const Config& config) {
  for (const char* key : {"author.name", "author.email", "committer.name", "committer.email"}) {
    if (config.text(key)) return std::nullopt;
  }
  Person person{without_crud(config.text("user.name").value_or("")),
                without_crud(config.text("user.email").value_or(""))};
  if (person.name.empty() || person.email.empty()) return std::nullopt;
  return person;
}

std::string ask_git(const Repository& repository, const std::string& variable) {
  Command command;
  command.arguments = {git_dir_option(repository), "var", variable};
  const Outcome outcome = run_git(command);
  const std::string_view line = text::trim(outcome.output);
  if (outcome.ok() && !line.empty() && !text::has_control(line)) return std::string(line);
  const bool author = variable == "GIT_AUTHOR_IDENT";
  const std::string reason = first_error_line(outcome);
  throw Error(ErrorKind::fatal,
              {fmt::format("{} identity unknown{}{}", author ? "author" : "committer",
                           reason.empty() ? "" : ": ", reason)},
              {Hint{"to set your name, run: git config --global user.name '<name>'"},
               Hint{"to set your address, run: git config --global user.email '<email>'"}})
      .with_code("no_identity");
}

}  // namespace

Identities identities(const Repository& repository) {
  if (!author_in_environment() && !committer_in_environment()) {
    if (const auto person = configured_person(recent_config(repository))) {
      const std::string line = fmt::format("{} <{}> {}", person->name, person->email, timestamp());
      return {line, line};
    }
  }
  return {ask_git(repository, "GIT_AUTHOR_IDENT"), ask_git(repository, "GIT_COMMITTER_IDENT")};
}

std::optional<Person> known_committer(const Repository& repository) {
  auto person = configured_person(recent_config(repository));
  const char* name = std::getenv("GIT_COMMITTER_NAME");
  const char* email = std::getenv("GIT_COMMITTER_EMAIL");
  if (name == nullptr && email == nullptr) return person;
  Person from_environment = person.value_or(Person{});
  if (name != nullptr) from_environment.name = without_crud(name);
  if (email != nullptr) from_environment.email = without_crud(email);
  if (from_environment.name.empty() || from_environment.email.empty()) return std::nullopt;
  return from_environment;
}

std::string committer_name(const Repository& repository) {
  const std::string line = identities(repository).committer;
  return line.substr(0, line.rfind('>') + 1);
}

}  // namespace gitplan::git
