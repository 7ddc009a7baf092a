// What a verb is to the shell: its words, and the function that they call. One .cpp a verb, one
// table row.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace gitplan::cli {

class Invocation;

enum class Takes {
  nothing,         ///< a flag
  value,           ///< the last one counts
  number,          ///< the same; -<N> stands for it as well, as in git log -3
  list,            ///< may be given again; each is one value
  id_list,         ///< as list, each also split at commas
  optional_value,  ///< only with '=': --color, --color=always
};

struct Option {
  char letter = 0;        ///< 'j' of -j; 0: none
  std::string_view name;  ///< "jobs" of --jobs; empty: none
  Takes takes = Takes::nothing;
  std::string_view value;  ///< "<N>": how usage shows the value
  std::string_view help;
};

struct Verb {
  std::string_view name;     ///< "create", or two words: "worker add"
  std::string_view summary;  ///< one line
  std::string_view words;    ///< "[<session>]": how usage shows the arguments that are no options
  std::size_t least_words = 0;
  std::size_t most_words = 0;
  std::vector<Option> options;
  int (*run)(Invocation&) = nullptr;  ///< returns the exit status
  bool takes_command = false;         ///< everything after -- is a command of its own
  bool hidden = false;                ///< for our own processes: not shown, not completed
};

/// One of the three programs.
struct Program {
  std::string_view name;  ///< "git-plan"
  std::string_view summary;
  std::span<const Verb> verbs;
  const Verb* alone = nullptr;  ///< what runs where no verb is named; null: that is refused
};

/// What every verb takes besides.
std::span<const Option> common_options();

/// "plan": the word after "git".
std::string_view short_name(const Program& program);

}  // namespace gitplan::cli
