// What was read once is not opened again: shown by taking the objects away.
#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "git/repository.hpp"
#include "plan/toml.hpp"
#include "store/ledger.hpp"
#include "store/plan_outlines.hpp"
#include "store/plan_store.hpp"
#include "store/repository_facts.hpp"
#include "store/unsettled_plans.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

using testing::ScratchRepository;
using Capabilities = std::vector<std::string>;

void take_away(const ScratchRepository& scratch, const std::string& object) {
  const std::string id = scratch.git({"rev-parse", object});
  REQUIRE(std::filesystem::remove(scratch.git_dir() + "/objects/" + id.substr(0, 2) + "/" +
                                  id.substr(2)));
}

void damage(const ScratchRepository& scratch, const std::string& name) {
  scratch.write(scratch.git_dir() + "/git-plan/cache/" + name, "damaged");
}

std::string metadata(const std::string& session, const std::string& branch,
                     const std::string& provides) {
  const std::string id = branch.substr(branch.find('/') + 1, 3);
  return "format = 1\nid = \"" + id + "\"\nsession_id = \"" + session + "\"\nbranch = \"" + branch +
         "\"\nprovides = [" + provides + "]\n";
}

/// Two sessions in flow, each with a task, and their branches; a third has one under way.
void make_sessions(const ScratchRepository& scratch) {
  scratch.commit_file("a", "a");
  scratch.git({"branch", "flow"});
  for (const std::string session : {"s1", "s2", "s3"}) {
    scratch.git({"checkout", "-q", "-b", "task/001-" + session, "flow"});
    scratch.commit_file(".plan/" + session + "/001-" + session + ".toml",
                        metadata(session, "task/001-" + session, "\"by " + session + "\""));
    if (session != "s3") scratch.git({"branch", "-f", "flow", "HEAD"});
  }
  scratch.git({"checkout", "-q", "flow"});
}

Capabilities provided_to(const std::string& session) {
  const auto repository = git::Repository::discover();
  Ledger ledger(repository, session);
  return ledger.other_provides(ledger.flow("flow"));
}

std::string branch_of(const std::string& session) {
  const auto repository = git::Repository::discover();
  Ledger ledger(repository, session);
  const auto branches = ledger.task_branches(ledger.flow("flow"));
  return branches.contains(1) ? branches.at(1).name : "";
}

TEST_CASE("what a session provides is read once, wherever flow goes") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  CHECK(provided_to("s3") == Capabilities{"by s1", "by s2"});
  take_away(scratch, "flow:.plan/s1/001-s1.toml");
  scratch.write("b", "b");
  scratch.git({"add", "b"});
  scratch.git({"commit", "-qm", "flow moves"});
  CHECK(provided_to("s3") == Capabilities{"by s1", "by s2"});
  CHECK(provided_to("s1") == Capabilities{"by s2"});
}

TEST_CASE("a file that could not be had is asked for again") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  const std::string file = scratch.git({"show", "flow:.plan/s1/001-s1.toml"});
  take_away(scratch, "flow:.plan/s1/001-s1.toml");
  CHECK(provided_to("s3") == Capabilities{"by s2"});
  scratch.write("again", file + "\n");
  scratch.git({"hash-object", "-w", "again"});
  CHECK(provided_to("s3") == Capabilities{"by s1", "by s2"});
}

TEST_CASE("a session's folder that changed in flow is read again") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  CHECK(provided_to("s3") == Capabilities{"by s1", "by s2"});
  scratch.commit_file(".plan/s1/002-more.toml", metadata("s1", "task/002-more", "\"more\""));
  CHECK(provided_to("s3") == Capabilities{"by s1", "more", "by s2"});
  scratch.git({"rm", "-q", ".plan/s1/001-s1.toml"});
  scratch.git({"commit", "-qm", "gone"});
  CHECK(provided_to("s3") == Capabilities{"more", "by s2"});
  scratch.git({"reset", "-q", "--hard", "HEAD~2"});
  CHECK(provided_to("s3") == Capabilities{"by s1", "by s2"});
}

TEST_CASE("whose a branch is, is read once for all sessions, until it moves") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  CHECK(branch_of("s1") == "task/001-s1");
  take_away(scratch, "task/001-s3^{tree}");
  scratch.git({"branch", "task/002-new", "flow"});
  CHECK(branch_of("s3") == "task/001-s3");
  CHECK(branch_of("s2") == "task/001-s2");
  scratch.git({"branch", "-f", "task/001-s3", "flow"});
  CHECK(branch_of("s3").empty());
  scratch.git({"pack-refs", "--all"});
  CHECK(branch_of("s3").empty());
  CHECK(branch_of("s1") == "task/001-s1");
  scratch.git({"branch", "-D", "-q", "task/001-s1"});
  CHECK(branch_of("s1").empty());
}

