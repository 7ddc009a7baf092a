#include "plan/json_problem.hpp"

#include <fmt/format.h>

#include "plan/shown.hpp"
#include "plan/toml.hpp"

namespace gitplan::json_problem {
namespace {

constexpr int max_columns = 200;

}  // namespace

std::string of_parser(std::string_view what) {
  constexpr std::string_view opening = "parse error at ";
  if (const auto bracket = what.find("] "); bracket != std::string_view::npos)
    what.remove_prefix(bracket + 2);
  if (what.starts_with(opening)) what.remove_prefix(opening.size());
  return shown(what, max_columns);
}

std::string duplicate_key(std::string_view key) {
  return fmt::format("duplicate key '{}'", shown(key, max_columns));
}

std::string too_deep() { return fmt::format("nested deeper than {} levels", toml_io::max_levels); }

}  // namespace gitplan::json_problem
