#include "cli/complete.hpp"

#include <algorithm>
#include <exception>
#include <memory>
#include <optional>
#include <set>

#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "session/workspace.hpp"

namespace gitplan::cli {
namespace {

using commands::Candidate;
using commands::Candidates;
using Words = std::vector<std::string>;

bool wants_value(const Option& option) {
  return option.takes != Takes::nothing && option.takes != Takes::optional_value;
}

std::vector<Option> options_of(const Verb* verb) {
  std::vector<Option> options;
  if (verb != nullptr) options = verb->options;
  for (const Option& option : common_options()) {
    // A verb's own goes before the common one of that name.
    const bool own = std::any_of(options.begin(), options.end(),
                                 [&](const Option& other) { return other.name == option.name; });
    if (!own) options.push_back(option);
  }
  return options;
}

/// The option that a word such as "--plan", "--plan=x" or "-j" names.
const Option* find_option(const std::vector<Option>& options, std::string_view word) {
  for (const Option& option : options) {
    if (word.starts_with("--") ? word.substr(2, word.find('=') - 2) == option.name
                               : word.size() == 2 && word[1] == option.letter) {
      return &option;
    }
  }
  return nullptr;
}

/// What the words before the current one say.
class Line {
 public:
  Line(const Program& program, const Words& words)
      : program_(&program), current_(words.empty() ? "" : words.back()) {
    for (std::size_t i = 0; i + 1 < words.size(); ++i) read(words[i]);
  }

  Candidates candidates() {
    if (pending_ != nullptr) return values(pending_->value, current_, pending_->takes, pending_);
    if (after_dashes_ && verb_ != nullptr && verb_->takes_command)
      return {{positional_ == 0 ? ":programs" : ":files", ""}};
    if (!after_dashes_ && current_.starts_with("--") && current_.find('=') != std::string::npos)
      return value_of_option();
    if (!after_dashes_ && current_.starts_with('-')) return option_names();
    if (verb_ == nullptr) return verb_names();
    return values(placeholder(), current_, Takes::value, nullptr);
  }

 private:
  void read(const std::string& word) {
    if (pending_ != nullptr) {
      if (pending_->name == "plan") plan_ = word;
      pending_ = nullptr;
    } else if (after_dashes_) {
      ++positional_;
    } else if (word == "--") {
      after_dashes_ = true;
    } else if (word.size() > 1 && word.front() == '-') {
      read_option(word);
    } else if (verb_ == nullptr) {
      read_verb(word);
    } else {
      ++positional_;
    }
  }

  void read_option(const std::string& word) {
    given_.insert(word.substr(0, word.find('=')));
    options_ = options_of(verb_);
    const Option* option = find_option(options_, word);
    if (option == nullptr) return;
    const auto equals = word.find('=');
    if (equals != std::string::npos) {
      if (option->name == "plan") plan_ = word.substr(equals + 1);
    } else if (wants_value(*option)) {
      pending_ = option;
    }
  }

  void read_verb(const std::string& word) {
    const std::string name = group_.empty() ? word : group_ + " " + word;
    for (const Verb& verb : program_->verbs) {
      if (verb.name == name) verb_ = &verb;
      if (group_.empty() && verb.name.starts_with(name + " ")) is_group_ = true;
    }
    if (verb_ == nullptr && is_group_) group_ = word;
    if (verb_ == nullptr && group_.empty()) unknown_ = true;
  }

  [[nodiscard]] Candidates verb_names() const {
    Candidates names;
    if (unknown_) return names;
    std::set<std::string_view> groups;
    for (const Verb& verb : program_->verbs) {
      if (verb.hidden) continue;
      const auto space = verb.name.find(' ');
      if (!group_.empty()) {
        if (verb.name.starts_with(group_ + " "))
          names.push_back(
              {std::string(verb.name.substr(group_.size() + 1)), std::string(verb.summary)});
      } else if (space == std::string_view::npos) {
        names.push_back({std::string(verb.name), std::string(verb.summary)});
      } else if (groups.insert(verb.name.substr(0, space)).second) {
        names.push_back(
            {std::string(verb.name.substr(0, space)), members(verb.name.substr(0, space))});
      }
    }
    return names;
  }

  /// "add, remove, list, prune"
  [[nodiscard]] std::string members(std::string_view group) const {
    std::vector<std::string> names;
    for (const Verb& verb : program_->verbs) {
      if (verb.name.starts_with(std::string(group) + " "))
        names.emplace_back(verb.name.substr(group.size() + 1));
    }
    return text::join(names, ", ");
  }

  [[nodiscard]] Candidates option_names() const {
    Candidates names;
    for (const Option& option : options_of(verb_)) {
      std::string name =
          option.name.empty() ? std::string("-") + option.letter : "--" + std::string(option.name);
      const bool once = option.takes != Takes::list && option.takes != Takes::id_list;
      if (once && given_.contains(name)) continue;
      if (wants_value(option) && !option.name.empty()) name += '=';
      names.push_back({std::move(name), std::string(option.help)});
    }
    return names;
  }

