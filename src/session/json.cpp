#include "session/json.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::string json_escape(char32_t character) {
  const auto code = static_cast<unsigned>(character);
  constexpr unsigned first_pair = 0x10000;
  if (code < first_pair) return fmt::format("\\u{:04x}", code);
  const unsigned rest = code - first_pair;
  return fmt::format("\\u{:04x}\\u{:04x}", 0xD800 + (rest >> 10U), 0xDC00 + (rest & 0x3FFU));
}

}  // namespace

std::string dump(const Json& json, int indent) {
  return printable_json(json.dump(indent, ' ', false, nlohmann::json::error_handler_t::replace));
}

std::string printable_json(std::string_view text) {
  // JSON escapes C0 itself. Anything else that is not ASCII stands inside strings only.
  const auto is_odd = [](char c) { return !(c >= '\n' && c < '\x7f'); };
  if (std::ranges::none_of(text, is_odd)) return std::string(text);
  std::string safe;
  safe.reserve(text.size());
  for (std::size_t i = 0; i < text.size();) {
    if (!is_odd(text[i])) {
      safe += text[i++];
      continue;
    }
    const text::Character character = text::decode(text, i);
    const std::string_view bytes = text.substr(i, character.bytes);
    safe +=
        text::printable(bytes) == bytes ? std::string(bytes) : json_escape(character.code_point);
    i += character.bytes;
  }
  return safe;
}

Json number(double value) {
  constexpr double exact = 9007199254740992;  // 2^53: whole numbers up to here
  const bool is_whole = std::trunc(value) == value && std::abs(value) <= exact;
  return is_whole ? Json(static_cast<std::int64_t>(value)) : Json(value);
}

Json new_object() { return Json{{"schema", 1}}; }

Json to_json(const Diagnostics& diagnostics) {
  Json list = Json::array();
  for (const Diagnostic& one : diagnostics) {
    Json object{{"code", one.code}, {"message", one.message}};
    if (!one.task.empty()) object["task"] = one.task;
    if (one.line) object["line"] = *one.line;
    list.push_back(std::move(object));
  }
  return list;
}

Json to_json(const Error& error, const std::vector<std::string>& notes) {
  Json inner{{"code", error.code()}, {"message", text::join(error.messages(), "\n")}};
  std::vector<std::string> hints;
  for (const Hint& hint : error.hints()) hints.push_back(hint.text);
  if (!hints.empty()) inner["hint"] = text::join(hints, "\n");
  if (!notes.empty()) inner["notes"] = notes;
  Json object = new_object();
  object["error"] = std::move(inner);
  return object;
}

std::string version_text(long long version) { return fmt::format("v{}", version); }

std::string plan_branch_text(std::string_view session) { return ref_names::plan_branch(session); }

}  // namespace gitplan
