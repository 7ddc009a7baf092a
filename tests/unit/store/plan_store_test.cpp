#include "store/plan_store.hpp"

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "git/repository.hpp"
#include "plan/edits.hpp"
#include "plan/toml.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

Plan small_plan() {
  Plan plan;
  plan.session_id = "s1";
  plan.created_at = "2025-01-12T14:30:00Z";
  for (const char* id : {"001", "002"}) {
    Task task;
    task.id = id;
    task.description = "Do it";
    plan.tasks.push_back(task);
  }
  return plan;
}

Plan completed(const StoredPlan& current, const std::string& id) {
  return edits::complete(current.plan, std::span(&id, 1));
}

TEST_CASE("a plan that was created is found, listed and equal") {
  const testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  const PlanStore store(repository);
  CHECK_FALSE(store.find("s1"));
  const StoredPlan made = store.create("s1", toml_io::render_plan(small_plan()), "Create");
  CHECK(made.plan == small_plan());
  CHECK(store.load("s1").commit == made.commit);
  REQUIRE(store.list().size() == 1);
  CHECK(store.list().front().session == "s1");
  CHECK_THROWS_AS(store.create("s1", "format = 1\n", "Again"), Error);
  CHECK(scratch.is_sound());
}

TEST_CASE("an update makes one version; one that changes nothing makes none") {
  const testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  const PlanStore store(repository);
  store.create("s1", toml_io::render_plan(small_plan()), "Create");
  const auto first =
      store.update("s1", "Complete", [](const StoredPlan& now) { return completed(now, "001"); });
  CHECK(first.changed);
  CHECK(first.stored.plan.version == 2);
  const auto again =
      store.update("s1", "Complete", [](const StoredPlan& now) { return completed(now, "001"); });
  CHECK_FALSE(again.changed);
  CHECK(again.stored.plan.version == 2);
  CHECK(scratch.git({"rev-list", "--count", "plan/s1"}) == "2");
}

TEST_CASE("what an update leaves in the cache is what its text says") {
  const testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  const PlanStore store(repository);
  store.create("s1", "architecture = 5\n# a comment\n" + toml_io::render_plan(small_plan()),
               "Create");
  const auto write =
      store.update("s1", "Complete", [](const StoredPlan& now) { return completed(now, "001"); });
  const StoredPlan read = store.read_at("s1", write.stored.commit);
  for (const StoredPlan& recalled : {write.stored, store.load("s1")}) {
    CHECK(recalled.blob == read.blob);
    CHECK(recalled.plan == read.plan);
    CHECK(recalled.diagnostics == read.diagnostics);
    CHECK(recalled.task_lines == read.task_lines);
  }
  CHECK_FALSE(read.diagnostics.empty());
}

TEST_CASE(
    "a plan's file that holds another blob is not read, though the text is known by its sum") {
  const testing::ScratchRepository scratch;
  scratch.commit_file("other", "other");
  const auto repository = git::Repository::discover();
  const PlanStore store(repository);
  store.create("s1", toml_io::render_plan(small_plan()), "Create");
  const StoredPlan now =
      store.update("s1", "Complete", [](const StoredPlan& plan) { return completed(plan, "001"); })
          .stored;
  CHECK(store.text(now) == scratch.git({"show", "plan/s1:plan.toml"}) + "\n");
  const auto file_of = [&](const std::string& id) {
    return repository.common_dir() + "/objects/" + id.substr(0, 2) + "/" + id.substr(2);
  };
  const std::string file = file_of(now.blob.hex());
  std::filesystem::remove(file);
  std::filesystem::copy_file(file_of(scratch.git({"rev-parse", "HEAD:other"})), file);
  const auto later = git::Repository::discover();
  CHECK_THROWS_AS(PlanStore(later).text(now), Error);
  std::filesystem::remove_all(repository.common_dir() + "/git-plan/cache");
  CHECK_THROWS_AS(PlanStore(later).text(now), Error);
}

TEST_CASE("an update that loses the race is applied again to what won") {
  const testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  const PlanStore store(repository);
  store.create("s1", toml_io::render_plan(small_plan()), "Create");
  int runs = 0;
  const auto write = store.update("s1", "Complete 002", [&](const StoredPlan& now) {
    if (++runs == 1) {
      // Somebody commits by hand between our read and our write.
      scratch.git({"worktree", "add", "-q", scratch.root() + "/hand", "plan/s1"});
      const std::string folder = scratch.root() + "/hand";
      std::string text = scratch.read(folder + "/plan.toml");
      text.insert(0, "# by hand\n");
      scratch.write(folder + "/plan.toml", text);
      testing::ScratchRepository::git_in(folder, {"commit", "-qam", "By hand"});
    }
    return completed(now, "002");
  });
  CHECK(runs == 2);
  CHECK(write.stored.plan.version == 2);
  CHECK(store.text(write.stored).starts_with("# by hand\n"));
  CHECK(write.stored.plan.tasks[1].status == Status::completed);
}

TEST_CASE("an edit that refuses writes nothing") {
  const testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  const PlanStore store(repository);
  const auto made = store.create("s1", toml_io::render_plan(small_plan()), "Create");
  const auto refuse = [](const StoredPlan&) -> Plan { throw Error(ErrorKind::wrong_state, "no"); };
  CHECK_THROWS_AS(static_cast<void>(store.update("s1", "x", refuse)), Error);
  CHECK(store.load("s1").commit == made.commit);
}

TEST_CASE("a plan.toml that is a symbolic link is refused") {
  const testing::ScratchRepository scratch;
  scratch.git({"checkout", "-q", "--orphan", "plan/evil"});
  std::filesystem::create_symlink("/etc/passwd", scratch.folder() + "/plan.toml");
  scratch.git({"add", "plan.toml"});
  scratch.git({"commit", "-qm", "evil"});
  const auto repository = git::Repository::discover();
  CHECK_THROWS_WITH(PlanStore(repository).load("evil"), Catch::Contains("symbolic link"));
}

}  // namespace
}  // namespace gitplan