  [[nodiscard]] Candidates value_of_option() {
    options_ = options_of(verb_);
    const Option* option = find_option(options_, current_);
    if (option == nullptr) return {};
    const auto equals = current_.find('=');
    const std::string prefix = current_.substr(0, equals + 1);
    Candidates found = values(option->value, current_.substr(equals + 1), option->takes, option);
    for (Candidate& candidate : found) {
      if (!candidate.value.starts_with(':')) candidate.value.insert(0, prefix);
    }
    return found;
  }

  /// "<task>" of "<N> <task>...", for the argument that the current word is.
  [[nodiscard]] std::string placeholder() const {
    if (positional_ >= verb_->most_words) return "";
    std::vector<std::string> found;
    const std::string_view words = verb_->words;
    for (std::size_t at = words.find('<'); at != std::string_view::npos;
         at = words.find('<', at + 1)) {
      const auto end = words.find('>', at);
      if (end != std::string_view::npos) found.emplace_back(words.substr(at, end - at + 1));
    }
    if (found.empty()) return "";
    return found[std::min(positional_, found.size() - 1)];
  }

  /// What may stand for a placeholder such as "<branch>" or "<text|json>".
  Candidates values(std::string_view value, const std::string& word, Takes takes,
                    const Option* option) {
    if (value.size() < 2 || value.front() != '<') return {};
    const std::string_view kind = value.substr(1, value.size() - 2);
    if (takes == Takes::id_list) {
      if (const auto comma = word.rfind(','); comma != std::string::npos) {
        Candidates found = values(value, word.substr(comma + 1), Takes::value, option);
        for (Candidate& one : found) one.value.insert(0, word.substr(0, comma + 1));
        return found;
      }
    }
    if (kind.find('|') != std::string_view::npos) return choices(kind);
    if (kind == "status") return choices("pending|in_progress|completed|failed|cancelled");
    if (kind == "priority") return choices("critical|high|medium|low");
    if (kind == "when") return choices("always|never|auto");
    if (kind == "file" || kind == "path") return {{":files", ""}};
    if (kind == "folder") return {{":folders", ""}};
    return names(kind, word, option);
  }

  static Candidates choices(std::string_view words) {
    Candidates found;
    for (const std::string_view word : text::split(words, '|'))
      found.push_back({std::string(word), ""});
    return found;
  }

  /// What only the repository knows.
  Candidates names(std::string_view kind, const std::string& word, const Option* option) {
    if (kind == "agent") return commands::agent_candidates(workspace());
    if (kind == "plan") return commands::plan_candidates(workspace());
    if (kind == "branch" || kind == "start" || kind == "commit")
      return commands::branch_candidates(workspace());
    if (kind == "vA" || kind == "vB" || kind == "vN")
      return commands::version_candidates(workspace());
    if (kind == "N" && names_worker(option)) return commands::worker_candidates(workspace());
    const bool new_id = option != nullptr && option->name == "id";
    if (kind == "task" || (kind == "id" && !new_id))
      return commands::task_candidates(workspace(), word, which_tasks(option));
    return {};
  }

  [[nodiscard]] bool names_worker(const Option* option) const {
    return option != nullptr ? option->name == "worker" : verb_->name.starts_with("worker ");
  }

  /// What is finished can be looked at, started over, and waited for.
  [[nodiscard]] commands::Which which_tasks(const Option* option) const {
    static const std::set<std::string_view> on_unfinished = {"start",  "create",   "done",  "fail",
                                                             "cancel", "complete", "finish"};
    const std::string_view verb = option != nullptr ? option->name : verb_->name;
    return on_unfinished.contains(verb) ? commands::Which::unfinished : commands::Which::all;
  }

  Workspace& workspace() {
    if (!workspace_) {
      Settings settings;
      settings.plan = plan_;
      workspace_ = std::make_unique<Workspace>(settings, [](const Notice&) {});
    }
    return *workspace_;
  }

  const Program* program_;
  std::string current_;
  const Verb* verb_ = nullptr;
  std::string group_;
  bool is_group_ = false;
  bool unknown_ = false;
  std::vector<Option> options_;
  const Option* pending_ = nullptr;  ///< in options_: the current word is its value
  bool after_dashes_ = false;
  std::size_t positional_ = 0;
  std::optional<std::string> plan_;
  std::set<std::string, std::less<>> given_;
  std::unique_ptr<Workspace> workspace_;
};

}  // namespace

Candidates complete(const Program& program, const Words& words) {
  try {
    return Line(program, words).candidates();
  } catch (const std::exception&) {
    return {};  // somebody is typing: nothing to say
  }
}

int print_completions(const Program& program, const Words& words) {
  const std::string current = words.empty() ? "" : words.back();
  std::string lines;
  for (const Candidate& candidate : complete(program, words)) {
    const bool directive = candidate.value.starts_with(':');
    if (!directive && !candidate.value.starts_with(current)) continue;
    lines += candidate.value;
    if (!candidate.description.empty()) lines += "\t" + candidate.description;
    lines += '\n';
  }
  try {
    write_output(lines);
  } catch (const std::exception&) {
    return 0;
  }
  return 0;
}

}  // namespace gitplan::cli
