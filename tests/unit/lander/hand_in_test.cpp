#include "lander/hand_in.hpp"

#include <catch2/catch.hpp>

#include "lander/news.hpp"

namespace gitplan::lander {
namespace {

using supervisor::Landing;
using Outcome = Landing::Outcome;

const std::string hostile = "line\nbreak, \\n, \\, \"quoted\", end\n\n";

Landing full_landing() {
  Landing landing;
  landing.outcome = Outcome::verification_failed;
  landing.reason = hostile;
  landing.commit = std::string(40, 'c');
  landing.conflicts = {hostile, "", " "};
  landing.command = hostile;
  landing.exit_status = 137;
  landing.flaky = true;
  landing.sent_back = supervisor::SentBack{
      hostile, 7, true, {hostile, ""}, {"002", "s/003"}, "refs/git-plan/red/s/001"};
  return landing;
}

HandIn full_hand_in() {
  HandIn made;
  made.by = HandIn::By::person;
  made.flow_branch = "release/flow";
  made.verify = hostile;
  made.tip = git::Oid::parse(std::string(40, 'a'));
  made.since = 1'700'000'000'123'456'789;
  made.state = HandIn::State::held;
  made.announced = true;
  made.is_direct = true;
  made.outcome = full_landing();
  made.record.session = "session-1";
  made.record.task = "012";
  made.record.branch = "task/012-x";
  made.record.told = supervisor::WorkerRecord::Word{hostile, true};
  return made;
}

void same(const Landing& a, const Landing& b) {
  CHECK(a.outcome == b.outcome);
  CHECK(a.reason == b.reason);
  CHECK(a.commit == b.commit);
  CHECK(a.conflicts == b.conflicts);
  CHECK(a.command == b.command);
  CHECK(a.exit_status == b.exit_status);
  CHECK(a.flaky == b.flaky);
  CHECK(a.sent_back == b.sent_back);
}

TEST_CASE("a hand-in is read as it was written, whatever its texts hold") {
  const HandIn written = full_hand_in();
  const auto read = decode_hand_in(encode(written));
  REQUIRE(read);
  CHECK(read->record == written.record);
  CHECK(read->by == written.by);
  CHECK(read->flow_branch == written.flow_branch);
  CHECK(read->verify == written.verify);
  CHECK(read->tip == written.tip);
  CHECK(read->since == written.since);
  CHECK(read->state == written.state);
  CHECK(read->announced == written.announced);
  CHECK(read->is_direct == written.is_direct);
  REQUIRE(read->outcome);
  same(*read->outcome, *written.outcome);
}

TEST_CASE("half a hand-in is none") {
  const std::string text = encode(full_hand_in());
  for (std::size_t size = 0; size < text.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_hand_in(std::string_view(text).substr(0, size)));
  }
}

TEST_CASE("news are one line each, and read as they were told") {
  const auto outcome = GENERATE(Outcome::queued, Outcome::held, Outcome::offered, Outcome::merged,
                                Outcome::already_merged, Outcome::left_work, Outcome::conflicts,
                                Outcome::verification_failed, Outcome::flow_is_red,
                                Outcome::given_up, Outcome::refused);
  Landing landing = full_landing();
  landing.outcome = outcome;
  const std::string line = encode(supervisor::TaskLanding{"001", landing});
  CHECK(line.find('\n') == line.size() - 1);
  const auto news = parse_news(line);
  REQUIRE(news);
  CHECK(std::get<supervisor::TaskLanding>(*news).task == "001");
  same(std::get<supervisor::TaskLanding>(*news).landing, landing);
}

TEST_CASE("a verification is told with its tasks") {
  const supervisor::Verification told{std::string(40, 'b'), {"001", "002"}, true, 1.5};
  const auto news = parse_news(encode(told));
  REQUIRE(news);
  const auto& heard = std::get<supervisor::Verification>(*news);
  CHECK(heard.tree == told.tree);
  CHECK(heard.tasks == told.tasks);
  CHECK(heard.success);
  CHECK(heard.seconds == 1.5);
}

TEST_CASE("what no lander has said is no news") {
  const std::string line = GENERATE(as<std::string>{}, "", "null", "[]", "{}", "{\"landing\":7}",
                                    "{\"landing\":{}}", "{\"landing\":{\"outcome\":\"what\"}}",
                                    "{\"verified\":[1]}", "{\"task\":1,\"landing\":{}}", "\xff");
  CHECK_FALSE(parse_news(line));
}

}  // namespace
}  // namespace gitplan::lander
