#include "mcp/call.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "mcp/hints.hpp"
#include "session/fetching.hpp"
#include "session/plan_hint.hpp"

namespace gitplan::mcp {
namespace {

/// Agents pay for every word: what is beyond the usual page is counted, not listed.
void cap_lists(Json& object) {
  std::vector<std::pair<std::string, std::size_t>> totals;
  for (auto& [key, value] : object.items()) {
    if (!value.is_array() || value.size() <= usual_page || key == "tasks" || key == "provides")
      continue;
    totals.emplace_back(key + "_total", value.size());
    value.erase(value.begin() + static_cast<Json::difference_type>(usual_page), value.end());
  }
  for (const auto& [key, total] : totals) object[key] = total;
}

Json text_content(std::string text) { return Json{{"type", "text"}, {"text", std::move(text)}}; }

/// What happened is said, whatever a client can do about it.
void name_tools_in(Json& message) {
  const std::string said = for_tools(message.get_ref<const std::string&>());
  if (!said.empty()) message = said;
}

void name_tools(Json& warnings) {
  for (Json& one : warnings) name_tools_in(one["message"]);
}

/// As printed, but for those of which nothing is left for a client.
std::vector<std::string> lines_of(const std::vector<Notice>& notices) {
  std::vector<std::string> lines;
  for (const Notice& notice : notices) {
    const std::string text = for_tools(notice.text);
    if (!text.empty()) lines.push_back(line_of({notice.kind, text}));
  }
  return lines;
}

/// What was named may be as long as the message that named it: nobody needs all of it back.
void cut_long_texts(Json& error) {
  constexpr int longest = 4000;
  for (auto& [key, value] : error.items()) {
    if (value.is_string() && value.get_ref<const std::string&>().size() > longest)
      value = text::cut(value.get<std::string>(), longest);
  }
}

}  // namespace

Call::Call(Arguments arguments, const Settings& settings,
           const std::optional<std::string>& kept_plan)
    : arguments_(std::move(arguments)), settings_(settings), kept_plan_(kept_plan) {}

std::optional<std::string> Call::named_plan() const {
  if (named_) return named_;
  const auto branch = arguments_.text("plan_branch");
  const auto session = arguments_.text("session_id");
  constexpr std::string_view prefix = "plan/";
  const auto plain = [&](std::string word) {
    return word.starts_with(prefix) ? word.substr(prefix.size()) : word;
  };
  if (branch && session && plain(*branch) != plain(*session)) {
    throw Error(ErrorKind::usage,
                fmt::format("'plan_branch' is '{}', but 'session_id' is '{}'",
                            text::printable(*branch), text::printable(*session)),
                Hint{"to see the plans, run: git plan list"});
  }
  return branch ? branch : session;
}

Workspace& Call::workspace() {
  if (workspace_) return *workspace_;
  Settings settings = settings_;
  if (kept_plan_) settings.plan.reset();  // the server's own --plan is where it begins
  settings.kept_plan = kept_plan_;
  if (auto named = named_plan()) {
    kept_plan_ = named;
    settings.plan = std::move(named);
  }
  workspace_ = std::make_unique<Workspace>(
      std::move(settings), [this](const Notice& notice) { notices_.push_back(notice); });
  if (arguments_.flag("fetch")) fetch_shared(*workspace_);
  return *workspace_;
}

std::unique_ptr<PlanView> Call::select_plan(Access access) {
  return gitplan::select_plan(workspace(), access);
}

Call::Page Call::page(std::size_t total, std::size_t usual_limit) const {
  Page page;
  if (const auto cursor = arguments_.text("cursor")) {
    const auto [end, error] =
        std::from_chars(cursor->data(), cursor->data() + cursor->size(), page.first);
    if (error != std::errc{} || end != cursor->data() + cursor->size())
      throw BadParameters{
          fmt::format("'cursor' is '{}': the next_cursor of the page before is "
                      "wanted",
                      text::printable(*cursor))};
    page.first = std::min(page.first, total);
  }
  page.last =
      page.first + std::min(arguments_.count("limit").value_or(usual_limit), total - page.first);
  if (page.last < total) page.next_cursor = std::to_string(page.last);
  return page;
}

void Call::say(const Json& text) { text_ = dump(text, -1); }

/// Warnings stand in the result's `warnings`.
std::vector<std::string> Call::notes() const {
  std::vector<Notice> notes;
  for (const auto& notice : notices_) {
    if (notice.kind != Notice::Kind::warning) notes.push_back(notice);
  }
  return lines_of(notes);
}

Json Call::answer(Json object) {
  if (const auto named = object.find("plan_branch"); named != object.end())
    kept_plan_ = named->get<std::string>();
  if (workspace_) add_remote(*workspace_, object);
  Diagnostics warnings = workspace_ ? workspace_->warnings() : Diagnostics{};
  if (object.contains("warnings")) warnings.clear();
  for (Json& one : to_json(warnings)) object["warnings"].push_back(std::move(one));
  if (const auto said = object.find("warnings"); said != object.end()) name_tools(*said);
  if (auto said = notes(); !said.empty()) object["notes"] = std::move(said);
  cap_lists(object);
  Json content = Json::array();
  content.push_back(text_content(text_ ? *text_ : dump(object, -1)));
  if (text_ &&
      (object.contains("notes") || object.contains("warnings") || object.contains("next_cursor"))) {
    Json beside = object;
    beside.erase("schema");
    beside.erase("provides");
    content.push_back(text_content(dump(beside, -1)));
  }
  return Json{{"content", std::move(content)},
              {"structuredContent", std::move(object)},
              {"isError", false}};
}

/// A task's words may be about another plan than the server keeps to.
std::string Call::naming(const std::string& hint) const {
  return workspace_ ? naming_plan(hint, workspace_->named_plan()) : hint;
}

Json Call::refusal(const Error& error) const {
  std::vector<Hint> hints;
  for (const Hint& hint : error.hints()) hints.push_back(Hint{naming(hint.text)});
  Json object =
      to_json(Error(error.kind(), error.messages(), std::move(hints)).with_code(error.code()),
              lines_of(notices_));
  Json& said = object["error"];
  name_tools_in(said["message"]);
  if (said.contains("hint")) said["hint"] = for_tools(said["hint"].get_ref<const std::string&>());
  if (said.value("hint", "-").empty()) said.erase("hint");
  cut_long_texts(said);
  return Json{{"content", Json::array({text_content(dump(object, -1))})},
              {"structuredContent", std::move(object)},
              {"isError", true}};
}

}  // namespace gitplan::mcp
