#include "plan/exchange/toml_json.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <sstream>

#include "base/error.hpp"
#include "plan/toml_tree.hpp"

namespace gitplan::exchange {

bool is_literal(std::string_view literal) {
  if (literal.find_first_of("\r\n") != std::string_view::npos) return false;
  try {
    const auto table = toml_io::parse_document(fmt::format("value = {}\n", literal), "value");
    return table.size() == 1;
  } catch (const Error&) {
    return false;
  }
}

std::string literal_as_json(std::string_view literal) {
  if (!is_literal(literal)) return "null";
  const auto table = toml_io::parse_document(fmt::format("value = {}\n", literal), "value");
  std::ostringstream out;
  out << toml::json_formatter{table, toml::format_flags::quote_dates_and_times |
                                         toml::format_flags::quote_infinities_and_nans};
  const std::string object = out.str();  // { "value" : … }
  const auto colon = object.find(':');
  const auto brace = object.rfind('}');
  return object.substr(colon + 1, brace - colon - 1);
}

}  // namespace gitplan::exchange
