#include "session/asked_file.hpp"

#include <catch2/catch.hpp>

#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

using testing::ScratchRepository;
using Patterns = std::vector<std::string>;

const git::Oid first = *git::Oid::parse("0123456789012345678901234567890123456789");
const git::Oid second = *git::Oid::parse("1123456789012345678901234567890123456789");

TEST_CASE("what was asked for at a beat is current at that beat alone") {
  const ScratchRepository scratch;
  const git::Repository repository = git::Repository::discover();
  const AskedFile asked(repository, "team/hub");
  const Patterns claims{"refs/git-plan/claims/s1/*"};
  CHECK_FALSE(asked.time());
  CHECK_FALSE(asked.has("flow", first, claims));
  asked.write("flow", first, {"refs/heads/flow", "refs/git-plan/claims/*"});
  CHECK(asked.time());
  CHECK(asked.has("flow", first, claims));
  CHECK(asked.has("flow", first, Patterns{"refs/heads/flow", "refs/git-plan/claims/*"}));
  CHECK(asked.has("flow", first, Patterns{"refs/git-plan/claims/s1/001"}));
  CHECK_FALSE(asked.has("flow", first, Patterns{"refs/git-plan/*"}));
  CHECK_FALSE(asked.has("flow", first, Patterns{"refs/heads/flow-2"}));
  CHECK_FALSE(asked.has("flow", second, claims));
  CHECK_FALSE(asked.has("other", first, claims));

  asked.move("flow", second);
  CHECK(asked.has("flow", second, claims));
  CHECK_FALSE(asked.has("flow", first, claims));
  asked.write("other", first, claims);
  CHECK(asked.has("flow", second, claims));
  asked.write("flow", std::nullopt, claims);
  CHECK_FALSE(asked.has("flow", second, claims));
  CHECK(asked.has("other", first, claims));
}

}  // namespace
}  // namespace gitplan
