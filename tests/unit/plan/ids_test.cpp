#include "plan/ids.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>

using namespace gitplan;

TEST_CASE("a session is a short lower-case word that makes a valid ref") {
  for (const char* good : {"session-20250112-143000", "a", "0", "x.y_z-1", "release-1.2"}) {
    CAPTURE(good);
    CHECK(is_session(good));
  }
  CHECK(is_session(std::string(64, 'a')));
  for (const char* bad : {"", "-a", ".a", "_a", "A", "a b", "a/b", "a..b", "a.", "a.lock", "é",
                          "a\n", "a@{b", "a~", "refs/heads/x"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_session(bad));
  }
  CHECK_FALSE(is_session(std::string(65, 'a')));
  CHECK_FALSE(is_session(std::string_view("a\0b", 3)));
}

TEST_CASE("the seed's sessions carry a date and a time") {
  CHECK(is_seed_session("session-20250112-143000"));
  for (const char* other :
       {"session-20250112", "session-20250112-1430000", "session-2025011-143000",
        "plan-20250112-143000", "session-20250112_143000", "session-"}) {
    CAPTURE(other);
    CHECK_FALSE(is_seed_session(other));
  }
}

TEST_CASE("a task id has 3 to 6 digits, and its abbreviations the same number") {
  CHECK(is_task_id("001"));
  CHECK(is_task_id("999999"));
  for (const char* bad : {"", "1", "01", "0000001", "00a", " 001", "-01", "+01"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_task_id(bad));
  }
  CHECK(task_number("1") == 1U);
  CHECK(task_number("000001") == 1U);
  CHECK(task_number("999999") == 999999U);
  for (const char* bad : {"", "1234567", "1a", "-1", "0x1", "1 "}) CHECK_FALSE(task_number(bad));
  CHECK(same_task("001", "1"));
  CHECK(same_task("001", "0001"));
  CHECK(same_task("abc", "abc"));
  CHECK_FALSE(same_task("abc", "abd"));
  CHECK_FALSE(same_task("001", "002"));
  CHECK_FALSE(same_task("", "0"));
  CHECK(format_task_id(7) == "007");
  CHECK(format_task_id(1234) == "1234");
}

TEST_CASE("a slug is made of the description's words") {
  CHECK(derive_slug("Create User model with email/password") ==
        "create-user-model-with-email-password");
  CHECK(derive_slug("  Don't   panic!  ") == "dont-panic");
  CHECK(derive_slug("Größe ändern: Übersicht") == "grose-andern-ubersicht");
  CHECK(derive_slug("") == "task");
  CHECK(derive_slug("日本語") == "task");
  CHECK(derive_slug("日本語 v2") == "v2");
  CHECK(derive_slug(std::string(80, 'x')) == std::string(50, 'x'));
  CHECK(derive_slug("implement the quite long description of a very important task") ==
        "implement-the-quite-long-description-of-a-very");
}

TEST_CASE("every derived slug is a slug, whatever the bytes") {
  std::mt19937 random(20250112);
  std::uniform_int_distribution<int> byte(0, 255);
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (int n = byte(random) % 90; n > 0; --n) text += static_cast<char>(byte(random));
    const std::string slug = derive_slug(text);
    CAPTURE(text);
    REQUIRE(is_slug(slug));
    REQUIRE(derive_slug(slug) == slug);
  }
}

TEST_CASE("a slug has single dashes inside, lower case, at most 50") {
  CHECK(is_slug("user-model"));
  CHECK(is_slug("2"));
  for (const char* bad : {"", "-a", "a-", "a--b", "A", "a_b", "a b", "a.lock", "../x"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_slug(bad));
  }
  CHECK(is_slug(std::string(50, 'a')));
  CHECK_FALSE(is_slug(std::string(51, 'a')));
}

TEST_CASE("a task name is an id and a slug") {
  const auto name = parse_task_name("001-user-model");
  REQUIRE(name);
  CHECK(name->id == "001");
  CHECK(name->slug == "user-model");
  for (const char* bad :
       {"", "001", "001-", "-x", "01-x", "0000001-x", "001-X", "001_x", "a-001"}) {
    CAPTURE(bad);
    CHECK_FALSE(parse_task_name(bad));
  }
}

TEST_CASE("a branch name is what git check-ref-format takes, and no option") {
  for (const char* good : {"flow", "feature/x", "a.b", "x@y", "release-1", "@x", "ünï", "a/HEAD"}) {
    CAPTURE(good);
    CHECK(is_branch_name(good));
  }
  for (const char* bad :
       {"",    "-x",     "--help",   "a..b", "/a",   "a/",   "a//b",  ".a",  "a/.b",
        "a.",  "a.lock", "a.lock/b", "a b",  "a\tb", "a~b",  "a^b",   "a:b", "a?b",
        "a*b", "a[b",    "a\\b",     "a@{b", "@",    "HEAD", "a\x7f", "a\n", "\x1b[31m"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_branch_name(bad));
  }
  CHECK_FALSE(is_branch_name(std::string(241, 'a')));
}
