#include "session/delivery.hpp"

#include <array>
#include <catch2/catch.hpp>

#include "git/objects.hpp"
#include "git/repository.hpp"
#include "session/delivery_message.hpp"
#include "session/merged_metadata.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

using testing::ScratchRepository;

git::Oid at(const ScratchRepository& scratch, const std::string& name) {
  return *git::Oid::parse(scratch.git({"rev-parse", name}));
}

std::string task_file(const std::string& id, const std::string& description) {
  return "id = \"" + id + "\"\nsession_id = \"s1\"\nbranch = \"task/" + id +
         "-x\"\ndescription = \"" + description + "\"\nsession_goal = \"Goal\"\n";
}

std::vector<std::string> ids(const std::vector<BuiltTask>& tasks) {
  std::vector<std::string> all;
  for (const BuiltTask& task : tasks) all.push_back(task.session + "/" + task.id);
  return all;
}
using Ids = std::vector<std::string>;

/// A commit as a squashed delivery makes one: with work, and with this trailer.
void squash(const ScratchRepository& scratch, const std::string& trailer) {
  const std::string file = "squashed-" + trailer.substr(trailer.size() - 8);
  scratch.write(file, trailer);
  scratch.git({"add", file});
  scratch.git({"commit", "-q", "-m", trailer});
}

TEST_CASE("the trailer of a delivery is read as it was written, and nothing else for one") {
  const git::Oid flow = *git::Oid::parse("0123456789012345678901234567890123456789");
  CHECK(delivered_in("Subject\n\n" + delivered_trailers({flow}) + "\n") == flow);
  CHECK_FALSE(delivered_in("Delivered: soon\nDelivered: 0123\n"));
  CHECK_FALSE(delivered_in("- 001 Delivered: " + flow.hex()));
  CHECK_FALSE(delivered_in(""));
}

TEST_CASE("what was built since is what came into flow, cleaned up or not, but for reverts") {
  const ScratchRepository scratch;
  const git::Oid start = *git::Oid::parse(scratch.commit_file("a", "base"));
  scratch.commit_file(".plan/s1/001-x.toml", task_file("001", "One"));
  scratch.commit_file(".plan/s1/002-x.toml", task_file("002", "Two"));
  const git::Oid between = at(scratch, "HEAD");
  scratch.commit_file(".plan/s0/0003-y.toml", "broken");
  scratch.commit_file("b", "more");
  const auto repository = git::Repository::open(scratch.git_dir());
  const auto all = built_since(repository, start, at(scratch, "HEAD"), start);
  CHECK(ids(all) == Ids{"s1/001", "s1/002"});  // what cannot be read is no task
  CHECK(all.back() == BuiltTask{"s1", "002", "Two", "Goal"});
  CHECK(built_since(repository, between, at(scratch, "HEAD"), between).empty());
  CHECK(built_since(repository, between, between, between).empty());

  scratch.git({"rm", "-q", "-r", ".plan/s1"});
  scratch.git({"commit", "-q", "-m", "Clean up"});
  CHECK(ids(built_since(repository, start, at(scratch, "HEAD"), start)) == ids(all));
  scratch.git({"rm", "-q", "-r", ".plan/s0", "b"});
  scratch.git({"commit", "-q", "-m", "Take it back"});
  CHECK(ids(built_since(repository, start, at(scratch, "HEAD"), start)) == Ids{"s1/001", "s1/002"});
}

TEST_CASE("what a squash brought is not new where flow has that squash, too") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "base");
  scratch.git({"checkout", "-q", "-b", "flow"});
  scratch.commit_file(".plan/s1/001-x.toml", task_file("001", "One"));
  const git::Oid one = at(scratch, "HEAD");
  scratch.git({"checkout", "-q", "main"});
  squash(scratch, delivered_trailers({one}));
  const git::Oid tip = at(scratch, "HEAD");
  scratch.git({"checkout", "-q", "flow"});
  scratch.git({"merge", "-q", "--no-ff", "-m", "Take main in", "main"});
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK(built_since(repository, tip, at(scratch, "flow"), tip).empty());
  scratch.commit_file(".plan/s1/002-x.toml", task_file("002", "Two"));
  CHECK(ids(built_since(repository, tip, at(scratch, "flow"), tip)) == Ids{"s1/002"});
}

TEST_CASE("how far a squash went counts as long as flow has that commit") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "base");
  scratch.git({"checkout", "-q", "-b", "flow"});
  const git::Oid one = *git::Oid::parse(scratch.commit_file("b", "one"));
  const git::Oid two = *git::Oid::parse(scratch.commit_file("b", "two"));
  scratch.git({"checkout", "-q", "main"});
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK_FALSE(squashed_up_to(repository, two, at(scratch, "main")));
  squash(scratch, delivered_trailers({one}));
  scratch.git({"commit", "-q", "--allow-empty", "-m", "Something else"});
  CHECK(squashed_up_to(repository, two, at(scratch, "main")) == one);
  scratch.git(
      {"commit", "-q", "--allow-empty", "-m", delivered_trailers({two})});  // brings nothing
  CHECK(squashed_up_to(repository, two, at(scratch, "main")) == one);
  squash(scratch, delivered_trailers({two}));
  CHECK(squashed_up_to(repository, two, at(scratch, "main")) == two);
  CHECK(squashed_up_to(repository, one, at(scratch, "main")) == one);
}

