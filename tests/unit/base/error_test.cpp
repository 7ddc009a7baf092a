#include "base/error.hpp"

#include <catch2/catch.hpp>

using namespace gitplan;

TEST_CASE("an error's kind is its exit status, and its code unless it was given one") {
  const Error error(ErrorKind::wrong_state, "it is done", Hint{"git task list"});
  CHECK(error.exit_status() == 3);
  CHECK(error.code() == "wrong_state");
  CHECK(error.what() == std::string("it is done"));
  CHECK(error.hints().front().text == "git task list");
  const Error named = Error(ErrorKind::wrong_state, "too early").with_code("task_not_ready");
  CHECK(named.code() == "task_not_ready");
}

TEST_CASE("an error keeps all of its messages, and has one at least") {
  const std::vector<std::string> messages = {"first", "second"};
  const Error both(ErrorKind::fatal, messages, {Hint{"git plan list"}});
  CHECK(both.messages() == messages);
  CHECK(both.what() == std::string("first"));
  const Error none(ErrorKind::fatal, std::vector<std::string>{}, std::vector<Hint>{});
  CHECK(none.messages().size() == 1);
}

TEST_CASE("every kind has a word of its own") {
  CHECK(std::string(kind_code(ErrorKind::negative)) == "negative");
  CHECK(std::string(kind_code(ErrorKind::not_found)) == "not_found");
  CHECK(std::string(kind_code(ErrorKind::lost_race)) == "lost_race");
  CHECK(std::string(kind_code(ErrorKind::timed_out)) == "timed_out");
  CHECK(std::string(kind_code(ErrorKind::fatal)) == "fatal");
  CHECK(std::string(kind_code(ErrorKind::usage)) == "usage");
}
