#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "base/error.hpp"
#include "plan/edits.hpp"
#include "plan/toml.hpp"
#include "unit/plan/plan_files.hpp"

using namespace gitplan;

namespace {

using Change = std::function<void(Plan&)>;

std::string edited(std::string_view text, const Change& change) {
  const Plan before = toml_io::parse_plan(text, "plan.toml").plan;
  Plan after = before;
  change(after);
  return toml_io::edit_plan(text, before, after);
}

std::string difference(std::string_view text, const Change& change) {
  return test::line_difference(text, edited(text, change));
}

Task simple_task(std::string id) {
  Task task;
  task.id = std::move(id);
  task.description = "new";
  task.foreign = {{"owner", "\"ada\""}};
  return task;
}

/// What an eventful update does: complete, fail, add, note.
void update(Plan& plan) {
  const auto version = ++plan.version;
  const std::vector<std::string> first = {plan.tasks[0].id};
  const std::vector<std::string> second = {plan.tasks[1].id};
  plan = edits::complete(std::move(plan), first);
  plan = edits::fail(std::move(plan), second, "it \"broke\"", true);
  plan.tasks.front().provides.emplace_back("extra");
  plan = edits::add(std::move(plan), {simple_task("")});
  plan = edits::note(std::move(plan), version, "2025-01-13T08:00:00Z", "two\nlines");
}

}  // namespace

TEST_CASE("an update of an old file changes these lines and no others") {
  for (const std::string name : {"seed", "inline", "crlf", "foreign"}) {
    const std::string text = test::read_data("plan-" + name + ".toml");
    CAPTURE(name);
    CHECK(difference(text, update) == test::read_data("plan-" + name + ".diff"));
  }
}

TEST_CASE("a reset takes back what a failure wrote, to the byte") {
  for (const std::string name : {"seed", "foreign"}) {
    const std::string text = test::read_data("plan-" + name + ".toml");
    const Plan before = toml_io::parse_plan(text, "plan.toml").plan;
    const std::vector<std::string> ids = {before.tasks[1].id};
    const Plan pending = edits::reset(before, ids);
    const std::string reset = toml_io::edit_plan(text, before, pending);
    const Plan failed = edits::fail(pending, ids, "reason", true);
    CAPTURE(name);
    CHECK(toml_io::edit_plan(toml_io::edit_plan(reset, pending, failed), failed, pending) == reset);
  }
}

TEST_CASE("nothing to change leaves the text as it is") {
  for (const std::string name : {"seed", "inline", "crlf", "foreign"}) {
    const std::string text = test::read_data("plan-" + name + ".toml");
    CHECK(edited(text, [](Plan&) {}) == text);
  }
}

TEST_CASE("a changed value keeps its line's spacing and comment") {
  CHECK(edited("version\t=  1\t # one\n", [](Plan& plan) { plan.version = 2; }) ==
        "version\t=  2\t # one\n");
  CHECK(edited("version = 1", [](Plan& plan) { plan.version = 2; }) == "version = 2");
  CHECK(edited("architecture = '''a\nb''' # c\n", [](Plan& plan) { plan.architecture = "x"; }) ==
        "architecture = \"x\" # c\n");
}

TEST_CASE("long texts stand over as many lines as they have") {
  const Change details = [](Plan& plan) { plan.tasks[0].details = "a \"b\"\n\n\t\"\"\"c\\\n"; };
  const Change none = [](Plan& plan) { plan.tasks[0].details.reset(); };
  const std::string text = "[[tasks]]\nid = \"001\"\n# end\n";
  const std::string longer = edited(text, details);
  CHECK(longer ==
        "[[tasks]]\nid = \"001\"\ndetails = \"\"\"\na \\\"b\\\"\n\n\\t\\\"\\\"\\\"c\\\\\n\"\"\"\n# "
        "end\n");
  CHECK(edited(longer, none) == text);
  const std::string list = "tasks = [{ id = \"001\" }]\n";
  CHECK(edited(edited(list, details), none) == list);
}

