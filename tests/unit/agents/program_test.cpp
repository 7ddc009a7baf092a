#include "agents/program.hpp"

#include <catch2/catch.hpp>

namespace gitplan::agents {
namespace {

TEST_CASE("the program of a line is its first word that is no assignment") {
  CHECK(program_of("codey exec --full") == "codey");
  CHECK(program_of("  A=1 B_2=x exec ./tools/run -x") == "./tools/run");
  CHECK(program_of("[ -e x ]") == "[");
  for (const auto* line : {"", "A=1", "\"$HOME\"/run", "$TOOL x", "(cd x; y)",
                           "if true; then x; fi", "! x", "true;x", "~/bin/x"}) {
    CAPTURE(line);
    CHECK_FALSE(program_of(line));
  }
  CHECK(is_built_in("["));
  CHECK_FALSE(is_built_in("codey"));
}

}  // namespace
}  // namespace gitplan::agents
