#include "store/cache.hpp"

#include <catch2/catch.hpp>
#include <random>

#include "git/lock.hpp"
#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

namespace gitplan {
namespace {

TEST_CASE("what a writer puts in, a reader takes out") {
  cache::Writer out;
  out.number(0);
  out.number(127);
  out.number(128);
  out.number(~std::uint64_t{0});
  out.text("");
  out.text(std::string("a\0b\n", 4));
  out.texts({"x", "", "y"});
  out.optional_text(std::nullopt);
  out.optional_text("");
  cache::Reader in(out.bytes());
  CHECK(in.number() == 0);
  CHECK(in.number() == 127);
  CHECK(in.number() == 128);
  CHECK(in.number() == ~std::uint64_t{0});
  CHECK(in.text().empty());
  CHECK(in.text() == std::string("a\0b\n", 4));
  CHECK(in.texts() == std::vector<std::string>{"x", "", "y"});
  CHECK_FALSE(in.optional_text());
  CHECK(in.optional_text() == "");
  CHECK(in.ok());
  CHECK(in.text().empty());
  CHECK_FALSE(in.ok());
}

TEST_CASE("a word that there is none of is none") {
  enum class Word { first, last };
  cache::Writer out;
  out.number(1);
  out.number(2);
  cache::Reader in(out.bytes());
  CHECK(in.word_up_to(Word::last) == Word::last);
  CHECK(in.ok());
  CHECK(in.word_up_to(Word::last) == Word::first);
  CHECK_FALSE(in.ok());
}

TEST_CASE("a reader survives any bytes") {
  std::mt19937 random(20250112);
  for (int round = 0; round < 2000; ++round) {
    std::string bytes(random() % 40, '\0');
    for (char& byte : bytes) byte = static_cast<char>(random());
    cache::Reader in(bytes);
    for (int i = 0; i < 8; ++i) {
      CHECK(in.texts().size() <= bytes.size());
      CHECK(in.text().size() <= bytes.size());
    }
  }
}

TEST_CASE("a cache file that was damaged or cut is as good as none") {
  const testing::ScratchRepository scratch;
  const auto repository = git::Repository::discover();
  CHECK_FALSE(cache::load(repository, "x"));
  cache::save(repository, "x", "payload");
  CHECK(cache::load(repository, "x").value().bytes() == "payload");
  const std::string file = git::state_folder(repository) + "/cache/x";
  const std::string content = scratch.read(file);
  for (std::size_t i = 0; i < content.size(); ++i) {
    std::string damaged = content;
    damaged[i] = static_cast<char>(damaged[i] ^ 1);
    scratch.write(file, damaged);
    CHECK_FALSE(cache::load(repository, "x"));
    scratch.write(file, content.substr(0, i));
    CHECK_FALSE(cache::load(repository, "x"));
  }
  scratch.write(file, content);
  CHECK(cache::load(repository, "x").value().bytes() == "payload");
}

}  // namespace
}  // namespace gitplan
