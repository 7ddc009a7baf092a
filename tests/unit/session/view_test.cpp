#include "session/view.hpp"

#include <catch2/catch.hpp>

namespace gitplan {
namespace {

constexpr Status every_status[] = {Status::pending, Status::in_progress, Status::completed,
                                   Status::failed, Status::cancelled};

TEST_CASE("a file in flow means completed, whatever the plan records") {
  for (const Status recorded : every_status) {
    CHECK(derive_status(recorded, InFlow::yes, HasBranch::no) == Status::completed);
    CHECK(derive_status(recorded, InFlow::yes, HasBranch::yes) == Status::completed);
  }
}

TEST_CASE("else what the plan records as settled") {
  for (const Status recorded : {Status::completed, Status::failed, Status::cancelled}) {
    CHECK(derive_status(recorded, InFlow::no, HasBranch::yes) == recorded);
    CHECK(derive_status(recorded, InFlow::no, HasBranch::no) == recorded);
  }
}

TEST_CASE("else a branch means in progress; a record of progress alone means nothing") {
  for (const Status recorded : {Status::pending, Status::in_progress}) {
    CHECK(derive_status(recorded, InFlow::no, HasBranch::yes) == Status::in_progress);
    CHECK(derive_status(recorded, InFlow::no, HasBranch::no) == Status::pending);
  }
}

}  // namespace
}  // namespace gitplan
