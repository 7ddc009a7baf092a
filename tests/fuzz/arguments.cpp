// Words of a command line, sorted by a table that has every kind of option: no word is lost, none
// is made up, and what stands behind "--" comes through as it is.
#include "cli/arguments.hpp"

#include <algorithm>
#include <array>

#include "fuzz/fuzz.hpp"

namespace gitplan::fuzz {
namespace {

using cli::Option;
using cli::Takes;
using cli::Verb;

const std::vector<Option>& options() {
  static const std::vector<Option> all = {
      {'f', "flag", Takes::nothing, "", "a flag"},
      {'m', "message", Takes::value, "<text>", "a value"},
      {'l', "list", Takes::list, "<item>", "values"},
      {0, "ids", Takes::id_list, "<ids>", "ids"},
      {'k', "kind", Takes::optional_value, "<kind>", "perhaps a value"},
      {'o', "", Takes::nothing, "", "a letter alone"},
      {0, "long-only", Takes::value, "<v>", "no letter"},
  };
  return all;
}

const std::array<Verb, 4>& verbs() {
  static const std::array<Verb, 4> all = {
      Verb{"none", "takes no words", "", 0, 0, options()},
      Verb{"two", "takes words", "<a> [<b>]", 1, 2, options()},
      Verb{"worker add", "a name of two words", "[<n>]", 0, 1, options()},
      Verb{"run", "runs a command", "[<n>] -- <command>", 0, 1, options(), nullptr, true},
  };
  return all;
}

bool is_part_of_some(const std::string& value, const std::vector<std::string>& words) {
  return std::ranges::any_of(
      words, [&](const std::string& word) { return word.find(value) != std::string::npos; });
}

// An option's value is a word, or a part of one: behind "=", a letter, or a comma.
void judge_values(const cli::Arguments& arguments, const std::vector<std::string>& words) {
  for (const auto& [name, values] : arguments.options) {
    for (const std::string& value : values) {
      require(is_part_of_some(value, words), "a value was given", {name, value});
    }
  }
  for (const std::string& word : arguments.words) {
    require(std::ranges::find(words, word) != words.end(), "a word was given", {word});
  }
}

void judge_command(const cli::Arguments& arguments, const std::vector<std::string>& words) {
  const auto dashes = std::ranges::find(words, "--");
  const bool has_command = arguments.verb->takes_command && !arguments.command.empty();
  require(arguments.command.empty() || has_command, "only a verb that takes one has a command");
  if (!has_command) return;
  require(dashes != words.end(), "a command stands behind --");
  require(arguments.command.size() <= words.size() &&
              std::equal(arguments.command.rbegin(), arguments.command.rend(), words.rbegin()),
          "a command is as it was given");
}

}  // namespace

void play(Input& input) {
  const cli::Program program{"git-plan", "for a test", verbs()};
  const std::vector<std::string> words = input.pieces();
  const bool ends_words =
      std::ranges::any_of(words, [](const auto& w) { return w.find('\0') != std::string::npos; });
  if (ends_words) return;  // no program gets such words
  accepts([&] {
    const cli::Chosen chosen = cli::choose_verb(program, words);
    require_printable(cli::help_command(program, chosen.verb));
    if (chosen.verb == nullptr) return;
    const cli::Arguments arguments = cli::parse_arguments(program, *chosen.verb, chosen.rest);
    judge_values(arguments, chosen.rest);
    judge_command(arguments, chosen.rest);
    const std::size_t count = arguments.words.size();
    require(arguments.has("help") ||
                (count >= chosen.verb->least_words && count <= chosen.verb->most_words),
            "as many words as the verb takes");
  });
}

}  // namespace gitplan::fuzz
