// One run of a verb: its arguments, the workspace it works on, and the two ways out: an answer on
// standard output, notices on standard error.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/style.hpp"
#include "commands/plan/create.hpp"
#include "session/json.hpp"
#include "session/workspace.hpp"

namespace gitplan::cli {

enum class Format { text, json };

class Invocation {
 public:
  Invocation(const Program& program, const Arguments& arguments);

  [[nodiscard]] const Arguments& arguments() const { return *arguments_; }
  [[nodiscard]] Format format() const { return format_; }
  [[nodiscard]] bool verbose() const { return arguments_->has("verbose"); }
  /// What the options ask of every command alike, and where it says things.
  [[nodiscard]] Settings settings() const;
  [[nodiscard]] Notices notices();
  /// Opens the repository when first asked.
  Workspace& workspace();
  /// How to colour and how wide standard output is. Reads config when first asked, if there is a
  /// repository that can be read.
  const Style& style();
  /// Whether what goes to this descriptor is coloured.
  [[nodiscard]] bool colored(int fd);

  /// Prints the answer in the format asked for, then what was said meanwhile. Returns `exit_status`
  /// (0 or 1).
  int answer(const std::function<std::string(const Style&)>& text,
             const std::function<Json()>& json, int exit_status = 0);
  void hint(const std::string& text);
  /// About a plan that was just made: it is the current one, but where another is named it is
  /// named, too.
  void hint_about_new(const std::string& session, const std::string& text);
  /// Keeps a value until the process ends: to free a plan of thousands of pieces just before that
  /// takes longer than many a verb.
  template <class Value>
  static const Value& keep(std::unique_ptr<Value> value) {
    return *value.release();
  }

  /// The document of `-F <file>` or `--add=<file>`; "-" is standard input. Throws Error(fatal).
  static commands::Document read_document(const std::string& path);
  /// A whole number of at least `least`, from an option. Throws Error(usage).
  [[nodiscard]] std::optional<int> number(std::string_view option, int least) const;

  /// What was said and not printed yet, for an error object.
  [[nodiscard]] const std::vector<Notice>& pending() const { return pending_; }
  /// Prints an error as the format wants it.
  void complain(const Error& error);

 private:
  /// A hint about a plan that was named for this command alone names it, too.
  [[nodiscard]] std::string with_plan(const std::string& hint) const;
  /// An error about what was given to read has one always.
  [[nodiscard]] std::vector<Hint> hints_of(const Error& error) const;
  void notice(const Notice& notice);
  void print(const Notice& notice);
  void flush_notices();

  const Program* program_;
  const Arguments* arguments_;
  Format format_;
  std::unique_ptr<Workspace> workspace_;
  std::optional<Style> style_;
  bool has_fetched_ = false;     ///< what --fetch asks for
  std::vector<Notice> pending_;  ///< in JSON runs: printed after the answer
};

/// Writes all of it to standard output. Throws Error(fatal) if that fails; dies of SIGPIPE as git
/// does.
void write_output(std::string_view text);

/// `main`: runs the verb that the words name, and turns every failure into a message and an exit
/// status.
int run_main(const Program& program, int argc, char** argv);

}  // namespace gitplan::cli
