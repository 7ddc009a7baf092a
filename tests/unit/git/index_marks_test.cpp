#include "git/index_marks.hpp"

#include <catch2/catch.hpp>

#include "scratch_repository.hpp"

using namespace gitplan::git;
using gitplan::testing::ScratchRepository;

namespace {

using Paths = std::vector<std::string>;

void make_files(const ScratchRepository& scratch, const std::string& version) {
  scratch.git({"config", "index.version", version});
  for (const char* file : {"a", "folder/long-name-of-a-file", "folder/long-name-of-another", "z"})
    scratch.write(file, "x");
  scratch.git({"add", "."});
}

std::optional<Paths> marked_in(std::string_view index) {
  auto special = special_in_index(index);
  return special ? std::optional(std::move(special->marked)) : std::nullopt;
}

std::optional<Paths> marked(const ScratchRepository& scratch) {
  return marked_in(scratch.read(scratch.git_dir() + "/index"));
}

}  // namespace

TEST_CASE("the marks of an index are read from its file, whatever its version") {
  const ScratchRepository scratch;
  const std::string version = GENERATE("2", "3", "4");
  make_files(scratch, version);
  CHECK(marked(scratch) == Paths{});
  scratch.git({"update-index", "--assume-unchanged", "folder/long-name-of-another"});
  CHECK(marked(scratch) == Paths{"folder/long-name-of-another"});
  scratch.git({"update-index", "--skip-worktree", "a", "folder/long-name-of-a-file"});
  CHECK(marked(scratch) == Paths{"a", "folder/long-name-of-a-file", "folder/long-name-of-another"});
}

TEST_CASE("the submodules of an index are read from its file, whatever its version") {
  const ScratchRepository scratch;
  make_files(scratch, GENERATE("2", "3", "4"));
  const std::string path = "folder/" + std::string(GENERATE(1U, 7U, 8U, 4000U, 4500U), 's');
  const std::string commit(40, '1');
  scratch.git({"update-index", "--add", "--cacheinfo", "160000," + commit + "," + path});
  const auto special = special_in_index(scratch.read(scratch.git_dir() + "/index"));
  REQUIRE(special);
  CHECK(special->submodules == Paths{path});
}

TEST_CASE("an index that does not tell alone is left to git") {
  const ScratchRepository scratch;
  make_files(scratch, "2");
  CHECK(marked(scratch).has_value());
  scratch.git({"update-index", "--split-index"});
  CHECK_FALSE(marked(scratch));
}

TEST_CASE("of an index that was cut off, nothing wrong is read") {
  const ScratchRepository scratch;
  make_files(scratch, GENERATE("2", "4"));
  scratch.git({"update-index", "--skip-worktree", "a"});
  const std::string index = scratch.read(scratch.git_dir() + "/index");
  REQUIRE(marked_in(index));
  for (std::size_t size = 0; size < index.size(); ++size)
    CHECK(marked_in(index.substr(0, size)).value_or(Paths{"a"}) == Paths{"a"});
  CHECK_FALSE(marked_in("DIRC" + std::string(400, '\xff')));
}

TEST_CASE("an index that was cut off, or not all written, is not whole") {
  const ScratchRepository scratch;
  const std::string version = GENERATE("2", "3", "4");
  make_files(scratch, version);
  if (version == "3") scratch.git({"update-index", "--skip-worktree", "a"});
  const std::string index = scratch.read(scratch.git_dir() + "/index");
  CHECK(is_whole_index(index));
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{12}, index.size() / 2, index.size() - 1})
    CHECK_FALSE(is_whole_index(index.substr(0, size)));
  CHECK_FALSE(is_whole_index(std::string(index.size(), '\0')));
  scratch.git({"update-index", "--split-index"});
  CHECK(is_whole_index(scratch.read(scratch.git_dir() + "/index")));
  scratch.git({"read-tree", "--empty"});
  CHECK(is_whole_index(scratch.read(scratch.git_dir() + "/index")));
}
