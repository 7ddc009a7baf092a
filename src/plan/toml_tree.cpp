#include "plan/toml_tree.hpp"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <algorithm>
#include <cmath>
#include <sstream>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "plan/ids.hpp"
#include "plan/shown.hpp"
#include "plan/toml_layout.hpp"
#include "plan/toml_literal.hpp"

namespace gitplan::toml_io {
namespace {

std::string describe(const toml::parse_error& error) {
  constexpr std::string_view opening = "Error while parsing ";
  std::string_view reason = error.description();
  const bool usual = reason.starts_with(opening);
  if (usual) reason.remove_prefix(opening.size());
  const auto at = error.source().begin;
  return fmt::format("line {}, column {}: {}{}", at.line, at.column, usual ? "cannot parse " : "",
                     shown(reason, 300));
}

template <class Array>
std::string array_literal(const Array& array) {
  std::string list = "[";
  for (const toml::node& item : array) {
    if (list.size() > 1) list += ", ";
    list += node_literal(item);
  }
  return list + "]";
}

std::string table_literal(const toml::table& table) {
  if (table.empty()) return "{}";
  std::string list = "{ ";
  for (const auto& [key, value] : table) {
    if (list.size() > 2) list += ", ";
    list += fmt::format("{} = {}", key_literal(key.str()), node_literal(value));
  }
  return list + " }";
}

std::string float_literal(double value) {
  if (std::isnan(value)) return "nan";
  if (std::isinf(value)) return value < 0 ? "-inf" : "inf";
  std::string literal = fmt::format("{}", value);
  if (literal.find_first_of(".e") == std::string::npos) literal += ".0";
  return literal;
}

template <class Time>
std::string time_text(const Time& time) {
  std::ostringstream out;
  out << time;
  return out.str();
}

bool may_continue_lines(std::string_view text) {
  for (std::size_t at = text.find('\\'); at != std::string_view::npos;
       at = text.find('\\', at + 1)) {
    if (at + 1 < text.size() &&
        std::string_view(" \t\r\n").find(text[at + 1]) != std::string_view::npos)
      return true;
  }
  return false;
}

/// After a line continuation toml++ 3.3 takes some characters for white space (U+00A0, U+FEFF), and
/// with others (U+00E9) its behaviour is undefined. Escaped they mean the same.
std::string without_traps(std::string_view text) {
  std::string safe;
  std::size_t copied = 0;
  for (const std::size_t place : continued_with_non_ascii(text)) {
    const text::Character character = text::decode(text, place);
    safe += text.substr(copied, place - copied);
    safe += fmt::format("\\U{:08X}", static_cast<std::uint32_t>(character.code_point));
    copied = place + character.bytes;
  }
  return safe + std::string(text.substr(copied));
}

}  // namespace

void throw_unreadable(std::string_view name, std::string_view problem) {
  std::string message = fmt::format("{}: {}", name, problem);
  constexpr std::string_view opening = "plan '";
  if (name.starts_with(opening) && name.ends_with('\'')) {
    const auto session = name.substr(opening.size(), name.size() - opening.size() - 1);
    if (is_session(session)) {
      throw Error(ErrorKind::fatal, std::move(message),
                  Hint{fmt::format("to mend it, run: git plan edit --plan={}", session)});
    }
  }
  throw Error(ErrorKind::fatal, std::move(message));
}

void require_text(std::string_view text, std::string_view name) {
  if (text.size() > max_bytes) {
    throw Error(ErrorKind::fatal, fmt::format("{}: larger than 64 MiB", name));
  }
  if (text.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    throw_unreadable(name, "is empty");
  }
  if (!text::is_utf8(text)) {
    std::size_t position = 0;
    while (text::decode(text, position).valid) position += text::decode(text, position).bytes;
    throw_unreadable(name, fmt::format("line {}: not UTF-8", line_number(text, position)));
  }
  if (const std::size_t at = text.find('\0'); at != std::string_view::npos) {
    throw_unreadable(name, fmt::format("line {}: a NUL character", line_number(text, at)));
  }
}

toml::table parse_document(std::string_view text, std::string_view name) {
  require_text(text, name);
  if (const auto failure = scan(text, nullptr)) throw_unreadable(name, describe(text, *failure));
  try {
    return may_continue_lines(text) ? toml::parse(without_traps(text)) : toml::parse(text);
  } catch (const toml::parse_error& error) {
    throw_unreadable(name, describe(error));
  }
}

std::string node_literal(const toml::node& node) {
  switch (node.type()) {
    case toml::node_type::string:
      return quote(node.as_string()->get());
    case toml::node_type::integer:
      return fmt::format("{}", node.as_integer()->get());
    case toml::node_type::floating_point:
      return float_literal(node.as_floating_point()->get());
    case toml::node_type::boolean:
      return node.as_boolean()->get() ? "true" : "false";
    case toml::node_type::date:
      return time_text(node.as_date()->get());
    case toml::node_type::time:
      return time_text(node.as_time()->get());
    case toml::node_type::date_time:
      return time_text(node.as_date_time()->get());
    case toml::node_type::array:
      return array_literal(*node.as_array());
    default:
      return table_literal(*node.as_table());
  }
}

}  // namespace gitplan::toml_io
