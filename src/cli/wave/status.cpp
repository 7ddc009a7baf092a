#include "commands/wave/status.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <chrono>
#include <nlohmann/json.hpp>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/invocation.hpp"
#include "cli/outlook_text.hpp"
#include "cli/wave/live.hpp"
#include "cli/wave/verbs.hpp"
#include "cli/workers_text.hpp"
#include "session/fetching.hpp"

namespace gitplan::cli {
namespace {

/// The workers, what there is to say of some of them, and how far the plan is.
std::string text_of(const commands::WaveStatus& status, const Style& style) {
  std::vector<std::string> parts{
      workers_text(status.workers, style), elsewhere_text(status.elsewhere, style),
      ends_text(status.workers, style), queue_text(status.queue, style), limits_text(status)};
  if (status.view != nullptr) parts.push_back(outlook_text(*status.view, status.outlook, style));
  std::erase(parts, "");
  return text::join(parts, "\n");
}

/// For a terminal, with what those that a run looks after say now.
std::vector<std::string> lines_of(const commands::WaveStatus& status, const Style& style) {
  std::vector<std::string> lines;
  const std::string text = text_of(status, style);
  for (const std::string_view line : text::split(text::trim(text), '\n'))
    lines.push_back(line.find('\x1b') == std::string_view::npos ? text::cut(line, style.columns)
                                                                : std::string(line));
  const auto running = worker_lines(status.running, style.columns);
  if (!running.empty()) lines.emplace_back();
  lines.insert(lines.end(), running.begin(), running.end());
  return lines;
}

/// Shows what changes until the plan is completed or stuck, or it is interrupted. Redrawn on a
/// terminal; else each state that differs from the one before, with a blank line (in JSON: a line)
/// between.
class Watch {
 public:
  explicit Watch(Invocation& invocation)
      : invocation_(&invocation),
        settings_(invocation.workspace().settings()),
        json_(invocation.format() == Format::json),
        live_(STDOUT_FILENO) {}

  int run() {
    constexpr auto pause = std::chrono::milliseconds(500);
    for (;;) {
      Workspace workspace(settings_, [](const Notice&) {});
      look_again(workspace);
      const auto status = commands::wave_status(workspace);
      show(status);
      if (status.is_over()) return live_.keep(), 0;
      std::this_thread::sleep_for(pause);
    }
  }

 private:
  /// With --fetch, as often as a run does. What cannot be reached is shown as it was seen last.
  void look_again(const Workspace& workspace) {
    const auto time = std::chrono::steady_clock::now();
    if (!invocation_->arguments().has("fetch") || time - looked_ < commands::poll_time(workspace))
      return;
    looked_ = time;
    try {
      fetch_shared(workspace);
    } catch (const Error& error) {
      if (error.kind() != ErrorKind::lost_race) throw;
    }
  }

  void show(const commands::WaveStatus& status) {
    Style style = invocation_->style();
    if (live_.is_live() && !json_) {
      style.columns = live_.columns() - 1;  // erasing behind a full line would eat its end
      return live_.draw(lines_of(status, style));
    }
    Json object = to_json(status);
    object.erase("minutes_left");  // goes by with the clock
    std::string state = dump(object, -1);
    if (state == before_) return;
    const std::string text = json_ ? dump(to_json(status), -1) + "\n" : text_of(status, style);
    write_output(before_.empty() || json_ ? text : "\n" + text);
    before_ = std::move(state);
  }

  Invocation* invocation_;
  Settings settings_;
  bool json_;
  LiveLines live_;
  std::string before_;
  std::chrono::steady_clock::time_point looked_ = std::chrono::steady_clock::now();
};

int run(Invocation& invocation) {
  if (invocation.arguments().has("watch")) return Watch(invocation).run();
  const auto status = commands::wave_status(invocation.workspace());
  commands::say_what_to_do(invocation.workspace(), status);
  return invocation.answer([&](const Style& style) { return text_of(status, style); },
                           [&] { return to_json(status); });
}

}  // namespace

const Verb wave_status_verb{
    "status",
    "show the workers, their tasks, and how far the plan is",
    "",
    0,
    0,
    {{0, "watch", Takes::nothing, "", "go on showing it until the plan is completed or stuck"}},
    run};

}  // namespace gitplan::cli
