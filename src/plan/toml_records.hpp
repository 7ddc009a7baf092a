// Records as new TOML text: lines of a table, or an inline table.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "plan/fields.hpp"
#include "plan/toml_literal.hpp"

namespace gitplan::toml_io {

/// `key = literal`
void append_key(std::string& out, std::string_view key, std::string_view literal,
                std::string_view eol);

/// Each key that a new record shows, with its literal; foreign keys last.
template <class Record>
std::vector<std::pair<std::string, std::string>> shown_keys(const Record& record,
                                                            std::string_view eol) {
  std::vector<std::pair<std::string, std::string>> keys;
  for (const Field<Record>& field : fields<Record>()) {
    if (auto value = literal(record, field, eol)) {
      keys.emplace_back(std::string(field.key), std::move(*value));
    }
  }
  if constexpr (requires { record.foreign; }) {
    for (const auto& [key, value] : record.foreign) keys.emplace_back(key_literal(key), value);
  }
  return keys;
}

template <class Record>
void append_fields(std::string& out, const Record& record, std::string_view eol) {
  for (const auto& [key, value] : shown_keys(record, eol)) append_key(out, key, value, eol);
}

/// A blank line and `[[name]]` with the record's keys.
template <class Record>
void append_table(std::string& out, std::string_view name, const Record& record,
                  std::string_view eol) {
  out.append(eol).append("[[").append(name).append("]]").append(eol);
  append_fields(out, record, eol);
}

/// `{ id = "001", … }`
template <class Record>
std::string inline_table(const Record& record) {
  std::string out = "{ ";
  for (const auto& [key, value] : shown_keys(record, "")) {
    if (out.size() > 2) out += ", ";
    append_key(out, key, value, "");
  }
  return out + " }";
}

}  // namespace gitplan::toml_io
