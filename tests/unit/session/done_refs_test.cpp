#include "session/done_refs.hpp"

#include <catch2/catch.hpp>

#include "base/error.hpp"
#include "git/repository.hpp"
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

}  // namespace
}  // namespace gitplan
