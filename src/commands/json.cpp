#include "commands/json.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "store/ref_names.hpp"

namespace gitplan::commands {

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

Json to_json(const Error& error) {
  Json inner{{"code", error.code()}, {"message", text::join(error.messages(), "\n")}};
  std::vector<std::string> hints;
  for (const Hint& hint : error.hints()) hints.push_back(hint.text);
  if (!hints.empty()) inner["hint"] = text::join(hints, "\n");
  Json object = new_object();
  object["error"] = std::move(inner);
  return object;
}

std::string version_text(long long version) { return fmt::format("v{}", version); }

std::string plan_branch_text(std::string_view session) { return ref_names::plan_branch(session); }

}  // namespace gitplan::commands