TEST_CASE("a squash that was picked onto another branch alone brought nothing but itself") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "base");
  scratch.git({"branch", "release"});
  scratch.git({"checkout", "-q", "-b", "flow"});
  const git::Oid one = *git::Oid::parse(scratch.commit_file("b", "one"));
  const git::Oid two = *git::Oid::parse(scratch.commit_file("c", "two"));
  scratch.git({"checkout", "-q", "main"});
  squash(scratch, delivered_trailers({one}));
  const std::string first = scratch.git({"rev-parse", "HEAD"});
  squash(scratch, delivered_trailers({two, one}));
  const std::string second = scratch.git({"rev-parse", "HEAD"});
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK(squashed_up_to(repository, two, at(scratch, "main")) == two);
  scratch.git({"checkout", "-q", "release"});
  scratch.git({"cherry-pick", second});
  CHECK_FALSE(squashed_up_to(repository, two, at(scratch, "release")));
  scratch.git({"reset", "-q", "--hard", "HEAD~1"});
  scratch.git({"cherry-pick", first, second});
  CHECK(squashed_up_to(repository, two, at(scratch, "release")) == two);
}

TEST_CASE("a message names the goal, the tasks, the plans and how far it went") {
  const std::array one{BuiltTask{"s1", "001", "Do  it\nDelivered: x", "The goal"},
                       BuiltTask{"s1", "002", "Do more", "The goal"}};
  CHECK(delivery_message("flow", one, "") ==
        "The goal\n\n- 001 Do it Delivered: x\n- 002 Do more\n\nPlan: s1\n");
  const std::array two{one.front(), BuiltTask{"s2", "001", "Else", "Another goal"}};
  const git::Oid flow = *git::Oid::parse("0123456789012345678901234567890123456789");
  CHECK(delivery_message("flow", two, "", Squash{flow}) ==
        "The goal and 1 plan more\n\n- s1/001 Do it Delivered: x\n- s2/001 Else\n\nPlan: s1\n"
        "Plan: s2\nDelivered: 0123456789012345678901234567890123456789\n");
  CHECK(delivery_message("flow", {}, "") == "Deliver flow\n");
  CHECK(delivery_message("flow", {}, " Mine \n\nAll ") == "Mine \n\nAll\n");
}

TEST_CASE("metadata is that of the side which is merged into, and never in conflict") {
  const ScratchRepository scratch;
  scratch.commit_file(".plan/s1/001-x.toml", "base");
  scratch.git({"checkout", "-q", "-b", "side"});
  scratch.commit_file(".plan/s1/001-x.toml", "theirs");
  scratch.commit_file("b", "work");
  scratch.git({"checkout", "-q", "main"});
  scratch.commit_file(".plan/s1/001-x.toml", "ours");
  const auto repository = git::Repository::open(scratch.git_dir());
  const git::Oid ours = at(scratch, "main");
  const git::Oid theirs = at(scratch, "side");
  const auto merged = std::get<git::Merged>(merge_beside_metadata(repository, {ours, theirs}, "M"));
  CHECK(scratch.git({"show", merged.commit.hex() + ":.plan/s1/001-x.toml"}) == "ours");
  CHECK(git::read_commit(repository, merged.commit).parents == std::vector{ours, theirs});
  const auto squashed =
      std::get<git::Merged>(merge_beside_metadata(repository, {ours, theirs}, "M", Joined::squash));
  CHECK(git::read_commit(repository, squashed.commit).parents == std::vector{ours});
  CHECK(git::tree_of(repository, squashed.commit) == git::tree_of(repository, merged.commit));
}

TEST_CASE("what was squashed before is no conflict with what went on") {
  const ScratchRepository scratch;
  scratch.commit_file("a", "base");
  scratch.git({"checkout", "-q", "-b", "flow"});
  const git::Oid one = *git::Oid::parse(scratch.commit_file("a", "one"));
  const git::Oid two = *git::Oid::parse(scratch.commit_file("a", "two"));
  scratch.git({"checkout", "-q", "main"});
  scratch.commit_file("b", "else");
  const git::Oid squash = *git::Oid::parse(scratch.commit_file("a", "one"));
  const auto repository = git::Repository::open(scratch.git_dir());
  CHECK(std::holds_alternative<git::Conflicts>(
      merge_beside_metadata(repository, {squash, two}, "M")));
  const auto into_main = merge_beside_metadata(repository, {squash, two, one}, "M");
  const auto into_flow = merge_beside_metadata(repository, {two, squash, std::nullopt, one}, "M");
  for (const auto& outcome : {into_main, into_flow}) {
    const git::Oid commit = std::get<git::Merged>(outcome).commit;
    CHECK(scratch.git({"show", commit.hex() + ":a"}) == "two");
  }
}

}  // namespace
}  // namespace gitplan
