// The words of a command line, sorted: which verb, which options, which arguments.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cli/verb.hpp"

namespace gitplan::cli {

class Arguments {
 public:
  /// By option name (or letter, where it has no name). A flag that was given has one empty value.
  std::map<std::string, std::vector<std::string>, std::less<>> options;
  std::vector<std::string> words;    ///< what is no option
  std::vector<std::string> command;  ///< what stood after -- of a verb that takes a command
  const Verb* verb = nullptr;        ///< that takes them

  [[nodiscard]] bool has(std::string_view option) const;
  /// The last value given.
  [[nodiscard]] std::optional<std::string> value(std::string_view option) const;
  /// All values, in order; ids already split at commas.
  [[nodiscard]] std::vector<std::string> list(std::string_view option) const;
  [[nodiscard]] std::optional<std::string> word(std::size_t index) const;
};

/// The verb that the words name: common options may stand before it. Throws Error(usage), with "did
/// you mean".
struct Chosen {
  const Verb* verb = nullptr;     ///< null: only -h or --version was given
  std::vector<std::string> rest;  ///< the words without the verb's own
};
Chosen choose_verb(const Program& program, const std::vector<std::string>& words);

/// Throws Error(usage): unknown option, value missing or not wanted, too few or too many words.
Arguments parse_arguments(const Program& program, const Verb& verb,
                          const std::vector<std::string>& words);

/// The text of -h.
std::string usage(const Program& program, const Verb* verb);
/// A line a verb.
std::string verb_lines(const Program& program);
/// "git plan create -h", for hints.
std::string help_command(const Program& program, const Verb* verb);

}  // namespace gitplan::cli
