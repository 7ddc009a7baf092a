#include "store/verified_trees.hpp"

#include <catch2/catch.hpp>

#include "git/repository.hpp"
#include "store/cache.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

git::Oid tree(int number) {
  git::Oid oid;
  oid.bytes[0] = static_cast<std::uint8_t>(number % 256);
  oid.bytes[1] = static_cast<std::uint8_t>(number / 256);
  return oid;
}

void on_day(testing::ScratchRepository& scratch, int day) {
  scratch.set_environment("GIT_PLAN_TEST_DATE", std::to_string(1700000000 + day * 86400));
}

}  // namespace

TEST_CASE("a verified tree is known by tree and command, for 30 days") {
  testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  on_day(scratch, 0);
  CHECK_FALSE(verified_trees::has(repository, tree(1), "make test"));
  verified_trees::add(repository, tree(1), "make test");
  verified_trees::add(repository, tree(2), "make lint");
  verified_trees::add(repository, tree(2), "a\nb");
  CHECK(verified_trees::has(repository, tree(1), "make test"));
  CHECK(verified_trees::has(repository, tree(2), "a\nb"));
  CHECK_FALSE(verified_trees::has(repository, tree(2), "make test"));
  CHECK_FALSE(verified_trees::has(repository, tree(3), "make test"));
  on_day(scratch, 30);
  CHECK(verified_trees::has(repository, tree(1), "make test"));
  on_day(scratch, 31);
  CHECK_FALSE(verified_trees::has(repository, tree(1), "make test"));
  on_day(scratch, -31);
  CHECK_FALSE(verified_trees::has(repository, tree(1), "make test"));
}

TEST_CASE("verified again, a tree is known for another 30 days") {
  testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  on_day(scratch, 0);
  verified_trees::add(repository, tree(1), "make");
  on_day(scratch, 20);
  verified_trees::add(repository, tree(1), "make");
  on_day(scratch, 45);
  CHECK(verified_trees::has(repository, tree(1), "make"));
}

TEST_CASE("what holds the verified trees may be gone, or nonsense") {
  testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  for (const std::string& payload : {std::string(), std::string("\x01\x01m\x7f", 4),
                                     std::string("\x00\x01", 2) + std::string(22, 'x')}) {
    cache::save(repository, "verified", payload);
    CHECK_FALSE(verified_trees::has(repository, tree(1), "m"));
    verified_trees::add(repository, tree(1), "m");
    CHECK(verified_trees::has(repository, tree(1), "m"));
  }
}
}  // namespace gitplan
