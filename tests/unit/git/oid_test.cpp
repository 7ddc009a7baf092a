#include "git/oid.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <unordered_set>

using gitplan::git::Oid;
using gitplan::git::OidHash;

TEST_CASE("an object id survives the way to text and back") {
  std::mt19937 random(1);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i < 200; ++i) {
    Oid oid;
    for (auto& b : oid.bytes) b = static_cast<std::uint8_t>(byte(random));
    CHECK(oid.hex().size() == 40);
    CHECK(Oid::parse(oid.hex()) == oid);
  }
}

TEST_CASE("hexadecimal digits are read in either case and written in lower case") {
  const auto oid = Oid::parse("ABCDEF0123456789abcdefABCDEF0123456789AB");
  REQUIRE(oid);
  CHECK(oid->hex() == "abcdef0123456789abcdefabcdef0123456789ab");
  CHECK(oid->abbreviated() == "abcdef0123");
}

TEST_CASE("only 40 hexadecimal digits are an object id") {
  const std::string good(40, 'a');
  CHECK(Oid::parse(good));
  CHECK_FALSE(Oid::parse(""));
  CHECK_FALSE(Oid::parse(good.substr(1)));
  CHECK_FALSE(Oid::parse(good + "a"));
  for (const char bad : {'g', 'G', ' ', '/', ':', '@', '`', '\0', '\n'}) {
    std::string text = good;
    text[17] = bad;
    CHECK_FALSE(Oid::parse(text));
  }
}

TEST_CASE("the zero id is the default and known as such") {
  CHECK(Oid{}.is_zero());
  CHECK(Oid::parse(std::string(40, '0'))->is_zero());
  CHECK_FALSE(Oid::parse(std::string(39, '0') + "1")->is_zero());
}

TEST_CASE("object ids order as their text does, and hash by value") {
  const auto a = Oid::parse(std::string(39, '0') + "1");
  const auto b = Oid::parse("f" + std::string(39, '0'));
  CHECK(*a < *b);
  const std::unordered_set<Oid, OidHash> ids{*a, *b, *a};
  CHECK(ids.size() == 2);
}
