#include "session/done_refs.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "git/repository.hpp"
#include "plan/plan.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

using testing::ScratchRepository;

struct Scratch {
  ScratchRepository scratch;
  git::Oid one = *git::Oid::parse(scratch.commit_file("a", "one"));
  git::Oid two = *git::Oid::parse(scratch.commit_file("a", "two"));
  git::Repository repository = git::Repository::open(scratch.git_dir());
};

TEST_CASE("a task is done at the tip that was last said, until that is dropped") {
  const Scratch s;
  CHECK_FALSE(done_ref(s.repository, "s1", "001"));
  CHECK(done_refs(s.repository, "s1").empty());
  CHECK_FALSE(drop_done(s.repository, "s1", "001"));
  set_done(s.repository, "s1", "001", s.one);
  set_done(s.repository, "s1", "1", s.two);
  CHECK(done_ref(s.repository, "s1", "0001") == s.two);
  CHECK(s.scratch.git({"rev-parse", "refs/git-plan/done/s1/001"}) == s.two.hex());
  CHECK_FALSE(drop_done(s.repository, "s1", "001", s.one));
  CHECK(drop_done(s.repository, "s1", "001", s.two) == s.two);
  CHECK_FALSE(done_ref(s.repository, "s1", "001"));
}

TEST_CASE("the refs of one session are those of no other, loose or packed") {
  const Scratch s;
  set_done(s.repository, "s1", "001", s.one);
  set_done(s.repository, "s1", "12345", s.two);
  s.scratch.git({"pack-refs", "--all"});
  set_done(s.repository, "s1.2", "002", s.one);
  set_red(s.repository, "s1", "003", s.two);
  s.scratch.git({"update-ref", "refs/git-plan/done/s1/no-task", "HEAD"});
  s.scratch.git({"update-ref", "refs/git-plan/done/s1/1", "HEAD"});
  CHECK(done_refs(s.repository, "s1") == TaskTips{{1, s.one}, {12345, s.two}});
  CHECK(red_refs(s.repository, "s1") == TaskTips{{3, s.two}});
  CHECK(drop_red(s.repository, "s1", "003") == s.two);
  CHECK_FALSE(red_ref(s.repository, "s1", "003"));
}

TEST_CASE("a name that could leave its folder makes no ref") {
  const Scratch s;
  for (const auto& [session, task] :
       std::vector<std::pair<const char*, const char*>>{{"..", "001"},
                                                        {"s/../../heads", "001"},
                                                        {"", "001"},
                                                        {"s", "../../../heads/main"},
                                                        {"s", ""}}) {
    CHECK_THROWS_AS(set_done(s.repository, session, task, s.one), Error);
    CHECK_THROWS_AS(drop_red(s.repository, session, task), Error);
  }
}

TEST_CASE("what is released stays, by flow, by a branch of the task, or as an attempt") {
  const Scratch s;
  const auto kept = [&] {
    return s.scratch.git(
        {"for-each-ref", "--format=%(objectname)", "refs/git-plan/attempts/s1/001"});
  };
  set_done(s.repository, "s1", "001", s.one);
  CHECK_FALSE(release_done(s.repository, "s1", "001", s.two));
  s.scratch.git({"branch", "task/001-x", s.two.hex()});
  set_done(s.repository, "s1", "001", s.one);
  CHECK_FALSE(release_done(s.repository, "s1", "001", std::nullopt));
  CHECK(kept().empty());
  s.scratch.git({"branch", "-m", "task/001-x", "task/0011-x"});
  set_done(s.repository, "s1", "001", s.one);
  CHECK(release_done(s.repository, "s1", "001", std::nullopt));
  CHECK(kept() == s.one.hex());
  CHECK(done_refs(s.repository, "s1").empty());
}

TEST_CASE("tasks that came to an end are not done any more") {
  const Scratch s;
  s.scratch.git({"branch", "flow", s.one.hex()});
  Plan plan;
  plan.flow_branch = "flow";
  for (const auto& [id, status] :
       std::vector<std::pair<const char*, Status>>{{"001", Status::pending},
                                                   {"0002", Status::failed},
                                                   {"003", Status::cancelled},
                                                   {"004", Status::completed},
                                                   {"005", Status::completed}}) {
    plan.tasks.emplace_back();
    plan.tasks.back().id = id;
    plan.tasks.back().status = status;
  }
  for (const char* task : {"001", "002", "003", "004", "006"})
    set_done(s.repository, "s1", task, s.one);
  set_done(s.repository, "s1", "005", s.two);  // flow lacks it
  set_done(s.repository, "s2", "002", s.one);
  release_settled(s.repository, "s1", plan);
  CHECK(done_refs(s.repository, "s1") == TaskTips{{1, s.one}, {5, s.two}});
  CHECK(done_refs(s.repository, "s2").size() == 1);
}

}  // namespace
}  // namespace gitplan
