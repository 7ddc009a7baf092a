#include "mcp/session.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

/// Newest last.
constexpr std::array<std::string_view, 4> known_versions{"2024-11-05", "2025-03-26", "2025-06-18",
                                                         "2025-11-25"};

constexpr std::string_view instructions =
    "Plans, task branches and worktrees for parallel workers, kept in git; the user's checkout is "
    "never moved. Loop: create_plan_branch with all tasks; start_wave (or create_task_branch and "
    "create_worktree for each ready task); one worker in each worktree, which commits there and "
    "calls complete_task; finish_wave; update_plan_branch with what was learned; again until "
    "next_wave says \"state\": \"completed\".";

}  // namespace

bool Session::knows_batches() const { return protocol_version_ == "2025-03-26"; }

void Session::receive(const Line& line) {
  if (!line.too_long && text::trim(line.text).empty()) return;
  Parcel parcel;
  if (line.too_long) {
    parcel.messages.emplace_back(code::parse_error, "a message has at most 64 MiB");
  } else {
    parcel = parse_parcel(line.text);
  }
  for (const Message& message : parcel.messages) {
    if (message.kind() == Message::Kind::notification &&
        message.method() == "notifications/cancelled")
      cancel(message);
  }
  parcels_.push_back(std::move(parcel));
}

void Session::cancel(const Message& notification) {
  const auto id = notification.params().find("requestId");
  if (id == notification.params().end()) return;
  for (Parcel& parcel : parcels_) {
    std::erase_if(parcel.messages, [&](const Message& message) {
      return message.kind() == Message::Kind::request && message.method() != "initialize" &&
             message.id() == *id;
    });
  }
}

std::optional<std::string> Session::answer_next() {
  const Parcel parcel = std::move(parcels_.front());
  parcels_.pop_front();
  Json reply;
  const bool answered = parcel.is_batch
                            ? handle_batch(parcel, reply)
                            : !parcel.messages.empty() && handle(parcel.messages.front(), reply);
  if (!answered) return std::nullopt;
  return dump(reply, -1);
}

bool Session::handle_batch(const Parcel& parcel, Json& replies) {
  const Message refused(code::invalid_request, "");
  if (!knows_batches()) {
    replies = error_reply(refused, code::invalid_request,
                          "batches of messages exist in protocol version 2025-03-26 only");
    return true;
  }
  replies = Json::array();
  for (const Message& message : parcel.messages) {
    Json reply;
    if (message.kind() == Message::Kind::request && message.method() == "initialize") {
      reply = error_reply(message, code::invalid_request, "initialize stands in no batch");
    } else if (!handle(message, reply)) {
      continue;
    }
    replies.push_back(std::move(reply));
  }
  return !replies.empty();
}

bool Session::handle(const Message& message, Json& reply) {
  switch (message.kind()) {
    case Message::Kind::notification:
    case Message::Kind::response:
      return false;
    case Message::Kind::malformed:
      reply = error_reply(message, message.error_code(), message.problem());
      return true;
    case Message::Kind::request:
      break;
  }
  try {
    reply = answer(message);
  } catch (const BadParameters& bad) {
    reply = error_reply(message, code::invalid_params, bad.message);
  }
  return true;
}

Json Session::answer(const Message& request) {
  if (request.method() == "ping") return result_reply(request, Json::object());
  if (request.method() == "tools/call") return result_reply(request, call_tool(request));
  if (request.method() == "tools/list") return result_reply(request, list_tools(request));
  if (request.method() == "initialize") return result_reply(request, initialize(request));
  return error_reply(request, code::method_not_found,
                     fmt::format("no method '{}'", text::printable(request.method())));
}

Json Session::initialize(const Message& request) {
  const auto wanted = request.params().find("protocolVersion");
  if (wanted == request.params().end() || !wanted->is_string())
    throw BadParameters{"initialize: 'protocolVersion' is missing, for example: \"2025-11-25\""};
  const auto known =
      std::find(known_versions.begin(), known_versions.end(), wanted->get<std::string>());
  protocol_version_ = known == known_versions.end() ? known_versions.back() : *known;
  return Json{
      {"protocolVersion", protocol_version_},
      {"capabilities", Json{{"tools", Json{{"listChanged", false}}}}},
      {"serverInfo", Json{{"name", "git"}, {"title", "git plan"}, {"version", GITPLAN_VERSION}}},
      {"instructions", instructions}};
}

Json Session::list_tools(const Message& request) const {
  const auto tools = all_tools();
  std::size_t first = 0;
  if (const auto cursor = request.params().find("cursor");
      cursor != request.params().end() && !cursor->is_null()) {
    const std::string word = cursor->is_string() ? cursor->get<std::string>() : "";
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), first);
    if (error != std::errc{} || end != word.data() + word.size() || first >= tools.size())
      throw BadParameters{"tools/list: 'cursor' is none that was given out"};
  }
  const std::size_t last = std::min(first + options_.tools_per_page, tools.size());
  Json result{{"tools", Json::array()}};
  for (std::size_t i = first; i < last; ++i) result["tools"].push_back(describe(*tools[i]));
  if (last < tools.size()) result["nextCursor"] = std::to_string(last);
  return result;
}

Json Session::call_tool(const Message& request) {
  const auto name = request.params().find("name");
  if (name == request.params().end() || !name->is_string())
    throw BadParameters{"tools/call: 'name' is missing"};
  const Tool& tool = require_tool(name->get<std::string>());
  const auto given = request.params().find("arguments");
  const bool is_given = given != request.params().end() && !given->is_null();
  if (is_given && !given->is_object()) throw BadParameters{"tools/call: 'arguments' is no object"};
  Call call(Arguments(tool, is_given ? *given : Input::object()), options_.settings, kept_plan_);
  if (auto moved = home_.settle()) call.note(std::move(*moved));
  try {
    Json result = call.answer(tool.run(call));
    kept_plan_ = call.kept_plan();
    return result;
  } catch (const Error& error) {
    return call.refusal(error);
  } catch (const std::exception& error) {
    return call.refusal(Error(ErrorKind::fatal, text::printable(error.what())));
  }
}

}  // namespace gitplan::mcp
