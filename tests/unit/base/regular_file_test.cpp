#include "base/regular_file.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <filesystem>

#include "base/error.hpp"
#include "base/fd.hpp"

namespace gitplan {
namespace {

namespace fs = std::filesystem;

TEST_CASE("only a regular file is read, and nothing waits for another") {
  std::string folder = (fs::temp_directory_path() / "git-plan-regular-XXXXXX").string();
  REQUIRE(mkdtemp(folder.data()) != nullptr);
  const std::string file = folder + "/file";
  const std::string pipe = folder + "/pipe";
  write_file_atomically(file, "content");
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  fs::create_symlink("file", folder + "/link");
  fs::create_symlink("pipe", folder + "/to-pipe");
  for (const std::string& good : {file, folder + "/link"}) {
    CHECK(is_regular_file(good));
    CHECK(read_regular_file(good) == "content");
  }
  for (const std::string& bad :
       {pipe, folder + "/to-pipe", folder, std::string("/dev/zero"), folder + "/none"}) {
    CAPTURE(bad);
    CHECK_FALSE(is_regular_file(bad));
    CHECK_THROWS_AS(read_regular_file(bad), Error);
  }
  CHECK_THROWS_WITH(read_regular_file(pipe), "'" + pipe + "' is not a regular file");
  CHECK_THROWS_AS(read_regular_file(file, 3), Error);
  fs::remove_all(folder);
}

}  // namespace
}  // namespace gitplan
