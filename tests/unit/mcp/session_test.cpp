#include "mcp/session.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "mcp/arguments.hpp"
#include "mcp/tools/table.hpp"

namespace gitplan::mcp {
namespace {

Options pages_of(std::size_t tools) {
  Options options;
  options.tools_per_page = tools;
  return options;
}

Input ask(Session& session, const std::string& line) {
  session.receive({line, false});
  const auto reply = session.answer_next();
  return reply ? Input::parse(*reply) : Input();
}

TEST_CASE("tools are listed page by page, each once") {
  Session session(pages_of(5));
  std::set<std::string> names;
  std::string cursor;
  int pages = 0;
  do {
    const std::string params = cursor.empty() ? "{}" : R"({"cursor":")" + cursor + "\"}";
    const Input result =
        ask(session, R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":)" + params + "}")
            .at("result");
    CHECK(result.at("tools").size() <= 5);
    for (const Input& tool : result.at("tools"))
      CHECK(names.insert(tool.at("name").get<std::string>()).second);
    cursor = result.value("nextCursor", "");
    ++pages;
  } while (!cursor.empty());
  CHECK(names.size() == all_tools().size());
  CHECK(pages == static_cast<int>((all_tools().size() + 4) / 5));
  for (const auto* bad : {"\"x\"", "\"-1\"", "\"999\"", "7", "{}"}) {
    CAPTURE(bad);
    const Input reply =
        ask(session,
            std::string(R"({"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"cursor":)") +
                bad + "}}");
    CHECK(reply.at("error").at("code") == code::invalid_params);
  }
}

TEST_CASE("every parameter has a type, and an example that its own type takes") {
  for (const Tool* tool : all_tools()) {
    for (const Parameter& parameter : tool->parameters) {
      CAPTURE(tool->name, parameter.name);
      Input given = Input::object();
      for (const Parameter& needed : tool->parameters) {
        if (needed.needed == Needed::yes)
          given[std::string(needed.name)] = Input::parse(needed.example);
      }
      given[std::string(parameter.name)] = Input::parse(parameter.example);
      CHECK_NOTHROW(Arguments(*tool, given));
      CHECK(Arguments(*tool, given).has(parameter.name));
    }
  }
}

TEST_CASE("a line that is too long is a parse error") {
  Session session{Options()};
  session.receive({"", true});
  const auto reply = session.answer_next();
  REQUIRE(reply);
  CHECK(Input::parse(*reply).at("error").at("code") == code::parse_error);
}

TEST_CASE("a cancelled request that waits is dropped; others and initialize are not") {
  Session session{Options()};
  session.receive({R"({"jsonrpc":"2.0","id":1,"method":"ping"})", false});
  session.receive({R"({"jsonrpc":"2.0","id":"1","method":"ping"})", false});
  session.receive({R"({"jsonrpc":"2.0","id":2,"method":"initialize"})", false});
  for (const auto* id : {"1", "2", "3", "{}"}) {
    session.receive(
        {std::string(
             R"({"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":)") +
             id + "}}",
         false});
  }
  session.receive({R"({"jsonrpc":"2.0","method":"notifications/cancelled"})", false});
  int replies = 0;
  while (session.waiting() > 0) {
    if (const auto reply = session.answer_next()) {
      ++replies;
      const Input id = Input::parse(*reply).at("id");
      CHECK((id == "1" || id == 2));
    }
  }
  CHECK(replies == 2);
}

TEST_CASE("batches belong to one protocol version") {
  Session session{Options()};
  const std::string batch = R"([{"jsonrpc":"2.0","id":1,"method":"ping"}])";
  const auto hello = [](const std::string& version) {
    return R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":")" +
           version + "\"}}";
  };
  CHECK(ask(session, batch).at("error").at("code") == code::invalid_request);
  ask(session, hello("2025-03-26"));
  CHECK(ask(session, batch).is_array());
  ask(session, hello("2025-06-18"));
  CHECK(ask(session, batch).at("error").at("code") == code::invalid_request);
}

}  // namespace
}  // namespace gitplan::mcp
