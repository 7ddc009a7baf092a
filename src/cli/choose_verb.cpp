#include <fmt/format.h>

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/arguments.hpp"

namespace gitplan::cli {
namespace {

/// Where the verb stands: the first word that is no option, nor the value of a common one.
std::size_t verb_position(const std::vector<std::string>& words) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!words[i].starts_with('-')) return i;
    if (words[i] == "--plan") ++i;
  }
  return words.size();
}

const Verb* find(const Program& program, std::string_view name) {
  const auto found = std::find_if(program.verbs.begin(), program.verbs.end(),
                                  [&](const Verb& verb) { return verb.name == name; });
  return found == program.verbs.end() ? nullptr : &*found;
}

std::vector<std::string> names_of(const Program& program, std::string_view group) {
  std::vector<std::string> names;
  for (const Verb& verb : program.verbs) {
    if (verb.hidden) continue;
    if (group.empty() || verb.name.starts_with(fmt::format("{} ", group)))
      names.emplace_back(verb.name);
  }
  return names;
}

[[noreturn]] void refuse_verb(const Program& program, const std::string& word) {
  const auto names = names_of(program, "");
  std::string message =
      fmt::format("'{}' is no verb of git {}", text::printable(word), short_name(program));
  if (const auto near = text::did_you_mean(word, names))
    message += fmt::format("; did you mean '{}'?", *near);
  throw Error(ErrorKind::usage, message,
              Hint{fmt::format("to see all verbs, run: {}", help_command(program, nullptr))});
}

}  // namespace

Chosen choose_verb(const Program& program, const std::vector<std::string>& words) {
  Chosen chosen;
  chosen.rest = words;
  const std::size_t at = verb_position(words);
  if (at == words.size()) {
    const bool asks = std::any_of(words.begin(), words.end(), [](const std::string& word) {
      return word == "-h" || word == "--help" || word == "--version";
    });
    if (asks) return chosen;
    if (program.alone != nullptr) {
      chosen.verb = program.alone;
      return chosen;
    }
    throw Error(ErrorKind::usage, fmt::format("git {} needs a verb", short_name(program)),
                Hint{fmt::format("to see all verbs, run: {}", help_command(program, nullptr))});
  }
  const auto position = chosen.rest.begin() + static_cast<std::ptrdiff_t>(at);
  const auto group = names_of(program, words[at]);
  if (!group.empty()) {
    const std::string second = at + 1 < words.size() ? words[at + 1] : "";
    if (second == "-h" || second == "--help") return {nullptr, {second}};
    chosen.verb = find(program, fmt::format("{} {}", words[at], second));
    if (chosen.verb == nullptr)
      refuse_verb(program, words[at] + (second.empty() ? "" : " " + second));
    chosen.rest.erase(position, position + 2);
    return chosen;
  }
  chosen.verb = find(program, words[at]);
  if (chosen.verb == nullptr) refuse_verb(program, words[at]);
  chosen.rest.erase(position);
  return chosen;
}

std::string_view short_name(const Program& program) {
  return program.name.substr(std::string_view("git-").size());
}

std::string help_command(const Program& program, const Verb* verb) {
  if (verb == nullptr || verb->name.empty()) return fmt::format("git {} -h", short_name(program));
  return fmt::format("git {} {} -h", short_name(program), verb->name);
}

}  // namespace gitplan::cli
