#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/text.hpp"
#include "cli/arguments.hpp"

namespace gitplan::cli {
namespace {

std::string form(const Option& option) {
  std::string text = option.letter != 0 ? fmt::format("-{}", option.letter) : "";
  if (!option.name.empty()) text += fmt::format("{}--{}", text.empty() ? "" : ", ", option.name);
  if (option.takes == Takes::optional_value) return fmt::format("{}[={}]", text, option.value);
  if (option.takes == Takes::nothing) return text;
  return fmt::format("{}{}{}", text, option.name.empty() ? " " : "=", option.value);
}

constexpr int help_column = 28;

/// From the help's column to the 80th, on as many lines as it takes.
std::string help_lines(std::string_view help) {
  constexpr int width = 80 - help_column;
  std::string lines;
  int used = 0;
  for (const std::string_view word : text::split(help, ' ')) {
    if (used > 0 && used + 1 + text::width(word) > width) {
      lines += fmt::format("\n{:{}}", "", help_column);
      used = 0;
    }
    if (used > 0) lines += ' ';
    lines += word;
    used += (used > 0 ? 1 : 0) + text::width(word);
  }
  return lines + "\n";
}

std::string option_lines(std::span<const Option> options) {
  std::string lines;
  for (const Option& option : options) {
    const std::string left = "    " + form(option);
    const bool is_wide = text::width(left) + 2 > help_column;
    lines += is_wide ? fmt::format("{}\n{:{}}", left, "", help_column)
                     : fmt::format("{:<{}}", left, help_column);
    lines += help_lines(option.help);
  }
  return lines;
}

}  // namespace

std::span<const Option> common_options() {
  static constexpr std::array options{
      Option{'h', "help", Takes::nothing, "", "show this"},
      Option{0, "version", Takes::nothing, "", "show the version"},
      Option{'q', "quiet", Takes::nothing, "", "no notes and hints on standard error"},
      Option{'v', "verbose", Takes::nothing, "", "say what was chosen, and what moved"},
      Option{0, "json", Takes::nothing, "", "one JSON object on standard output"},
      Option{0, "color", Takes::optional_value, "<when>", "always, never or auto"},
      Option{0, "plan", Takes::value, "<plan>", "a session, or plan/<session>"},
      Option{0, "fetch", Takes::nothing, "", "ask the remote that shares the plan first"},
      Option{0, "strict", Takes::nothing, "", "treat warnings as errors"},
      Option{0, "no-hooks", Takes::nothing, "", "run no wave-… hooks"},
  };
  return options;
}

std::string verb_lines(const Program& program) {
  std::size_t longest = 0;
  for (const Verb& one : program.verbs) longest = std::max(longest, one.name.size());
  std::string lines;
  for (const Verb& one : program.verbs) {
    if (!one.hidden) lines += fmt::format("    {:<{}}  {}\n", one.name, longest, one.summary);
  }
  return lines;
}

std::string usage(const Program& program, const Verb* verb) {
  const std::string_view name = short_name(program);
  if (verb != nullptr) {
    std::string text = fmt::format("usage: git {} {}{}{}{}\n\n{}\n\n", name, verb->name,
                                   verb->options.empty() ? "" : " [<option>...]",
                                   verb->words.empty() ? "" : " ", verb->words, verb->summary);
    if (!verb->options.empty()) text += option_lines(verb->options) + "\n";
    return text + option_lines(common_options());
  }
  return fmt::format("usage: git {} <verb> [<option>...]\n\n{}\n\n", name, program.summary) +
         verb_lines(program) +
         fmt::format("\n{}\nTo see one verb's options, run: git {} <verb> -h\n",
                     option_lines(common_options()), name);
}

}  // namespace gitplan::cli
