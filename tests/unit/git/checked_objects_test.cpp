#include <sys/stat.h>
#include <zlib.h>

#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "base/error.hpp"
#include "git/loose_object.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "scratch_repository.hpp"

using gitplan::Error;
using gitplan::ErrorKind;
using gitplan::testing::ScratchRepository;
using namespace gitplan::git;
namespace fs = std::filesystem;

namespace {

std::string deflated(const std::string& content) {
  uLongf size = compressBound(content.size());
  std::string result(size, '\0');
  REQUIRE(compress(reinterpret_cast<Bytef*>(result.data()), &size,
                   reinterpret_cast<const Bytef*>(content.data()), content.size()) == Z_OK);
  result.resize(size);
  return result;
}

std::string loose_path(const ScratchRepository& scratch, const std::string& hex) {
  return scratch.git_dir() + "/objects/" + hex.substr(0, 2) + "/" + hex.substr(2);
}

void overwrite(const ScratchRepository& scratch, const std::string& path,
               const std::string& content) {
  fs::remove(path);
  scratch.write(path, content);
}

/// What is read, or the complaint; a database opened for it alone, so that nothing is remembered.
struct Reading {
  std::string content;
  std::string complaint;
};
Reading read_now(const ScratchRepository& scratch, const std::string& hex) {
  try {
    const Repository repository = Repository::open(scratch.git_dir());
    return {read_blob(repository, *Oid::parse(hex), "a"), ""};
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::fatal);
    return {"", error.messages().front()};
  }
}

/// A repository with objects of each kind and many sizes, loose.
void fill(const ScratchRepository& scratch) {
  scratch.write("empty", "");
  scratch.write("zeros", std::string(3 << 20, '\0'));
  std::string noise;
  for (unsigned i = 0, seed = 1; i < 100000; ++i) {
    seed = seed * 1103515245U + 12345U;
    noise += static_cast<char>(seed >> 16U);
  }
  for (const unsigned size : {1U, 31U, 4063U, 4088U, 4096U, 16384U, 100000U}) {
    scratch.write("folder/deep/" + std::to_string(size), noise.substr(0, size));
  }
  scratch.git({"add", "."});
  scratch.git({"commit", "-q", "-m", "One"});
  scratch.git({"tag", "-m", "Marked", "v1"});
  scratch.commit_file("later", "x", "Two");
}

void check_object(const ScratchRepository& scratch, const Repository& repository,
                  const std::string& hex, const std::string& type) {
  const Oid id = *Oid::parse(hex);
  INFO(type << " " << hex);
  if (type == "blob") {
    CHECK(read_blob(repository, id, hex) == scratch.try_git({"cat-file", "blob", hex}).output);
  } else if (type == "commit") {
    CHECK(read_commit(repository, id).tree.hex() == scratch.git({"rev-parse", hex + "^{tree}"}));
  } else if (type == "tree") {
    std::string names;
    for (const TreeEntry& entry : list_tree(repository, id)) names += entry.name + "\n";
    CHECK(names == scratch.try_git({"ls-tree", "--name-only", hex}).output);
  }
}

void check_all(const ScratchRepository& scratch) {
  const Repository repository = Repository::open(scratch.git_dir());
  std::istringstream list(scratch.git({"cat-file", "--batch-all-objects", "--batch-check"}));
  int count = 0;
  for (std::string hex, type, size; list >> hex >> type >> size; ++count) {
    check_object(scratch, repository, hex, type);
  }
  CHECK(count > 15);
}

}  // namespace

TEST_CASE("every object is read as git reads it: loose, packed, and from an alternate",
          "[objects]") {
  ScratchRepository scratch;
  fill(scratch);
  check_all(scratch);
  SECTION("packed") {
    scratch.git({"repack", "-q", "-d"});
    scratch.commit_file("after", "loose again");
    check_all(scratch);
  }
  SECTION("an alternate, named relatively, that has one itself") {
    const std::string objects = scratch.git_dir() + "/objects";
    fs::rename(objects, scratch.root() + "/far");
    fs::create_directories(objects + "/info");
    fs::create_directories(scratch.root() + "/near/info");
    scratch.write(objects + "/info/alternates", "# a comment\n\n../../../near\n");
    scratch.write(scratch.root() + "/near/info/alternates", scratch.root() + "/far\n");
    check_all(scratch);
  }
}

TEST_CASE("a commit that was read is not read from its file again", "[objects]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "a", "One");
  scratch.commit_file("b", "b", "Two");
  const Repository repository = Repository::open(scratch.git_dir());
  const Oid tip = *Oid::parse(scratch.git({"rev-parse", "HEAD"}));
  const Oid first = *Oid::parse(scratch.git({"rev-parse", "HEAD~1"}));
  CHECK(read_commit(repository, tip).parents == std::vector{first});
  CHECK(is_ancestor(repository, first, tip));
  fs::remove(loose_path(scratch, tip.hex()));
  fs::remove(loose_path(scratch, first.hex()));
  CHECK(is_ancestor(repository, first, tip));
  CHECK(commits_ahead(repository, first, tip) == 1);
}

