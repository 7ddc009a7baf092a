// Config read in process is what git reads, for any file that git takes; so are its booleans and
// its numbers. What in-process reading leaves to git is git's own.
#include "git/config.hpp"

#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "git/config_values.hpp"
#include "git/repository.hpp"

namespace gitplan::fuzz {
namespace {

const Scratch& scratch() {
  static const Scratch made;
  return made;
}

const git::Repository& repository() {
  static const git::Repository opened = [] {
    scratch().make_repository("r");
    return git::Repository::open(scratch().path("r/.git"));
  }();
  return opened;
}

std::string shown(const git::ConfigValues& values, const git::ConfigValues& but) {
  std::string text;
  for (const auto& [key, value] : values) {
    const auto other = but.find(key);
    if (other != but.end() && other->second.text == value.text) continue;
    text += key + "=" + value.text.value_or("(alone)") + "\n";
  }
  return text;
}

void whole_files(const std::string& content) {
  const git::ConfigSource source{repository().git_dir(), repository().common_dir(),
                                 repository().handle()};
  scratch().write("r/.git/config", content);
  const auto ours = git::config_in_process(source);
  if (!ours) return;
  accepts([&] {
    const git::ConfigValues gits = git::config_from_git(source);
    const std::string only_ours = shown(*ours, gits);
    const std::string only_gits = shown(gits, *ours);
    require(only_ours.empty() && only_gits.empty(), "config is as git reads it",
            {content, only_ours, only_gits});
  });
}

// What `git config --type=<type>` says; nothing where it refuses.
std::optional<std::string> by_git(const std::string& type) {
  const git::Outcome outcome = scratch().git("r", {"config", "--type=" + type, "plan.x"});
  if (!outcome.ok()) return std::nullopt;
  return std::string(text::trim(outcome.output));
}

template <class Read>
std::optional<std::string> by_us(Read read) {
  std::optional<std::string> said;
  accepts([&] { said = read(git::Config(repository())); });
  return said;
}

// A file that cannot be read is no matter of types.
void values(const std::string& content) {
  scratch().write("r/.git/config", content);
  if (!scratch().git("r", {"config", "plan.x"}).ok()) return;
  const auto number =
      by_us([](const auto& config) { return std::to_string(config.integer("plan.x").value()); });
  require(number == by_git("int"), "a number is git's", {content, number.value_or("none")});
  const auto boolean = by_us([](const auto& config) {
    return std::string(config.boolean("plan.x").value() ? "true" : "false");
  });
  require(boolean == by_git("bool"), "a boolean is git's", {content, boolean.value_or("none")});
}

}  // namespace

void play(Input& input) {
  repository();
  const bool one_value = input.flag();
  const std::string content = input.rest();
  if (!one_value) return whole_files(content);
  if (content.find_first_of("\n\\\"#;") == std::string::npos)
    values("[plan]\n\tx = " + content + "\n");
}

}  // namespace gitplan::fuzz
