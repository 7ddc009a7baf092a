#include "git/refs_snapshot.hpp"

#include <catch2/catch.hpp>

#include "git/repository.hpp"
#include "scratch_repository.hpp"

using gitplan::testing::ScratchRepository;
using namespace gitplan::git;

namespace {

const std::string prefix = "refs/heads/task/";

RefsPrint print() { return RefsSnapshot(Repository::discover(), prefix).print().value(); }

}  // namespace

TEST_CASE("a print changes with every change of the refs, and with no other's") {
  const ScratchRepository scratch;
  const std::string a = scratch.commit_file("f", "1");
  const std::string b = scratch.commit_file("f", "2");
  std::vector<RefsPrint> seen{print()};
  const auto differs = [&] {
    const RefsPrint now = print();
    const bool is_new = std::find(seen.begin(), seen.end(), now) == seen.end();
    seen.push_back(now);
    return is_new && now == print();
  };
  scratch.git({"update-ref", "refs/heads/task/001-x", a});
  CHECK(differs());
  scratch.git({"update-ref", "refs/heads/task/001-x", b});
  CHECK(differs());
  scratch.git({"update-ref", "refs/heads/task/002-y", a});
  CHECK(differs());
  scratch.git({"pack-refs", "--all"});
  const RefsPrint packed = print();
  scratch.git({"update-ref", "refs/heads/tasks", a});
  scratch.git({"update-ref", "refs/tags/zzz", b});
  scratch.git({"pack-refs", "--all"});
  CHECK(print() == packed);
  scratch.git({"update-ref", "refs/heads/task/002-y", b});
  CHECK(differs());
  scratch.git({"update-ref", "-d", "refs/heads/task/001-x"});
  CHECK(differs());
  scratch.git({"symbolic-ref", "refs/heads/task/001-x", "refs/heads/task/002-y"});
  CHECK(differs());
}

TEST_CASE("a snapshot stays what it was") {
  const ScratchRepository scratch;
  const std::string a = scratch.commit_file("f", "1");
  scratch.git({"update-ref", "refs/heads/task/001-x", a});
  scratch.git({"update-ref", "refs/heads/task/002-y", a});
  scratch.git({"pack-refs", "--all"});
  const Repository repository = Repository::discover();
  const RefsSnapshot snapshot(repository, prefix);
  const auto before = print();
  scratch.git({"update-ref", "-d", "refs/heads/task/001-x"});
  scratch.git({"update-ref", "refs/heads/task/003-z", a});
  CHECK(snapshot.print() == before);
  CHECK(snapshot.refs() == std::vector<Ref>{{"refs/heads/task/001-x", *Oid::parse(a)},
                                            {"refs/heads/task/002-y", *Oid::parse(a)}});
}
