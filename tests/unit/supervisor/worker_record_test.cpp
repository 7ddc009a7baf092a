#include "supervisor/worker_record.hpp"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <thread>

namespace gitplan::supervisor {
namespace {

struct Scratch {
  std::string path = [] {
    std::string name = (std::filesystem::temp_directory_path() / "workers.XXXXXX").string();
    return std::string(::mkdtemp(name.data()));
  }();
  Scratch() = default;
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  ~Scratch() { std::filesystem::remove_all(path); }
};

WorkerRecord full_record() {
  WorkerRecord record;
  record.worker = 7;
  record.session = "session-1";
  record.task = "012";
  record.branch = "task/012-x";
  record.made_branch_at = std::string(40, 'a');
  record.attempt = 3;
  record.failures = 2;
  record.conflicts = {"a b.txt", "line\nbreak", "back\\slash\\n", " ", "end", "\r\t\x01"};
  record.merged_flow = true;
  record.started = 5;
  record.attempt_started = 6;
  record.ended = 7;
  record.log = "/tmp/a folder\nwith a break/log";
  record.phase = WorkerRecord::Phase::ended;
  record.ending = WorkerRecord::Ending::hook_failed;
  record.exit_status = 137;
  record.reason = "exit-status 0\nphase idle\nend\n";
  record.retried_after = "the tests\ndo not pass";
  record.wanted_agent = "fast";
  record.agent = "default";
  record.usage = {{"tokens", 12345}, {"usd", 0.42}};
  record.usage_before = {{"tokens", 1}};
  record.parked_since = 5;
  record.parked_before = 6;
  record.waits_until = 7;
  record.log_begin = 8;
  record.sent_back = SentBack{"make \\\n test",
                              2,
                              true,
                              {"a\nline\\n", "", "end"},
                              {"003", "\n"},
                              "refs/git-plan/red/s/012\nend"};
  record.allow_empty = true;
  record.told = WorkerRecord::Word{"It reads\nevery token \\n.\nend\n", true};
  record.run = {1, 2};
  record.mind = {3, 4};
  record.command = {5, 6};
  return record;
}

TEST_CASE("a worker's record comes back as it was, whatever stands in its texts") {
  CHECK(decode_record(encode(full_record())) == full_record());
}

TEST_CASE("every phase and ending comes back") {
  WorkerRecord record = full_record();
  record.phase = static_cast<WorkerRecord::Phase>(GENERATE(range(0, 5)));
  record.ending = static_cast<WorkerRecord::Ending>(GENERATE(range(0, 6)));
  CHECK(decode_record(encode(record)) == record);
}

TEST_CASE("a worker that said nothing is not one that said an empty word") {
  WorkerRecord record = full_record();
  record.told.reset();
  CHECK_FALSE(decode_record(encode(record))->told);
  record.told = WorkerRecord::Word{};
  CHECK(decode_record(encode(record))->told == WorkerRecord::Word{});
}

TEST_CASE("a task that was not sent back is not one that was sent back without a word") {
  WorkerRecord record = full_record();
  record.sent_back.reset();
  CHECK_FALSE(decode_record(encode(record))->sent_back);
  record.sent_back.emplace();
  CHECK(decode_record(encode(record))->sent_back == SentBack{});
}

TEST_CASE("half a record, or none, is no record") {
  const std::string text = encode(full_record());
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_record(std::string_view(text).substr(0, size)));
  }
  CHECK_FALSE(decode_record(std::string(100, '\0')));
  CHECK_FALSE(decode_record("worker -1\nsession s\ntask 1\nend\n"));
}

TEST_CASE("records are kept by slot, and files that are none are left out") {
  const Scratch scratch;
  const WorkerRecords records(scratch.path + "/workers");
  CHECK(records.all().empty());
  WorkerRecord record = full_record();
  records.write(record);
  record.worker = 2;
  records.write(record);
  std::filesystem::create_directories(scratch.path + "/workers/9");
  std::filesystem::create_symlink("../2/record", scratch.path + "/workers/9/record");
  REQUIRE(records.all().size() == 2);
  CHECK(records.all().front().worker == 2);
  records.erase(2);
  CHECK_FALSE(records.read(2));
  records.erase(5);
  CHECK_FALSE(std::filesystem::exists(scratch.path + "/workers/5"));
}

TEST_CASE("updates of one record are not lost, and a declined one writes nothing") {
  const Scratch scratch;
  const WorkerRecords records(scratch.path + "/workers");
  CHECK_FALSE(records.update(7, [](WorkerRecord&) { return true; }));
  records.write(full_record());
  CHECK_FALSE(records.update(7, [](WorkerRecord& record) {
    record.attempt = 99;
    return false;
  }));
  CHECK(records.read(7)->attempt == 3);
  constexpr int times = 200;
  const auto add = [&](int WorkerRecord::*number) {
    for (int i = 0; i < times; ++i) {
      records.update(7, [&](WorkerRecord& record) {
        ++(record.*number);
        return true;
      });
    }
  };
  std::thread one(add, &WorkerRecord::attempt);
  std::thread two(add, &WorkerRecord::failures);
  one.join();
  two.join();
  CHECK(records.read(7)->attempt == 3 + times);
  CHECK(records.read(7)->failures == 2 + times);
}

}  // namespace
}  // namespace gitplan::supervisor
