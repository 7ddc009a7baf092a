#include "agents/usage.hpp"

#include <catch2/catch.hpp>

namespace gitplan::agents {
namespace {

TEST_CASE("usage is summed line by line") {
  const auto file = read_usage("tokens 100\nusd 0.25\n\n  tokens\t23 \nusd 0.17\r\n");
  CHECK(file.problem.empty());
  CHECK(to_words(file.usage) == "tokens=123 usd=0.42");
  CHECK(read_usage("").usage.empty());
}

TEST_CASE("what is no usage is said, and the rest counts") {
  const auto bad = GENERATE("garbage", "tokens -1", "tokens 1e308", "tokens nan", "tokens inf",
                            "1 tokens", "tokens 1 2", "tokens", "tok\x01 1", "tokens 1e15");
  const auto file = read_usage(std::string("tokens 5\n") + bad + "\n");
  CHECK(to_words(file.usage) == "tokens=5");
  CHECK(file.problem.starts_with("1 line of its usage not counted: '"));
}

TEST_CASE("sums stay numbers, and units few") {
  std::string text;
  for (int i = 0; i < 1000; ++i) text += "u" + std::to_string(i) + " 1\n";
  for (int i = 0; i < 100; ++i) text += "u0 999999999999999\n";
  const auto file = read_usage(text);
  CHECK(file.usage.size() == 32);
  CHECK(file.usage.at("u0") < 1e15);
  CHECK_FALSE(file.problem.empty());
}

TEST_CASE("words are read back") {
  const Usage usage{{"tokens", 12345}, {"usd", 0.42}};
  CHECK(to_words(usage) == "tokens=12345 usd=0.42");
  CHECK(parse_words("tokens=12345 usd=0.42") == usage);
  CHECK(parse_words("x tokens=-1 =5 usd=").empty());
}

TEST_CASE("a cap is reached when the sum has come up to it") {
  CHECK(parse_cap("usd=5") == Cap{"usd", 5});
  for (const auto* bad : {"usd", "=5", "usd=", "usd=x", "usd=-1", "5=usd"})
    CHECK_FALSE(parse_cap(bad));
  const std::vector<Cap> caps{{"usd", 5}, {"tokens", 100}};
  CHECK_FALSE(reached({{"usd", 4.99}}, caps));
  CHECK(reached({{"usd", 4.99}, {"tokens", 100}}, caps) == Reached{{"tokens", 100}, 100});
  CHECK(reached({}, {{"usd", 0}}));
}

}  // namespace
}  // namespace gitplan::agents
