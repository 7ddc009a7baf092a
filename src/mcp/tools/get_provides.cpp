#include <nlohmann/json.hpp>

#include "commands/plan/check.hpp"
#include "mcp/call.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Json run(Call& call) {
  // Short texts, and half of them would mislead who compares them with preconditions.
  constexpr std::size_t usual_limit = 1000;
  const auto provided = commands::provides_here(call.workspace());
  const auto& all = provided.capabilities;
  const Call::Page page = call.page(all.size(), usual_limit);
  const auto at = [&](std::size_t index) {
    return all.begin() + static_cast<std::ptrdiff_t>(index);
  };
  Json object = to_json(commands::Provided{provided.session, {at(page.first), at(page.last)}});
  if (page.next_cursor) {
    object["total"] = all.size();
    object["next_cursor"] = *page.next_cursor;
  }
  call.say(object["provides"]);
  return object;
}

}  // namespace

const Tool get_provides_tool{
    "get_provides",
    "List available capabilities",
    "List the capabilities that are available now: a task whose preconditions are all among them "
    "can start. Call it after a wave.",
    {.read_only = true},
    {plan_branch_parameter(), limit_parameter("At most so many (1000 if not given)"),
     cursor_parameter(), fetch_parameter()},
    run};

}  // namespace gitplan::mcp