TEST_CASE("a loose object that is damaged anywhere ends in an error, or is read right",
          "[objects]") {
  ScratchRepository scratch;
  const std::string content = "format = 1\nuser_request = \"Add auth\"\n";
  scratch.write("plan.toml", content);
  const std::string hex = scratch.git({"hash-object", "-w", "plan.toml"});
  const std::string path = loose_path(scratch, hex);
  const std::string whole = scratch.read(path);
  std::vector<std::string> damaged{"", whole + '\0', whole + "x", whole + whole};
  for (std::size_t i = 0; i < whole.size(); ++i) {
    damaged.push_back(whole.substr(0, i));
    for (const unsigned bit : {0U, 3U, 7U}) {
      damaged.push_back(whole);
      damaged.back()[i] = static_cast<char>(static_cast<unsigned char>(whole[i]) ^ (1U << bit));
    }
  }
  for (const std::string& file : damaged) {
    overwrite(scratch, path, file);
    const Reading reading = read_now(scratch, hex);
    if (reading.complaint.empty()) {
      CHECK(reading.content == content);
    } else {
      CHECK(reading.complaint.find("loose object " + hex + " (stored in " + path +
                                   ") is corrupt") != std::string::npos);
    }
  }
}

TEST_CASE("a header that lies is found out before anything is written past its size", "[objects]") {
  ScratchRepository scratch;
  const std::string hex = "1234567890123456789012345678901234567890";
  const std::string path = loose_path(scratch, hex);
  const std::string more(57, 'A');
  const std::string lie = GENERATE_COPY(
      std::string("blob 0\0", 7) + more, std::string("blob 56\0", 8) + more,
      std::string("blob 58\0", 8) + more, std::string("blob 057\0", 9) + more,
      std::string("blob -1\0", 8) + more, std::string("blob 99999999999\0", 17) + more,
      std::string("blob 18446744073709551615\0", 26) + more,
      std::string("blob 18446744073709551617\0", 26) + more, std::string("blob \0", 6) + more,
      std::string("blob57\0", 7) + more, std::string("blub 57\0", 8) + more,
      std::string("blob ") + std::string(100000, '1'), std::string("blob 57\0", 8) + more);
  scratch.write(path, deflated(lie));
  CHECK(read_now(scratch, hex).complaint.find(hex) != std::string::npos);
  CHECK_THROWS_AS(read_commit(Repository::open(scratch.git_dir()), *Oid::parse(hex)), Error);
  CHECK_THROWS_AS(list_tree(Repository::open(scratch.git_dir()), *Oid::parse(hex)), Error);
}

TEST_CASE("a type's name with more behind it is no type", "[objects]") {
  ScratchRepository scratch;
  const std::string path = loose_path(scratch, "1234567890123456789012345678901234567890");
  scratch.write(path, deflated(std::string("tree 0\0", 7)));
  CHECK(LooseObject::open(path)->header().type == GIT_OBJECT_TREE);
  overwrite(scratch, path, deflated(std::string("treee 0\0", 8)));
  CHECK_THROWS_AS(LooseObject::open(path), Error);
}

TEST_CASE("what is no file in the place of an object is not waited for", "[objects]") {
  ScratchRepository scratch;
  const std::string hex = "1234567890123456789012345678901234567890";
  const std::string path = loose_path(scratch, hex);
  fs::create_directories(fs::path(path).parent_path());
  if (GENERATE(false, true)) {
    fs::create_directories(path);
  } else {
    REQUIRE(mkfifo(path.c_str(), 0666) == 0);
  }
  CHECK(read_now(scratch, hex).complaint.find("is corrupt") != std::string::npos);
}

TEST_CASE("a pack whose index leads out of it is named, and not read", "[objects]") {
  ScratchRepository scratch;
  scratch.commit_file("a", "text", "One");
  const std::string hex = scratch.git({"rev-parse", "HEAD:a"});
  scratch.git({"repack", "-q", "-a", "-d"});
  std::string index_path;
  for (const auto& entry : fs::directory_iterator(scratch.git_dir() + "/objects/pack")) {
    if (entry.path().extension() == ".idx") index_path = entry.path();
  }
  const std::string whole = scratch.read(index_path);
  CHECK(read_now(scratch, hex).content == "text");
  // Before the two checksums at the end stand the offsets, four bytes each.
  const std::size_t last_offset = whole.size() - 2 * 20 - 4;
  for (const char first_byte : {'\x7f', '\x80', '\xff'}) {
    std::string leads_out = whole;
    leads_out[last_offset] = first_byte;
    overwrite(scratch, index_path, leads_out);
    CHECK(read_now(scratch, hex).complaint.find("is corrupt: it leads out of its pack") !=
          std::string::npos);
  }
  overwrite(scratch, index_path, whole.substr(0, last_offset));
  CHECK_FALSE(read_now(scratch, hex).complaint.empty());
}
