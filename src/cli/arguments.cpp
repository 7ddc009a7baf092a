#include "cli/arguments.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"

namespace gitplan::cli {
namespace {

/// CLI11 sees stand-ins ("\x01" and an index) in the place of values and words, so that an empty
/// value, one that starts with a dash, or a word after an option with an optional value are never
/// taken for something else.
class StandIns {
 public:
  std::string hide(std::string value) {
    values_.push_back(std::move(value));
    return fmt::format("\x01{}", values_.size() - 1);
  }
  [[nodiscard]] std::string reveal(const std::string& stand_in) const {
    if (!stand_in.starts_with('\x01')) return stand_in;
    return values_.at(std::stoul(stand_in.substr(1)));
  }
  [[nodiscard]] std::vector<std::string> reveal(const std::vector<std::string>& stand_ins) const {
    std::vector<std::string> revealed;
    for (const auto& one : stand_ins) revealed.push_back(reveal(one));
    return revealed;
  }

 private:
  std::vector<std::string> values_;
};

[[noreturn]] void refuse(const Program& program, const Verb* verb, std::string message) {
  throw Error(ErrorKind::usage, std::move(message),
              Hint{fmt::format("to see how it is used, run: {}", help_command(program, verb))});
}

std::vector<Option> options_of(const Verb& verb) {
  std::vector<Option> options = verb.options;
  for (const Option& option : common_options()) {  // a verb may have its own of that name
    const bool own = std::ranges::any_of(verb.options, [&](const Option& one) {
      return !one.name.empty() && one.name == option.name;
    });
    if (!own) options.push_back(option);
  }
  return options;
}

std::string key_of(const Option& option) {
  return option.name.empty() ? std::string(1, option.letter) : std::string(option.name);
}

const Option* find_long(const std::vector<Option>& options, std::string_view name) {
  for (const Option& option : options) {
    if (!name.empty() && option.name == name) return &option;
  }
  return nullptr;
}

const Option* find_letter(const std::vector<Option>& options, char letter) {
  for (const Option& option : options) {
    if (option.letter == letter) return &option;
  }
  return nullptr;
}

/// The option that -<N> stands for.
const Option* find_number(const std::vector<Option>& options, std::string_view word) {
  const bool is_number = word.find_first_not_of("0123456789", 1) == std::string_view::npos;
  const auto found = std::ranges::find(options, Takes::number, &Option::takes);
  return is_number && found != options.end() ? &*found : nullptr;
}

bool wants_value(const Option& option) {
  return option.takes != Takes::nothing && option.takes != Takes::optional_value;
}

[[noreturn]] void refuse_unknown(const Program& program, const Verb& verb,
                                 const std::vector<Option>& options, const std::string& word) {
  std::vector<std::string> names;
  for (const Option& option : options) {
    if (!option.name.empty()) names.push_back("--" + std::string(option.name));
  }
  std::string message = fmt::format("unknown option '{}'", text::printable(word));
  if (const auto near = text::did_you_mean(word, names))
    message += fmt::format("; did you mean '{}'?", *near);
  refuse(program, &verb, message);
}

/// Turns the words into what CLI11 cannot misread.
class Normalizer {
 public:
  Normalizer(const Program& program, const Verb& verb, const std::vector<Option>& options)
      : program_(&program), verb_(&verb), options_(&options) {}

  std::vector<std::string> run(const std::vector<std::string>& words) {
    std::size_t i = 0;
    for (; i < words.size() && words[i] != "--"; ++i) {
      const bool has_next = i + 1 < words.size();
      const bool took_next = take_word(words[i], has_next ? &words[i + 1] : nullptr);
      if (took_next) ++i;
    }
    for (++i; i < words.size(); ++i) {
      if (verb_->takes_command) {
        command.push_back(words[i]);
      } else {
        normal_.push_back(stand_ins.hide(words[i]));
      }
    }
    return std::move(normal_);
  }

  StandIns stand_ins;
  std::vector<std::string> command;

 private:
  bool take_word(const std::string& word, const std::string* next) {
    if (word.starts_with("--")) return take_long(word, next);
    if (word.size() > 1 && word.front() == '-') return take_letters(word, next);
    normal_.push_back(stand_ins.hide(word));
    return false;
  }

  bool take_long(const std::string& word, const std::string* next) {
    if (word == "--no-color") return push("--color", "never"), false;  // as git's commands take it
    const auto equals = word.find('=');
    const std::string name = word.substr(2, equals == std::string::npos ? equals : equals - 2);
    const Option* option = find_long(*options_, name);
    if (option == nullptr) refuse_unknown(*program_, *verb_, *options_, word.substr(0, equals));
    if (equals != std::string::npos) {
      if (option->takes == Takes::nothing)
        refuse(*program_, verb_, fmt::format("option '--{}' takes no value", name));
      return push("--" + name, word.substr(equals + 1)), false;
    }
    return take_next(*option, "--" + name, next);
  }

