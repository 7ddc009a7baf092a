#include "agents/load.hpp"

#include <catch2/catch.hpp>

namespace gitplan::agents {
namespace {

TEST_CASE("what the machine says is read") {
  CHECK(parse_load("0.52 0.58 0.59 3/612 12345\n") == 2);
  CHECK(parse_load("7.25 0.58 0.59 1/612 12345\n") == 7.25);
  CHECK_FALSE(parse_load("garbage"));
  CHECK_FALSE(parse_load(""));
  CHECK(parse_available_memory("MemTotal: 100 kB\nMemAvailable:   2048 kB\n") == 2048 * 1024);
  CHECK_FALSE(parse_available_memory("MemTotal: 100 kB\n"));
  CHECK(parse_group_memory("1000\n", "600\n", "anon 1\ninactive_file 100\n") == 500);
  CHECK(parse_group_memory("1000", "2000", "") == 0);
  CHECK_FALSE(parse_group_memory("max\n", "600\n", ""));
  CHECK(parse_own_group("12:cpu:/x\n0::/a/b\n") == "/a/b");
  CHECK_FALSE(parse_own_group("12:cpu:/x\n"));
}

TEST_CASE("one more is borne below the load and with the memory") {
  CHECK(bears_another({}, {100, 0}));
  CHECK(bears_another({2.0, 0}, {1.9, {}}));
  CHECK_FALSE(bears_another({2.0, 0}, {2.0, {}}));
  CHECK(bears_another({{}, 1000}, {9, 1000}));
  CHECK_FALSE(bears_another({{}, 1000}, {0, 999}));
  CHECK(bears_another({{}, 1000}, {0, {}}));
}

}  // namespace
}  // namespace gitplan::agents