TEST_CASE("a new key goes where its order puts it") {
  const Change version = [](Plan& plan) { plan.version = 2; };
  CHECK(edited("session_id = \"x\"\nflow_branch = \"y\"\n", version) ==
        "session_id = \"x\"\nversion = 2\nflow_branch = \"y\"\n");
  CHECK(edited("  flow_branch = \"y\"\n", version) == "  version = 2\n  flow_branch = \"y\"\n");
  CHECK(edited("format = 1", version) == "format = 1\nversion = 2");
  CHECK(edited("# only this\n", version) == "version = 2\n# only this\n");
  CHECK(edited("\xef\xbb\xbf[x]\n", version) == "\xef\xbb\xbfversion = 2\n[x]\n");
  const Change two = [](Plan& plan) {
    plan.version = 2;
    plan.architecture = "a";
    plan.design_patterns = "d";
  };
  CHECK(edited("session_id = \"x\"", two) ==
        "session_id = \"x\"\nversion = 2\narchitecture = \"a\"\ndesign_patterns = \"d\"");
  CHECK(edited("[[tasks]]\n", [](Plan& plan) { plan.tasks[0].status = Status::failed; }) ==
        "[[tasks]]\nstatus = \"failed\"\n");
  CHECK(edited("[[tasks]]", [](Plan& plan) { plan.tasks[0].status = Status::failed; }) ==
        "[[tasks]]\nstatus = \"failed\"");
}

TEST_CASE("a list grows in the manner of its items") {
  const auto grown = [](std::string_view list, std::initializer_list<const char*> added) {
    const std::string text =
        edited("provides = " + std::string(list) + "\nx = 1\n", [&](Plan& plan) {
          for (const char* item : added) plan.provides.emplace_back(item);
        });
    CHECK(text.starts_with("provides = "));
    CHECK(text.ends_with("\nx = 1\n"));
    return text.substr(11, text.size() - 18);
  };
  CHECK(grown("[]", {"a"}) == "[\"a\"]");
  CHECK(grown("[ ]", {"a", "b"}) == "[\"a\", \"b\"]");
  CHECK(grown("[\n]", {"a"}) == "[\"a\"]");
  CHECK(grown("[ # none\n]", {"a"}) == "[ # none\n\"a\"]");
  CHECK(grown("['x']", {"a", "b"}) == "['x', \"a\", \"b\"]");
  CHECK(grown("['x',]", {"a"}) == "['x', \"a\",]");
  CHECK(grown("[ 'x' , ]", {"a"}) == "[ 'x' , \"a\", ]");
  CHECK(grown("[\n  'x',\n  'y'\n]", {"a"}) == "[\n  'x',\n  'y',\n  \"a\"\n]");
  CHECK(grown("[\n\t'x', # one\n\t'y', # two\n]", {"a", "b"}) ==
        "[\n\t'x', # one\n\t'y', # two\n\t\"a\",\n\t\"b\",\n]");
  CHECK(grown("[\n  'x' # one\n]", {"a", "b"}) == "[\n  'x', # one\n  \"a\",\n  \"b\"\n]");
  CHECK(grown("[\n  'x'\n  # end, really\n  ]", {"a"}) ==
        "[\n  'x',\n  \"a\"\n  # end, really\n  ]");
  CHECK(grown("[\n  'x'\n  , 'y']", {"a"}) == "[\n  'x'\n  , 'y', \"a\"]");
  CHECK(grown("['x'\n,]", {"a"}) == "['x'\n, \"a\",]");
  CHECK(grown("[\"\"\"]\"\"\", ']']", {"a"}) == "[\"\"\"]\"\"\", ']', \"a\"]");
}

TEST_CASE("a list with a changed item keeps the others") {
  CHECK(edited("provides = [\n  'x', # one\n  'y', # two\n]\n", [](Plan& plan) {
          plan.provides[1] = "z";
        }) == "provides = [\n  'x', # one\n  \"z\", # two\n]\n");
  CHECK(edited("provides = ['x', 'y']\n", [](Plan& plan) { plan.provides = {"y"}; }) ==
        "provides = [\"y\"]\n");
  CHECK(edited("provides = 5 # ?\n", [](Plan& plan) { plan.provides = {"y"}; }) ==
        "provides = [\"y\"] # ?\n");
  CHECK(edited("provides = [1, 'a'] # ?\n", [](Plan& plan) {
          plan.provides = {"y", "z"};
        }) == "provides = [\"y\", \"z\"] # ?\n");
}

