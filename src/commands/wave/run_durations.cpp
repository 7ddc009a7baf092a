#include "commands/wave/run_durations.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "plan/estimate.hpp"

namespace gitplan::commands {
namespace {

/// With the option that is like it, where it is one of ours.
const char* how_to_allow(std::string_view name) {
  if (name == "--verify-timeout")
    return "to allow twenty minutes, run: git wave run --verify-timeout='20 minutes'";
  if (name == "--stall") return "to allow twenty minutes, run: git wave run --stall='20 minutes'";
  return "to allow twenty minutes, run: git wave run --timeout='20 minutes'";
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
              Hint{how_to_allow(name)});
}

}  // namespace gitplan::commands
