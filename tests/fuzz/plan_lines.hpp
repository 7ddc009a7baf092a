// Plans put together of lines, one byte a line: mutation soon finds texts that parse, and the forms
// that people, formatters and other tools give them.
#pragma once

#include <array>
#include <string>
#include <string_view>

#include "fuzz/fuzz.hpp"

namespace gitplan::fuzz {

inline constexpr std::array<std::string_view, 64> plan_lines = {
    "[[tasks]]\n",
    "[[tasks]] # about this one\n",
    "id = \"001\"\n",
    "id = \"002\" # two\n",
    "  id = '003'\n",
    "\"id\" = \"004\"\n",
    "description = \"build it\"\n",
    "description = \"\"\"\nbuild \\\n  it\"\"\"\n",
    "description = '''\n# no comment\n[[tasks]]\n'''\n",
    "status = \"pending\"\n",
    "status = \"failed\" # see the log\n",
    "status = 'completed'\n",
    "status = \"in_progress\"\n",
    "reason = \"it broke\"\n",
    "needs_decision = true\n",
    "preconditions = []\n",
    "preconditions = [\n  \"A\", # first\n  \"B\"\n]\n",
    "provides = [\"A\"]\n",
    "provides = [ 'B', ] # trailing\n",
    "provides = [\n  # one a line\n  \"C\",\n]\n",
    "depends_on = [\"001\"]\n",
    "depends_on = [ # none\n]\n",
    "files = [\"a.c\", \"b/\"]\n",
    "files = [\n  \"a.c\"\n  # between\n  , \"b.c\"\n]\n",
    "estimated_time = \"8 minutes\"\n",
    "priority = \"high\"\n",
    "priority='low'\n",
    "slug = \"a-slug\"\n",
    "external_id = \"T-1\"\n",
    "owner.name = \"Ada\"\n",
    "owner = { name = \"Ada\", ids = [1, 2] }\n",
    "[tasks.notes]\nof = \"others\"\n",
    "[[tasks.links]]\nto = 1\n",
    "[tool]\nname = \"x\" # ours\n",
    "[[updates]]\n",
    "[[updates]] # latest\nversion = 1\nat = 2025-01-12T14:30:00Z\nnote = \"n\"\n",
    "[[approvals]]\nversion = 1\nby = \"Ada\"\n",
    "version = 2\n",
    "version = 0x3 # three\n",
    "format = 1\n",
    "session_id = \"s\"\n",
    "flow_branch = \"flow\"\n",
    "'flow_branch' = 'main' # theirs\n",
    "created_at = 2025-01-12T14:30:00Z\n",
    "created_at = \"yesterday\"\n",
    "user_request = \"please\"\n",
    "architecture = \"\"\"\nlayers\n\"\"\"\n",
    "dependency_graph = \"001 -> 002\"\n",
    "tasks = [ { id = \"001\" }, { id = \"002\", files = [\"a\"] } ]\n",
    "tasks = [\n  { id = \"001\", status = \"failed\", reason = \"r\" }, # a\n  {}, # b\n]\n",
    "tasks = []\n",
    "tasks = [\n  # none yet\n]\n",
    "updates = [ { version = 1, note = \"n\" } ]\n",
    "unknown = [1,\n  2]\n",
    "a.b.c = 1\n",
    "\"\" = 1\n",
    "files = \"no list\"\n",
    "status = 3\n",
    "id = \"\\u0030\\u0030\\u0036\"\n",
    "[tasks]\n",
    "# a line of its own\n",
    "  # indented\n",
    "\n",
    " \t\n"};

/// All that is left of the input: a byte a line, the first for line ends, a mark at the start and a
/// missing end.
inline std::string plan_of_lines(Input& input) {
  const bool is_dos = input.flag();
  std::string text = input.flag() ? "\xef\xbb\xbf" : "";
  const bool has_no_end = input.flag();
  while (!input.at_end() && text.size() < 4000) text += input.one_of(plan_lines);
  if (has_no_end && text.ends_with('\n')) text.pop_back();
  if (!is_dos) return text;
  std::string dos;
  for (const char c : text) dos += c == '\n' ? "\r\n" : std::string(1, c);
  return dos;
}

}  // namespace gitplan::fuzz