TEST_CASE("new tables keep one blank line on each side and leave comments with their owners") {
  const Change add = [](Plan& plan) { plan.tasks.push_back(simple_task("009")); };
  const std::string block =
      "[[tasks]]\nid = \"009\"\ndescription = \"new\"\nstatus = \"pending\"\npreconditions = []\n"
      "provides = []\ndepends_on = []\nfiles = []\nowner = \"ada\"\n";
  CHECK(edited("version = 1\n", add) == "version = 1\n\n" + block);
  CHECK(edited("version = 1\n\n", add) == "version = 1\n\n" + block);
  CHECK(edited("# empty\n\n\n", add) == "# empty\n\n\n" + block);
  CHECK(edited("version = 1", add) == "version = 1\n\n" + block.substr(0, block.size() - 1));
  CHECK(edited("[[tasks]]\nid = \"001\"\n# slug = \"x\"\n\n# about meta\n[meta]\n", add) ==
        "[[tasks]]\nid = \"001\"\n# slug = \"x\"\n\n" + block + "\n# about meta\n[meta]\n");
  CHECK(edited("[[tasks]]\nid = \"001\"\n# about meta\n[meta]\n", add) ==
        "[[tasks]]\nid = \"001\"\n\n" + block + "\n# about meta\n[meta]\n");
  CHECK(edited("[[tasks]]\n[tasks.sub.sub]\nx = 1\n[meta]\n", add) ==
        "[[tasks]]\n[tasks.sub.sub]\nx = 1\n\n" + block + "\n[meta]\n");
  const Change note = [](Plan& plan) { plan.updates.push_back({1, "", "n"}); };
  const std::string entry = "[[updates]]\nversion = 1\nnote = \"n\"\n";
  CHECK(edited("version = 1\n\n# first\n[[tasks]]\n", note) ==
        "version = 1\n\n" + entry + "\n# first\n[[tasks]]\n");
  CHECK(edited("version = 1\n[[tasks]]\n", note) == "version = 1\n\n" + entry + "\n[[tasks]]\n");
  CHECK(edited("[[tasks]]\n", note) == entry + "\n[[tasks]]\n");
  CHECK(edited("[[updates]]\nnote = \"o\"\n\n[[tasks]]\n", note) ==
        "[[updates]]\nnote = \"o\"\n\n" + entry + "\n[[tasks]]\n");
  CHECK(edited("architecture = '''\n# Words'''\n[[tasks]]\n", note) ==
        "architecture = '''\n# Words'''\n\n" + entry + "\n[[tasks]]\n");
  CHECK(edited("[[tasks]]\n[[updates]]\n[x]\n", note) ==
        "[[tasks]]\n[[updates]]\n\n" + entry + "\n[x]\n");
}

TEST_CASE("an update and a task that are both the first of their kind stand apart") {
  CHECK(edited("version = 1\n",
               [](Plan& plan) {
                 plan.updates.push_back({1, "", "n"});
                 plan.tasks.emplace_back();
                 plan.tasks[0].id = "001";
                 plan.tasks[0].description = "d";
               }) ==
        "version = 1\n\n[[updates]]\nversion = 1\nnote = \"n\"\n\n[[tasks]]\nid = \"001\"\n"
        "description = \"d\"\nstatus = \"pending\"\npreconditions = []\nprovides = []\n"
        "depends_on = []\nfiles = []\n");
}

TEST_CASE("inline tables are changed in their braces") {
  const Change fail = [](Plan& plan) {
    plan.tasks[0].status = Status::failed;
    plan.tasks[0].reason = "r";
  };
  CHECK(edited("tasks = [{}]\n", fail) == "tasks = [{ status = \"failed\", reason = \"r\" }]\n");
  CHECK(edited("tasks = [{id='1'}]\n", fail) ==
        "tasks = [{id='1', status = \"failed\", reason = \"r\"}]\n");
  CHECK(edited("tasks = [{files=[]}]\n", fail) ==
        "tasks = [{files=[], status = \"failed\", reason = \"r\"}]\n");
  const Change reset = [](Plan& plan) {
    plan.tasks[0].status = Status::pending;
    plan.tasks[0].reason.reset();
    plan.tasks[0].needs_decision = false;
    plan.tasks[0].files = {"f"};
  };
  CHECK(edited("tasks = [{reason='r',needs_decision=true, x.y = [ 1,\n 2],status='failed'}]\n",
               reset) == "tasks = [{ x.y = [ 1,\n 2], status = \"pending\", files = [\"f\"] }]\n");
}