TEST_CASE("a damaged cache is read past") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  for (const char* name : {"sessions", "branches", "facts-s3"}) {
    CAPTURE(name);
    CHECK(branch_of("s3") == "task/001-s3");
    CHECK(provided_to("s3") == Capabilities{"by s1", "by s2"});
    damage(scratch, name);
  }
  CHECK(branch_of("s3") == "task/001-s3");
}

TEST_CASE("of others' capabilities a plan is told those that its tasks have to do with") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  const auto repository = git::Repository::discover();
  StoredPlan stored;
  stored.plan.tasks.resize(1);
  stored.plan.tasks.front().preconditions = {"by  s2", "by nobody"};
  stored.blob.bytes[0] = 1;
  for (int round = 0; round < 2; ++round) {
    Ledger ledger(repository, "s3");
    CHECK(ledger.other_provides(ledger.flow("flow"), stored) == Capabilities{"by s2"});
  }
  stored.blob.bytes[0] = 2;
  stored.plan.tasks.front().provides = {"by s1"};
  Ledger ledger(repository, "s3");
  CHECK(ledger.other_provides(ledger.flow("flow"), stored) == Capabilities{"by s1", "by s2"});
}

std::string plan_with(const std::string& session, Status status) {
  Plan plan;
  plan.session_id = session;
  plan.tasks.resize(1);
  plan.tasks.front().id = "001";
  plan.tasks.front().description = "Do it";
  plan.tasks.front().status = status;
  return toml_io::render_plan(plan);
}

TEST_CASE("a plan of which all is recorded is not opened again") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "a");
  const auto outlines = [](std::string_view but = {}) {
    const auto repository = git::Repository::discover();
    return outline_plans(repository, PlanStore(repository), but);
  };
  {
    const auto repository = git::Repository::discover();
    const PlanStore store(repository);
    store.create("failed", plan_with("failed", Status::failed), "Create");
    store.create("finished", plan_with("finished", Status::completed), "Create");
    store.create("open", plan_with("open", Status::pending), "Create");
  }
  for (int round = 0; round < 2; ++round) {
    const auto all = outlines();
    REQUIRE(all.size() == 3);
    CHECK((all[0].settled && !all[0].finished));
    CHECK((all[1].settled && all[1].finished));
    CHECK((!all[2].settled && !all[2].finished));
    if (round == 0) {
      std::filesystem::remove(scratch.git_dir() + "/git-plan/cache/plan-finished");
      take_away(scratch, "plan/finished:plan.toml");
    }
  }
  CHECK(outlines("finished").size() == 2);
  damage(scratch, "plans");
  CHECK_FALSE(outlines()[1].settled);  // it cannot be read any more: nothing is known
}

TEST_CASE(
    "which plans are not settled is known as long as the branches of plans stay where they are") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "a");
  const auto make = [](const std::string& session, Status status) {
    const auto repository = git::Repository::discover();
    PlanStore(repository).create(session, plan_with(session, status), "Create");
  };
  const auto unsettled = [](std::string_view but = {}) {
    const auto repository = git::Repository::discover();
    std::string names;
    for (const PlanTip& tip : unsettled_plans(repository, PlanStore(repository), but))
      names += tip.session + " ";
    return names;
  };
  make("failed", Status::failed);
  make("one", Status::pending);
  make("two", Status::in_progress);
  CHECK(unsettled() == "one two ");
  CHECK(unsettled("two") == "one ");
  scratch.git({"pack-refs", "--all"});
  CHECK(unsettled("two") == "one ");
  CHECK(unsettled("one") == "two ");
  damage(scratch, "plans");
  damage(scratch, "plan-failed");
  take_away(scratch, "plan/failed:plan.toml");
  CHECK(unsettled("one") == "two ");
  make("three", Status::pending);
  CHECK(unsettled("one") == "failed three two ");  // it cannot be read any more: nothing is known
  scratch.git({"branch", "-q", "-D", "plan/two"});
  CHECK(unsettled("one") == "failed three ");
  damage(scratch, "unsettled");
  CHECK(unsettled("one") == "failed three ");
}

TEST_CASE("ledgers of one moment agree with those that look for themselves") {
  const ScratchRepository scratch;
  make_sessions(scratch);
  const auto repository = git::Repository::discover();
  RepositoryFacts facts(repository);
  for (const std::string session : {"s1", "s2", "s3"}) {
    Ledger ledger(facts, session);
    const auto branches = ledger.task_branches(ledger.flow("flow"));
    REQUIRE(branches.contains(1));
    CHECK(branches.at(1).name == branch_of(session));
  }
}

}  // namespace
}  // namespace gitplan
