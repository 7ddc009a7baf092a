#include "cli/invocation.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "cli/streams.hpp"
#include "session/fetching.hpp"
#include "session/plan_hint.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

bool color_by_default(int fd) {
  const char* no_color = std::getenv("NO_COLOR");
  if (no_color != nullptr && *no_color != '\0') return false;
  const char* terminal = std::getenv("TERM");
  if (terminal == nullptr || std::strcmp(terminal, "dumb") == 0) return false;
  return ::isatty(fd) != 0;
}

/// --color, --color=<when>.
bool asked_color(const std::string& when, int fd) {
  if (when == "auto") return color_by_default(fd);
  if (when.empty() || when == "always") return true;
  if (when == "never") return false;
  static const std::array<std::string, 3> words = {"always", "never", "auto"};
  const auto near = text::did_you_mean(when, words);
  throw Error(ErrorKind::usage,
              fmt::format("bad colour setting '{}'{}", text::printable(when),
                          near ? fmt::format("; did you mean '{}'?", *near) : ""),
              Hint{"to colour on terminals only, run: git config color.ui auto"});
}

/// As git reads color.<program> and color.ui: true is auto.
bool configured_color(const git::Config& config, const std::string& key, int fd) {
  const auto when = config.text(key);
  if (when == "always") return true;
  if (when == "never") return false;
  if (when == "auto") return color_by_default(fd);
  return config.boolean(key).value_or(false) && color_by_default(fd);
}

int terminal_columns() {
  if (::isatty(STDOUT_FILENO) == 0) return 0;
  if (const char* columns = std::getenv("COLUMNS"); columns != nullptr) {
    const int value = std::atoi(columns);
    if (value > 0) return value;
  }
  winsize size{};
  constexpr int usual = 80;
  return ::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : usual;
}

void write_error_line(const std::string& line) { write_error(line + "\n"); }

}  // namespace

