#include "store/ledger.hpp"

#include <catch2/catch.hpp>

#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

using testing::ScratchRepository;

std::string metadata(const std::string& session, const std::string& branch,
                     const std::string& provides) {
  return "format = 1\nid = \"001\"\nsession_id = \"" + session + "\"\nbranch = \"" + branch +
         "\"\nprovides = [" + provides + "]\n";
}

void start_task(const ScratchRepository& scratch, const std::string& branch,
                const std::string& session, const std::string& file,
                const std::string& provides = "") {
  scratch.git({"checkout", "-q", "-b", branch, "flow"});
  scratch.commit_file(".plan/" + session + "/" + file, metadata(session, branch, provides));
}

void make_flow(const ScratchRepository& scratch) {
  scratch.commit_file("a", "a");
  scratch.git({"branch", "flow"});
}

TEST_CASE("a merged task is in flow, by whatever merge") {
  const ScratchRepository scratch;
  make_flow(scratch);
  start_task(scratch, "task/001-x", "s1", "001-x.toml");
  const auto repository = git::Repository::discover();
  CHECK_FALSE(Ledger(repository, "s1").flow("flow").has(1));
  scratch.git({"checkout", "-q", "flow"});
  scratch.git({"merge", "-q", "--squash", "task/001-x"});
  scratch.git({"commit", "-qm", "squashed"});
  CHECK(Ledger(repository, "s1").flow("flow").has(1));
  CHECK_FALSE(Ledger(repository, "s2").flow("flow").has(1));
}

TEST_CASE("a file that is only called like a task's completes nothing, and provides nothing") {
  const ScratchRepository scratch;
  make_flow(scratch);
  scratch.git({"checkout", "-q", "flow"});
  const std::string whole = metadata("s1", "task/001-x", "\"A\"");
  char slug = 'a';
  for (const std::string content :
       {"", "notes", "id = '001'\nbranch = 'task/001-x'", "session_id = 's1'\nid = '001'"})
    scratch.commit_file(std::string(".plan/s1/001-") + slug++ + ".toml", content + "\n");
  scratch.commit_file(".plan/s1/002-x.toml", whole);
  scratch.commit_file(".plan/s2/001-x.toml", whole);
  const auto repository = git::Repository::discover();
  for (int round = 0; round < 2; ++round) {  // the second one knows it from the cache
    for (const std::string session : {"s1", "s2"}) {
      Ledger ledger(repository, session);
      CHECK(ledger.flow("flow").merged.empty());
      CHECK(ledger.other_provides(ledger.flow("flow")).empty());
      CHECK_FALSE(ledger.metadata_in(*ledger.flow("flow").commit, 1));
    }
  }
  scratch.commit_file(".plan/s1/0001-y.toml", whole);
  Ledger ledger(repository, "s1");
  CHECK(ledger.flow("flow").merged == std::vector<std::uint32_t>{1});
  CHECK(ledger.metadata_in(*ledger.flow("flow").commit, 1)->file == "0001-y.toml");
}

TEST_CASE("other sessions' task files in flow provide; one's own do not") {
  const ScratchRepository scratch;
  make_flow(scratch);
  start_task(scratch, "task/001-x", "s1", "001-x.toml", "\"A\", \"B\"");
  scratch.git({"branch", "-f", "flow", "HEAD"});
  const auto repository = git::Repository::discover();
  Ledger own(repository, "s1");
  Ledger other(repository, "s2");
  CHECK(other.other_provides(other.flow("flow")) == std::vector<std::string>{"A", "B"});
  CHECK(own.other_provides(own.flow("flow")).empty());
}

TEST_CASE("a branch without this session's file is somebody else's") {
  const ScratchRepository scratch;
  make_flow(scratch);
  start_task(scratch, "task/001-x", "s1", "001-x.toml");
  scratch.git({"branch", "task/002-plain", "flow"});
  const auto repository = git::Repository::discover();
  Ledger ledger(repository, "s1");
  const auto branches = ledger.task_branches(ledger.flow("flow"));
  CHECK(branches.size() == 1);
  CHECK(branches.at(1).name == "task/001-x");
  Ledger other(repository, "s2");
  CHECK(other.task_branches(other.flow("flow")).empty());
}

TEST_CASE("a renamed branch is still the task's; of two, the one that the file names") {
  const ScratchRepository scratch;
  make_flow(scratch);
  start_task(scratch, "task/001-x", "s1", "001-x.toml");
  scratch.git({"branch", "-m", "task/001-x", "task/001-renamed"});
  const auto repository = git::Repository::discover();
  {
    Ledger ledger(repository, "s1");
    CHECK(ledger.task_branches(ledger.flow("flow")).at(1).name == "task/001-renamed");
  }
  scratch.git({"branch", "task/001-x"});
  Ledger ledger(repository, "s1");
  CHECK(ledger.task_branches(ledger.flow("flow")).at(1).name == "task/001-x");
}

TEST_CASE("a later session's branch of the same number is not taken for an earlier one's") {
  const ScratchRepository scratch;
  make_flow(scratch);
  start_task(scratch, "task/001-x", "s1", "001-x.toml");
  scratch.git({"branch", "-f", "flow", "HEAD"});
  start_task(scratch, "task/001-y", "s2", "001-y.toml");
  scratch.git({"branch", "-D", "-q", "task/001-x"});
  const auto repository = git::Repository::discover();
  Ledger first(repository, "s1");
  CHECK(first.task_branches(first.flow("flow")).empty());
  Ledger second(repository, "s2");
  CHECK(second.task_branches(second.flow("flow")).at(1).name == "task/001-y");
}

TEST_CASE("what was learned once is right again from the cache") {
  const ScratchRepository scratch;
  make_flow(scratch);
  start_task(scratch, "task/001-x", "s1", "001-x.toml");
  const auto repository = git::Repository::discover();
  for (int round = 0; round < 3; ++round) {
    Ledger ledger(repository, "s1");
    const auto flow = ledger.flow("flow");
    CHECK_FALSE(flow.has(1));
    CHECK(ledger.task_branches(flow).contains(1));
  }
  scratch.git({"branch", "-f", "flow", "HEAD"});
  CHECK(Ledger(repository, "s1").flow("flow").has(1));
}

}  // namespace
}  // namespace gitplan
