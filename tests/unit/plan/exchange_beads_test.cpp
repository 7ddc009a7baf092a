// beads' records as its own tools, hands and merges leave them.
#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "unit/plan/imported.hpp"

namespace gitplan::exchange {
namespace {

using test::external_ids;
using test::messages;
using test::needs;
using Words = std::vector<std::string>;

Imported read(const std::string& lines) { return from_beads(lines, "x", {}); }

std::string issue(const std::string& id, const std::string& rest = "") {
  return R"({"id":")" + id + R"(","title":"T")" + (rest.empty() ? "" : "," + rest) + "}\n";
}

TEST_CASE("records that are no issues are left out by line") {
  const Imported got = read(issue("bd-a", R"("_type":"issue")") +
                            R"({"_type":"memory","key":"style","value":"two spaces"})"
                            "\n"
                            "[]\n3\n\"x\"\nnull\n"
                            R"({"title":"no id"})"
                            "\n"
                            R"({"id":"","title":"x"})"
                            "\n"
                            R"({"_type":"memory","key":"k"})"
                            "\n" +
                            issue("bd-b"));
  CHECK(external_ids(got) == Words{"bd-a", "bd-b"});
  CHECK(messages(got) ==
        Words{"a record of type 'memory' is no issue and is left out: line 2, line 9",
              "what is no record is left out: line 3, line 4, line 5, line 6",
              "a record without an id is left out: line 7, line 8"});
  CHECK_THROWS_WITH(read("[1]"), "x: no issues in it; what is no record is left out: record 1");
}

TEST_CASE("what an issue says reaches its worker, and goes out again as it came") {
  const std::string said =
      R"("description":"Log in","design":"One table","notes":"Ask Bo","acceptance_criteria":"- fast")";
  const Imported got = read(issue("bd-a") + issue("bd-b", said) +
                            issue("bd-c", R"("dependencies":[{"depends_on_id":"bd-b",)"
                                          R"("type":"parent-child"}])"));
  const Task* task = test::task_of(got, "bd-b");
  REQUIRE(task != nullptr);
  CHECK(task->details == "Log in\n\nDesign:\nOne table\n\nNotes:\nAsk Bo");
  CHECK(task->test_strategy == "- fast");
  CHECK(test::task_of(got, "bd-c")->part_of == task->id);
  Plan plan = got.plan;
  const std::string out = to_beads(plan);
  CHECK(out.find(R"("description":"Log in")") != std::string::npos);
  CHECK(out.find(R"("design":"One table")") != std::string::npos);
  CHECK(out.find(R"("acceptance_criteria":"- fast")") != std::string::npos);
  CHECK(from_beads(out, "x", {}).plan.tasks == plan.tasks);
}

TEST_CASE("ids that end in numbers keep them, hashes do not") {
  const auto ids = [](const std::string& lines) {
    Words got;
    for (const Task& task : read(lines).plan.tasks) got.push_back(task.id);
    return got;
  };
  CHECK(ids(issue("bd-12") + issue("bd-7")) == Words{"012", "007"});
  CHECK(ids(issue("bd-12") + issue("bd-12.1") + issue("bd-7")) == Words{"012", "013", "007"});
  CHECK(ids(issue("bd-a3f8") + issue("bd-857") + issue("bd-x2k9")) == Words{"001", "002", "003"});
  CHECK(ids(issue("bd-999999") + issue("bd-x2k9qq")) == Words{"001", "002"});
  CHECK(ids(issue("bd-8557")) == Words{"001"});
  CHECK(ids(issue("bd-85571234567")) == Words{"001"});
  CHECK(ids(issue("bd-999") + issue("bd-1") + issue("bd-1.1")) == Words{"999", "001", "002"});
}

TEST_CASE("of records with one id the newest counts, wherever it stands") {
  const std::string opened = R"("status":"open","updated_at":"2025-01-31T23:00:00.5Z")";
  const std::string closed = R"("status":"closed","updated_at":"2025-02-01T00:00:00.75+01:00")";
  const std::string needs_it = issue("bd-3", R"("dependencies":[{"depends_on_id":"bd-2"}])");
  for (const std::string& lines : {issue("bd-2", opened) + issue("bd-2", closed) + needs_it,
                                   issue("bd-2", closed) + needs_it + issue("bd-2", opened)}) {
    const Imported got = read(lines);
    CHECK(external_ids(got).size() == 2);
    CHECK(test::task_of(got, "bd-2")->status == Status::completed);
    CHECK(needs(got, "bd-3") == Words{"bd-2"});
    CHECK(messages(got) == Words{"of records with one id only the newest is taken: bd-2"});
  }
  // Neither says when: what was written last. The same twice is no news.
  CHECK(test::task_of(read(issue("a") + issue("a", R"("status":"closed")")), "a")->status ==
        Status::completed);
  CHECK(messages(read(issue("a") + issue("a"))).empty());
  // Deleted last: it is gone, and who waited for it is told.
  const Imported gone =
      read(issue("bd-2", opened) + needs_it +
           issue("bd-2", R"("status":"tombstone","updated_at":"2025-03-01T00:00:00Z")"));
  CHECK(external_ids(gone) == Words{"bd-3"});
  CHECK(messages(gone).back() == "a dependency on 'bd-2', which is not there, is left out: bd-3");
}

TEST_CASE("both sides of a conflict are read, what they began with is not") {
  const Imported got =
      read("<<<<<<< HEAD\n" + issue("a", R"("updated_at":"2025-01-02T00:00:00Z")") +
           "||||||| 1234567\n" + issue("gone") + "=======\r\n" +
           issue("a", R"("status":"closed","updated_at":"2025-01-03T00:00:00Z")") + issue("b") +
           ">>>>>>> theirs\n" + issue("c"));
  CHECK(external_ids(got) == Words{"a", "b", "c"});
  CHECK(test::task_of(got, "a")->status == Status::completed);
  CHECK(messages(got) ==
        Words{"a conflict of git's is not settled, both sides are read: line 1, line 3, "
              "line 5, line 8",
              "of records with one id only the newest is taken: a"});
}

TEST_CASE("dependencies are read in every form, from whichever record tells of them") {
  const auto with = [](const std::string& dependencies) {
    return read(issue("a") + issue("b", R"("dependencies":)" + dependencies));
  };
  for (const char* form : {R"([{"issue_id":"b","depends_on_id":"a","type":"blocks"}])", R"(["a"])",
                           R"("a")", R"([{"depends_on_id":"a"}])", R"({"depends_on_id":"a"})",
                           R"([{"id":"a","title":"T","dependency_type":"blocks"}])"}) {
    CAPTURE(form);
    CHECK(needs(with(form), "b") == Words{"a"});
    CHECK(messages(with(form)).empty());
  }
  const Imported told = with(R"([{"issue_id":"a","depends_on_id":"b","type":"blocks"}])");
  CHECK(needs(told, "a") == Words{"b"});
  CHECK(messages(with("null")).empty());
  CHECK(messages(with("[null, {}]")) ==
        Words{"a dependency that names no issue is left out, 'null': b",
              "a dependency that names no issue is left out, '{}': b"});
  CHECK(messages(with(R"([{"issue_id":"z","depends_on_id":"a"}])")) ==
        Words{"a dependency of 'z', which is not there, is left out: b"});
  const Imported gate = with(R"([{"depends_on_id":"a","type":"waits-for"}])");
  CHECK(needs(gate, "b") == Words{"a"});
  CHECK(messages(gate) == Words{"a dependency of type 'waits-for' became one that blocks: b"});
}

TEST_CASE("a parent is kept or told of") {
  const auto child = [](const std::string& id, const std::string& parent) {
    return issue(id,
                 R"("dependencies":[{"depends_on_id":")" + parent + R"(","type":"parent-child"}])");
  };
  const Imported nested = read(issue("e") + child("f", "e") + child("g", "f"));
  CHECK(needs(nested, "e") == Words{"f"});
  CHECK(needs(nested, "f") == Words{"g"});
  CHECK(messages(read(child("a", "z"))) ==
        Words{"a parent 'z', which is not there, is left out: a"});
  CHECK(messages(read(child("a", "a"))) ==
        Words{"a parent 'a', which is a part of it, is left out: a cycle: a"});
  const Imported circle = read(child("a", "b") + child("b", "c") + child("c", "b"));
  CHECK(messages(circle) == Words{"a parent 'b', which is a part of it, is left out: a cycle: c"});
  CHECK(needs(circle, "c") == Words{"b"});
  CHECK(messages(read(issue("a") + issue("b") +
                      issue("c", R"("dependencies":[{"depends_on_id":"a","type":"parent-child"},)"
                                 R"({"depends_on_id":"b","type":"parent-child"}])"))) ==
        Words{"a second parent 'b' is left out: c"});
}

TEST_CASE("what a list of bd says of parents and dependents counts as what an export says") {
  for (const char* parent :
       {R"("parent":"e")", R"("parent_id":"e")", R"("parent":{"id":"e"})",
        R"("parent":"e","dependencies":[{"depends_on_id":"e","type":"parent-child"}])"}) {
    CAPTURE(parent);
    const Imported got =
        read(issue("e", R"("dependencies":["b"])") + issue("b") + issue("p", parent));
    CHECK(messages(got).empty());
    CHECK(test::task_of(got, "p")->part_of == test::task_of(got, "e")->id);
    CHECK(needs(got, "p") == Words{"b"});
    CHECK(needs(got, "e") == Words{"b", "p"});
  }
  CHECK(messages(read(issue("a", R"("parent":[1])") + issue("b", R"("parent":"z")") +
                      issue("c", R"("parent":null,"parent_id":"")"))) ==
        Words{"a parent that names no issue is left out, '[1]': a",
              "a parent 'z', which is not there, is left out: b"});
  const Imported told = read(
      issue(
          "a",
          R"("dependents":[{"id":"b","dependency_type":"blocks"},{"id":"c","dependency_type":"parent-child"},)"
          R"({"id":"z"},{},{"id":"d","dependency_type":"related"}])") +
      issue("b", R"("dependencies":["a"])") + issue("c") + issue("d"));
  CHECK(needs(told, "b") == Words{"a"});
  CHECK(test::task_of(told, "c")->part_of == test::task_of(told, "a")->id);
  CHECK(messages(told) ==
        Words{"a dependency of 'z', which is not there, is left out: a",
              "a dependent that names no issue is left out, '{}': a",
              "a dependency of type 'related' orders no work and is left out: d"});
}

TEST_CASE("line ends and a mark at the beginning mean nothing") {
  CHECK(external_ids(read("\xEF\xBB\xBF" + issue("a") + "\r\n \r\n" + issue("b") + "\r\n")) ==
        Words{"a", "b"});
  CHECK(external_ids(read("\xEF\xBB\xBF[" + issue("a") + "]")) == Words{"a"});
}

TEST_CASE("a line that is no JSON does not stop the others") {
  const Imported got = read(issue("a") + R"({"id":"b","id":"c"})" + "\n<<garbage\n" + issue("d"));
  CHECK(external_ids(got) == Words{"a", "d"});
  CHECK(messages(got).front() == "a line is left out, no JSON: duplicate key 'id': line 2");
  CHECK(messages(got).size() == 2);
  CHECK_THROWS_WITH(read(R"({"id":"b","id":"c"})"),
                    "x: no issues in it; a line is left out, no JSON: duplicate key 'id': line 1");
}

}  // namespace
}  // namespace gitplan::exchange