void write_output(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(STDOUT_FILENO, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) {
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot write to standard output: {}", std::strerror(errno)));
    }
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

Invocation::Invocation(const Program& program, const Arguments& arguments)
    : program_(&program),
      arguments_(&arguments),
      format_(arguments.has("json") || arguments.value("format") == "json" ? Format::json
                                                                           : Format::text) {
  if (const auto when = arguments.value("color"))
    asked_color(*when, STDOUT_FILENO);  // refused before anything is done
}

Settings Invocation::settings() const {
  Settings settings;
  settings.plan = arguments_->value("plan");
  settings.strict = arguments_->has("strict");
  settings.verbose = verbose();
  if (arguments_->has("no-hooks")) settings.hooks = Hooks::skip;
  return settings;
}

Notices Invocation::notices() {
  return [this](const Notice& one) { notice(one); };
}

Workspace& Invocation::workspace() {
  if (!workspace_) {
    workspace_ = std::make_unique<Workspace>(settings(), notices());
    if (format_ == Format::text) style();  // bad configuration is refused before anything is done
  }
  if (arguments_->has("fetch") && !std::exchange(has_fetched_, true)) fetch_shared(*workspace_);
  return *workspace_;
}

bool Invocation::colored(int fd) {
  if (const auto when = arguments_->value("color")) return asked_color(*when, fd);
  if (!workspace_) {
    try {
      workspace_ = std::make_unique<Workspace>(settings(), notices());
    } catch (const Error&) {
      return color_by_default(fd);  // said already by whatever needs the repository
    }
  }
  const git::Config& config = workspace_->config();
  const std::string own = fmt::format("color.{}", short_name(*program_));
  const std::string key = config.text(own) ? own : "color.ui";
  return config.text(key) ? configured_color(config, key, fd) : color_by_default(fd);
}

const Style& Invocation::style() {
  if (style_) return *style_;
  Style style;
  style.columns = terminal_columns();
  style.colored = colored(STDOUT_FILENO);
  style_ = style;
  return *style_;
}

void Invocation::print(const Notice& one) {
  const bool quiet = arguments_->has("quiet") && one.kind != Notice::Kind::warning;
  if (quiet) return;
  if (one.kind == Notice::Kind::hint && workspace_) {
    const auto advice =
        workspace_->config().boolean(fmt::format("advice.{}", short_name(*program_)));
    if (advice && !*advice) return;
  }
  write_error_line(line_of(one));
}

void Invocation::notice(const Notice& one) {
  Notice said = one;
  if (said.kind == Notice::Kind::hint) said.text = with_plan(said.text);
  if (format_ == Format::json) {
    pending_.push_back(std::move(said));
  } else {
    print(said);
  }
}

std::string Invocation::with_plan(const std::string& hint) const {
  if (const auto plan = arguments_->value("plan")) return naming_plan(hint, *plan);
  return workspace_ ? naming_plan(hint, workspace_->named_plan()) : hint;
}

void Invocation::hint(const std::string& text) { notice({Notice::Kind::hint, text}); }

void Invocation::hint_about_new(const std::string& session, const std::string& text) {
  const std::string other = arguments_->value("plan").value_or(plan_around(workspace()));
  hint(other.empty() || other == session ? text : naming_plan(text, session));
}

void Invocation::flush_notices() {
  for (const Notice& one : pending_) print(one);
  pending_.clear();
}

int Invocation::answer(const std::function<std::string(const Style&)>& text,
                       const std::function<Json()>& json, int exit_status) {
  if (format_ == Format::json) {
    auto made = std::make_unique<Json>(json());
    if (workspace_) add_remote(*workspace_, *made);
    const Json& object = keep(std::unique_ptr<const Json>(std::move(made)));
    write_output(dump(object, 2) + "\n");
  } else {
    write_output(text(style()));
  }
  flush_notices();
  return exit_status;
}

std::vector<Hint> Invocation::hints_of(const Error& error) const {
  std::vector<Hint> hints;
  for (const Hint& hint : error.hints()) hints.push_back(Hint{with_plan(hint.text)});
  const bool has_input = arguments_->has("file") || arguments_->has("add") ||
                         (arguments_->verb != nullptr && arguments_->verb->name == "import");
  if (hints.empty() && has_input && error.kind() == ErrorKind::fatal) {
    hints.push_back(
        Hint{"to see how it is used, run: " + help_command(*program_, arguments_->verb)});
  }
  return hints;
}

void Invocation::complain(const Error& error) {
  if (format_ == Format::json) {
    std::vector<std::string> notes;
    for (const Notice& one : pending_) notes.push_back(line_of(one));
    const Error said =
        Error(error.kind(), error.messages(), hints_of(error)).with_code(error.code());
    write_error_line(dump(to_json(said, notes), -1));
    return;
  }
  for (const auto& message : error.messages()) write_error_line("error: " + message);
  for (const auto& hint : hints_of(error)) print({Notice::Kind::hint, hint.text});
}

commands::Document Invocation::read_document(const std::string& path) {
  if (path == "-") return {"<stdin>", read_all(STDIN_FILENO, "<stdin>")};
  const std::string name = fmt::format("'{}'", text::printable(path));
  return {name, read_named_file(path)};
}

std::optional<int> Invocation::number(std::string_view option, int least) const {
  const auto word = arguments_->value(option);
  if (!word) return std::nullopt;
  int value = 0;
  const auto [end, error] = std::from_chars(word->data(), word->data() + word->size(), value);
  if (error != std::errc{} || end != word->data() + word->size() || value < least) {
    throw Error(ErrorKind::usage,
                fmt::format("bad number '{}' for '--{}': at least {} is wanted",
                            text::printable(*word), option, least),
                Hint{fmt::format("to see how it is used, run: {}",
                                 help_command(*program_, arguments_->verb))});
  }
  return value;
}

}  // namespace gitplan::cli
