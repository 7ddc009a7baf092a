#include "commands/plan/graph.hpp"

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "cli/invocation.hpp"
#include "cli/plan/format_word.hpp"
#include "cli/plan/graph_text.hpp"
#include "cli/plan/verbs.hpp"
#include "session/select.hpp"

namespace gitplan::cli {
namespace {

/// As the C library chooses a locale: the first of these that is set and not empty.
bool is_utf8_locale() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string letters;
    for (const char c : std::string(value)) {
      if (c != '-') letters += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    }
    return letters.find("utf8") != std::string::npos;
  }
  return false;
}

int run(Invocation& invocation) {
  const std::string format =
      format_word(invocation, {"text", "dot", "mermaid", "json"}, "git plan graph");
  const bool ascii = invocation.arguments().has("ascii") || !is_utf8_locale();
  const auto& view = Invocation::keep(
      select_plan(invocation.workspace(), Access::read, invocation.arguments().word(0)));
  const auto graph = commands::plan_graph(view);
  return invocation.answer(
      [&](const Style& style) {
        if (format == "dot") return commands::graph_dot(view, graph);
        if (format == "mermaid") return commands::graph_mermaid(view, graph);
        return graph_text(view, graph, ascii ? Characters::ascii : Characters::utf8, style);
      },
      [&] { return to_json(view, graph); });
}

}  // namespace

const Verb plan_graph_verb{
    "graph",
    "draw what waits for what",
    "[<plan>]",
    0,
    1,
    {{0, "format", Takes::value, "<text|dot|mermaid|json>", "the format (default: text)"},
     {0, "ascii", Takes::nothing, "", "lines of -, | and + (the default without a UTF-8 locale)"}},
    run};

}  // namespace gitplan::cli
