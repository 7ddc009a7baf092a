#include "slots/mounts.hpp"

#include <catch2/catch.hpp>

namespace gitplan {
namespace {

using Points = std::vector<std::string>;

TEST_CASE("mount points are the fifth words, with what stands for blanks put back") {
  CHECK(parse_mount_points("").empty());
  CHECK(parse_mount_points("36 35 98:0 / /mnt rw,noatime shared:1 - ext3 /dev/root rw\n"
                           "37 35 98:0 /a /a\\040b\\134c\\012d rw - tmpfs none rw\n"
                           "broken line\n") == Points{"/mnt", "/a b\\c\nd"});
  CHECK(parse_mount_points("1 2 3 / /odd\\9\\04 rw\n") == Points{"/odd\\9\\04"});
}

TEST_CASE("what is mounted at or below a folder") {
  const auto below_proc = mount_points_below("/proc");
  REQUIRE_FALSE(below_proc.empty());
  CHECK(below_proc.front() == "/proc");
  CHECK(mount_points_below("/proc/self/fd").empty());
  CHECK(mount_points_below("/nowhere/at/all").empty());
}

}  // namespace
}  // namespace gitplan