  bool take_letters(const std::string& word, const std::string* next) {
    if (const Option* number = find_number(*options_, word))
      return push(fmt::format("-{}", number->letter), word.substr(1)), false;
    for (std::size_t i = 1; i < word.size(); ++i) {
      const Option* option = find_letter(*options_, word[i]);
      const std::string name = fmt::format("-{}", word[i]);
      if (option == nullptr) refuse_unknown(*program_, *verb_, *options_, name);
      if (wants_value(*option) && i + 1 < word.size()) return push(name, word.substr(i + 1)), false;
      if (i + 1 == word.size()) return take_next(*option, name, next);
      normal_.push_back(name);
    }
    return false;
  }

  bool take_next(const Option& option, const std::string& name, const std::string* next) {
    if (option.takes == Takes::optional_value) return push(name, ""), false;
    if (!wants_value(option)) return normal_.push_back(name), false;
    if (next == nullptr) refuse(*program_, verb_, fmt::format("option '{}' needs a value", name));
    return push(name, *next), true;
  }

  void push(const std::string& name, std::string value) {
    normal_.push_back(name);
    normal_.push_back(stand_ins.hide(std::move(value)));
  }

  const Program* program_;
  const Verb* verb_;
  const std::vector<Option>* options_;
  std::vector<std::string> normal_;
};

std::string cli11_names(const Option& option) {
  std::string names;
  if (option.letter != 0) names = fmt::format("-{}", option.letter);
  if (!option.name.empty()) names += fmt::format("{}--{}", names.empty() ? "" : ",", option.name);
  return names;
}

void check_words(const Program& program, const Verb& verb, const Arguments& arguments) {
  const auto count = arguments.words.size();
  if (count < verb.least_words) {
    refuse(program, &verb,
           fmt::format("'git {} {}' needs {}", short_name(program), verb.name, verb.words));
  }
  if (count > verb.most_words) {
    refuse(program, &verb,
           fmt::format("'{}' is one word too many",
                       text::printable(arguments.words[verb.most_words])));
  }
}

/// Nothing where a value names none: it is likely a variable that nobody set.
std::optional<std::vector<std::string>> split_ids(const std::vector<std::string>& values) {
  std::vector<std::string> ids;
  for (const auto& value : values) {
    const std::size_t before = ids.size();
    for (const std::string_view piece : text::split(value, ',')) {
      if (!text::trim(piece).empty()) ids.emplace_back(text::trim(piece));
    }
    if (ids.size() == before) return std::nullopt;
  }
  return ids;
}

}  // namespace

bool Arguments::has(std::string_view option) const { return options.find(option) != options.end(); }

std::optional<std::string> Arguments::value(std::string_view option) const {
  const auto found = options.find(option);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

std::vector<std::string> Arguments::list(std::string_view option) const {
  const auto found = options.find(option);
  return found == options.end() ? std::vector<std::string>{} : found->second;
}

std::optional<std::string> Arguments::word(std::size_t index) const {
  return index < words.size() ? std::optional(words[index]) : std::nullopt;
}

Arguments parse_arguments(const Program& program, const Verb& verb,
                          const std::vector<std::string>& words) {
  const std::vector<Option> options = options_of(verb);
  Normalizer normalizer(program, verb, options);
  std::vector<std::string> normal = normalizer.run(words);

  CLI::App app;
  app.set_help_flag();
  std::map<std::string, std::vector<std::string>> values;
  std::map<std::string, std::size_t> flags;
  for (const Option& option : options) {
    const std::string key = key_of(option);
    if (option.takes == Takes::nothing) {
      app.add_flag_function(cli11_names(option), [&flags, key](std::int64_t) { ++flags[key]; });
    } else {
      // Each takes one value: CLI11 would give an option with a list every word that follows.
      app.add_option(cli11_names(option), values[key])
          ->expected(1)
          ->allow_extra_args(false)
          ->take_all();
    }
  }
  std::vector<std::string> positionals;
  app.add_option("words", positionals);
  try {
    std::reverse(normal.begin(), normal.end());  // CLI11 takes a vector from its end
    app.parse(std::move(normal));
  } catch (const CLI::ParseError& error) {
    refuse(program, &verb, text::printable(error.what()));
  }

  Arguments arguments;
  arguments.verb = &verb;
  for (const auto& [key, count] : flags) arguments.options[key] = {""};
  for (const Option& option : options) {
    const auto& given = values[key_of(option)];
    if (given.empty()) continue;
    auto revealed = normalizer.stand_ins.reveal(given);
    if (option.takes == Takes::id_list) {
      auto ids = split_ids(revealed);
      if (!ids) refuse(program, &verb, fmt::format("option '--{}' is given nothing", option.name));
      revealed = *std::move(ids);
    }
    arguments.options[key_of(option)] = std::move(revealed);
  }
  arguments.words = normalizer.stand_ins.reveal(positionals);
  arguments.command = std::move(normalizer.command);
  if (!arguments.has("help") && !arguments.has("version")) check_words(program, verb, arguments);
  return arguments;
}

}  // namespace gitplan::cli