TEST_CASE("items that are no tables are passed over") {
  CHECK(edited("tasks = [1, { id = '001' }, 'x', { id = '002' }]\n", [](Plan& plan) {
          plan.tasks[1].status = Status::completed;
        }) == "tasks = [1, { id = '001' }, 'x', { id = '002', status = \"completed\" }]\n");
}

TEST_CASE("what cannot be changed in place is refused with a way out") {
  const auto refusal = [](std::string_view text, const Change& change) {
    try {
      edited(text, change);
    } catch (const Error& error) {
      CHECK(error.kind() == ErrorKind::fatal);
      REQUIRE(error.hints().size() == 1);
      CHECK(error.hints()[0].text.find("git plan edit") != std::string::npos);
      return true;
    }
    return false;
  };
  const std::string two = "[[tasks]]\nid = '001'\n[[tasks]]\nid = '002'\n";
  CHECK(refusal(two, [](Plan& plan) { plan.tasks.pop_back(); }));
  CHECK(refusal(two, [](Plan& plan) {
    plan.tasks[0].foreign = {{"a", "1"}}, plan.tasks.push_back(plan.tasks[0]),
    plan.tasks.back().foreign = {{"id", "1"}};
  }));
  CHECK(refusal("tasks = 5\n", [](Plan& plan) { plan.tasks.emplace_back(); }));
  CHECK(refusal("[provides]\nx = 1\n", [](Plan& plan) { plan.provides = {"a"}; }));
  CHECK(refusal("version = 1\n", [](Plan& plan) {
    plan.foreign = {{"a", "1\nversion = 3"}};
    plan.tasks.emplace_back().foreign = {{"a", "1\nstatus = 'completed'"}};
  }));
  const Plan other = toml_io::parse_plan(two, "x").plan;
  CHECK_THROWS_AS(toml_io::edit_plan("version = 1\n", other,
                                     edits::complete(other, std::vector<std::string>{"1"})),
                  Error);
}

TEST_CASE("a top-level key is set or added") {
  CHECK(toml_io::set_top_level("version = 1 # v\n", "version", "2") == "version = 2 # v\n");
  CHECK(toml_io::set_top_level("version = 1\n[[tasks]]\n", "session_id", "\"s\"") ==
        "session_id = \"s\"\nversion = 1\n[[tasks]]\n");
  CHECK(toml_io::set_top_level("version = 1\n[[tasks]]\n", "odd key", "[1]") ==
        "version = 1\n\"odd key\" = [1]\n[[tasks]]\n");
  CHECK(toml_io::set_top_level("version = 1\n", "format", "1") == "format = 1\nversion = 1\n");
  CHECK_THROWS_AS(toml_io::set_top_level("[version]\n", "version", "1"), Error);
  CHECK_THROWS_AS(toml_io::set_top_level("version = 1\n", "version", "1 2"), Error);
}

TEST_CASE("approvals are added one by one, before the tasks") {
  const toml_io::Approval first{1, "2025-01-12T15:00:00Z", "Ada <ada@example.org>", ""};
  const toml_io::Approval second{2, "2025-01-12T16:00:00Z", "Bob", "go"};
  std::string text = toml_io::add_approval("version = 2\n\n[[tasks]]\nid = \"001\"\n", first);
  text = toml_io::add_approval(text, second);
  CHECK(text ==
        "version = 2\n\n[[approvals]]\nversion = 1\nat = 2025-01-12T15:00:00Z\n"
        "by = \"Ada <ada@example.org>\"\n\n[[approvals]]\nversion = 2\nat = 2025-01-12T16:00:00Z\n"
        "by = \"Bob\"\nnote = \"go\"\n\n[[tasks]]\nid = \"001\"\n");
  CHECK(toml_io::parse_approvals(text, "plan.toml") == std::vector{first, second});
  CHECK_THROWS_AS(toml_io::add_approval("approvals = 1\n", first), Error);
}
