#include "remote/claim.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <set>

#include "git/objects.hpp"
#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

using namespace gitplan;
using namespace gitplan::remote;
using testing::ScratchRepository;

namespace {

Claim example() {
  Claim claim;
  claim.machine = "build-1a2b";
  claim.worker = 2;
  claim.branch = "task/002-user-model";
  claim.run = "20250112T143000Z-4711";
  claim.since = 1736692200;
  claim.renewed = 1736692500;
  claim.lease = std::chrono::seconds(900);
  claim.nonce = "0123456789abcdef0123456789abcdef";
  return claim;
}

std::string text() { return claim_message(example(), "Claim task 002"); }

std::string with(const std::string& old, const std::string& replacement) {
  std::string message = text();
  const auto place = message.find(old);
  REQUIRE(place != std::string::npos);
  return message.replace(place, old.size(), replacement);
}

}  // namespace

TEST_CASE("a claim is read as it was written") {
  CHECK(read_claim(text()) == example());
  Claim by_hand = example();
  by_hand.run = "";
  by_hand.lease = std::chrono::seconds(0);
  by_hand.state = GENERATE(ClaimState::held, ClaimState::done, ClaimState::released);
  CHECK(read_claim(claim_message(by_hand, "by hand")) == by_hand);
  Claim verifying = example();
  verifying.worker = 0;
  verifying.branch = "";
  CHECK(read_claim(claim_message(verifying, "verify")) == verifying);
}

TEST_CASE("a claim that says what it cannot say is not read") {
  for (const auto& [old, replacement] : std::initializer_list<std::pair<const char*, std::string>>{
           {"Format: 1", "Format: 2"},
           {"Format: 1", "Format: 99999999999999999999"},
           {"Format: 1\n", ""},
           {"Machine: build-1a2b", "Machine: "},
           {"Machine: build-1a2b", "Machine: a/../b"},
           {"Machine: build-1a2b", "Machine: a\x1b[31m"},
           {"Machine: build-1a2b", "Machine: a\nMachine: b"},
           {"Machine: build-1a2b", "Machine: " + std::string(65, 'a')},
           {"Worker: 2", "Worker: 0"},
           {"Worker: 2", "Worker: -2"},
           {"Worker: 2", "Worker: two"},
           {"Branch: task/002-user-model", "Branch: -x"},
           {"Branch: task/002-user-model", "Branch: a..b"},
           {"Run: 20250112T143000Z-4711\n", ""},
           {"Run: 20250112T143000Z-4711", "Run: a b"},
           {"Run: 20250112T143000Z-4711", "Run: " + std::string(65, '1')},
           {"Lease: 900\n", ""},
           {"Lease: 900", "Lease: 0"},
           {"Lease: 900", "Lease: -900"},
           {"Lease: 900", "Lease: 15 minutes"},
           {"Lease: 900", "Lease: 0x10"},
           {"Since: 2025-01-12T14:30:00Z", "Since: yesterday"},
           {"State: held", "State: free"},
           {"State: held", "State: held\nState: released"},
           {"State: held", "State: held\n\nState: released"},
           {"Nonce: 0123", "Nonce: 123"},
           {"Nonce: 0123", "Nonce: X123"},
           {"Nonce: 0123", "a line\nNonce: 0123"}}) {
    INFO(old << " as " << replacement);
    CHECK_FALSE(read_claim(with(old, replacement)));
  }
  CHECK_FALSE(read_claim(""));
  CHECK_FALSE(read_claim("\n\n\n"));
  CHECK_FALSE(read_claim(with("Claim task 002", std::string(longest_claim, 'x'))));
}

TEST_CASE("trailers that are not known yet are passed over, a lease is at most a day") {
  CHECK(read_claim(with("State: held", "Colour: blue\nState: held")) == example());
  for (const auto* lease : {"Lease: 86401", "Lease: 99999999999999999999999999"}) {
    CHECK(read_claim(with("Lease: 900", lease))->lease == longest_lease);
  }
}

TEST_CASE("whatever bytes a message has, it is read or not") {
  std::mt19937 random(7);
  for (int i = 0; i < 20000; ++i) {
    std::string message = text();
    for (unsigned n = random() % 4; n < 4; ++n) {
      const std::size_t place = random() % message.size();
      if (random() % 3 == 0) message.erase(place, random() % 20);
      if (random() % 3 == 0) message.insert(place, message.substr(0, random() % 100));
      if (!message.empty()) message[random() % message.size()] = static_cast<char>(random());
      if (message.empty()) message = "x";
    }
    if (const auto claim = read_claim(message)) {
      CHECK(claim->lease <= longest_lease);
      CHECK(read_claim(claim_message(*claim, "again")) == claim);
    }
  }
}

TEST_CASE("claims that cannot be read are held and do not expire") {
  const StandingClaim unreadable{{}, std::nullopt};
  CHECK(is_held(unreadable));
  CHECK_FALSE(lease_of(unreadable));
  StandingClaim standing{{}, example()};
  CHECK(is_held(standing));
  CHECK(lease_of(standing) == std::chrono::seconds(900));
  standing.claim->run = "";
  CHECK_FALSE(lease_of(standing));
  standing.claim->state = ClaimState::done;
  CHECK(is_held(standing));
  standing.claim->state = ClaimState::released;
  CHECK_FALSE(is_held(standing));
}

TEST_CASE("a claim is a commit without files, child of the one that it replaces, and unlike any") {
  const ScratchRepository scratch;
  const auto repository = git::Repository::open(scratch.git_dir());
  Claim claim = example();
  claim.nonce = "";
  const git::Oid first = write_claim(repository, claim, "Claim task 002", {});
  const git::Oid second = write_claim(repository, claim, "Claim task 002", first);
  const git::Oid other = write_claim(repository, claim, "Claim task 002", first);
  CHECK(second != other);
  CHECK(git::read_commit(repository, second).parents == std::vector{first});
  CHECK(git::list_tree(repository, git::tree_of(repository, first)).empty());
  CHECK(standing_claim(repository, first).claim->machine == "build-1a2b");
  CHECK(scratch.git({"show", "-s", "--format=%s %(trailers:key=Lease)", first.hex()}) ==
        "Claim task 002 Lease: 900");
  CHECK(scratch.is_sound());
}

TEST_CASE("what stands at a claim ref may be anything") {
  const ScratchRepository scratch;
  const auto repository = git::Repository::open(scratch.git_dir());
  const git::Oid blob = git::write_blob(repository, "State: released\n");
  const git::Oid missing = *git::Oid::parse("0123456789abcdef0123456789abcdef01234567");
  const auto huge = git::create_commit(repository, git::empty_tree(repository), {},
                                       with("Claim", std::string(200000, 'x')));
  for (const git::Oid& object : {blob, missing, huge, git::empty_tree(repository)}) {
    CHECK(standing_claim(repository, object) == StandingClaim{object, std::nullopt});
  }
}

TEST_CASE("no two beats are the same") {
  const ScratchRepository scratch;
  const auto repository = git::Repository::open(scratch.git_dir());
  std::set<git::Oid> beats;
  for (int i = 0; i < 5; ++i) beats.insert(write_beat(repository, {}, "m"));
  CHECK(beats.size() == 5);
  const git::Oid next = write_beat(repository, *beats.begin(), "m");
  CHECK(git::read_commit(repository, next).parents == std::vector{*beats.begin()});
}
