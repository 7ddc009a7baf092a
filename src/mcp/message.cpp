#include "mcp/message.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/text.hpp"

namespace gitplan::mcp {
namespace {

constexpr int max_levels = 64;
constexpr int max_values = 16'000'000;
constexpr int max_containers = 1'000'000;
constexpr std::size_t max_batch = 10'000;

struct Extent {
  int levels = 0;      ///< how deep it nests
  int values = 0;      ///< how many commas it has; each value costs more memory than its text
  int containers = 0;  ///< objects and lists, which cost most
};

bool is_too_much(const Extent& extent) {
  return extent.levels > max_levels || extent.values > max_values ||
         extent.containers > max_containers;
}

/// Of the text, if it is JSON. Stops where that is too much.
Extent extent_of(std::string_view text) {
  Extent extent;
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size() && !is_too_much(extent); ++i) {
    const char character = text[i];
    if (in_string) {
      if (character == '\\') ++i;
      if (character == '"') in_string = false;
    } else if (character == '"') {
      in_string = true;
    } else if (character == '{' || character == '[') {
      extent.levels = std::max(extent.levels, ++depth);
      ++extent.containers;
    } else if (character == '}' || character == ']') {
      --depth;
    } else if (character == ',') {
      ++extent.values;
    }
  }
  return extent;
}

bool is_answerable(const Input& id) { return id.is_string() || id.is_number(); }

/// Without the library's own prefix: "[json.exception.parse_error.101] parse error at line 1, …".
std::string readable(std::string_view what) {
  constexpr std::size_t longest = 200;
  if (const auto bracket = what.find("] "); bracket != std::string_view::npos)
    what.remove_prefix(bracket + 2);
  return text::printable(what.substr(0, longest));
}

const Input& nothing() {
  static const Input null;
  return null;
}

const Input& no_params() {
  static const Input empty = Input::object();
  return empty;
}

}  // namespace

Message::Message(Input document) : document_(std::make_shared<const Input>(std::move(document))) {
  judge();
}

Message::Message(int error_code, std::string problem)
    : document_(std::make_shared<const Input>()),
      error_code_(error_code),
      problem_(std::move(problem)) {}

void Message::refuse(int error_code, std::string problem) {
  kind_ = Kind::malformed;
  error_code_ = error_code;
  problem_ = std::move(problem);
}

void Message::judge() {
  if (!document_->is_object()) return refuse(code::invalid_request, "a message is a JSON object");
  const auto version = document_->find("jsonrpc");
  if (version == document_->end() || *version != "2.0")
    return refuse(code::invalid_request, R"(a message has "jsonrpc": "2.0")");
  const auto method = document_->find("method");
  const bool has_id = document_->contains("id");
  if (method == document_->end()) {
    const bool is_reply = document_->contains("result") || document_->contains("error");
    if (!has_id || !is_reply) return refuse(code::invalid_request, "a request has a \"method\"");
    kind_ = Kind::response;
    return;
  }
  if (!method->is_string()) return refuse(code::invalid_request, "\"method\" is a string");
  if (has_id && !is_answerable(document_->at("id")))
    return refuse(code::invalid_request, "\"id\" is a string or a number");
  method_ = method->get<std::string>();
  kind_ = has_id ? Kind::request : Kind::notification;
  const auto params = document_->find("params");
  const bool is_bad = params != document_->end() && !params->is_object() && !params->is_null();
  if (has_id && is_bad) refuse(code::invalid_params, "\"params\" is an object");
}

const Input& Message::id() const {
  if (!document_->is_object()) return nothing();
  const auto id = document_->find("id");
  return id == document_->end() || !is_answerable(*id) ? nothing() : *id;
}

Json Message::id_reply() const { return Json(id()); }

const Input& Message::params() const {
  if (!document_->is_object()) return no_params();
  const auto params = document_->find("params");
  return params == document_->end() || !params->is_object() ? no_params() : *params;
}

bool parse_value(std::string_view text, Input& value, std::string& problem) {
  const Extent extent = extent_of(text);
  if (extent.levels > max_levels) {
    problem = fmt::format("nested deeper than {} levels", max_levels);
    return false;
  }
  if (is_too_much(extent)) {
    problem =
        fmt::format("more than {} values, or {} objects and lists", max_values, max_containers);
    return false;
  }
  try {
    value = Input::parse(text);
    return true;
  } catch (const Input::exception& error) {
    problem = readable(error.what());
    return false;
  }
}

Parcel parse_parcel(std::string_view line) {
  Parcel parcel;
  Input document;
  std::string problem;
  if (!parse_value(line, document, problem)) {
    parcel.messages.emplace_back(code::parse_error, std::move(problem));
    return parcel;
  }
  if (!document.is_array()) {
    parcel.messages.emplace_back(std::move(document));
    return parcel;
  }
  if (document.empty()) {
    parcel.messages.emplace_back(code::invalid_request, "an empty batch");
    return parcel;
  }
  if (document.size() > max_batch) {
    parcel.messages.emplace_back(code::invalid_request,
                                 fmt::format("more than {} messages in a batch", max_batch));
    return parcel;
  }
  parcel.is_batch = true;
  for (Input& one : document) parcel.messages.emplace_back(std::move(one));
  return parcel;
}

Json result_reply(const Message& request, Json result) {
  return Json{{"jsonrpc", "2.0"}, {"id", request.id_reply()}, {"result", std::move(result)}};
}

Json error_reply(const Message& request, int error_code, const std::string& message) {
  return Json{{"jsonrpc", "2.0"},
              {"id", request.id_reply()},
              {"error", Json{{"code", error_code}, {"message", message}}}};
}

}  // namespace gitplan::mcp
