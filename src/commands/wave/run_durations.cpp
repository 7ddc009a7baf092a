#include "commands/wave/run_durations.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/estimate.hpp"

namespace gitplan::commands {
namespace {

/// "--timeout": the option that is like it is shown, where it is one of ours.
std::string_view option_like(std::string_view name) {
  if (name == "--verify-timeout" || name == "--stall") return name;
  return "--timeout";
}

}  // namespace

std::optional<std::chrono::seconds> duration_of(const std::optional<std::string>& words,
                                                std::string_view name) {
  if (!words || words->empty() || *words == "none") return std::nullopt;
  const auto seconds = parse_duration(*words);
  if (seconds && *seconds >= 1) return std::chrono::seconds(static_cast<long>(*seconds));
  const bool is_option = name.starts_with("--");
  throw Error(is_option ? ErrorKind::usage : ErrorKind::fatal,
              fmt::format("bad duration '{}' for '{}'", text::printable(*words), name),
              Hint{fmt::format("to allow twenty minutes, run: git wave run {}='20 minutes'",
                               option_like(name))});
}

}  // namespace gitplan::commands
