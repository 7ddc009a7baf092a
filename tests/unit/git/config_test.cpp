#include "git/config.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <thread>

#include "base/error.hpp"
#include "git/config_values.hpp"
#include "git/repository.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::Error;
using gitplan::ErrorKind;
using gitplan::testing::ScratchRepository;
namespace git = gitplan::git;

namespace {

// clang-format off
const std::vector<std::string> kValues = {
    "true", "TRUE", "yes", "Yes", "on", "1", "0", "-1", "no", "off", "false", "", "2", "010", "0x10", "0x",
    "08", "1k", "1K", "2m", "3g", "4G", "1kb", "k", " 7", "+5", "- 5", "maybe", "tru", "t", "y", "1.5",
    "2147483647", "2147483648", "-2147483648", "9223372036854775807", "9223372036854775808",
    "9007199254740992k", "-9223372036854775808", "8g", "1 ", "0k", "truE ", "on#"};

const std::vector<std::string> kRawLines = {
    "x", "x =", "x = ", "x = a b  c  ", "x = \"a b \" c", "x = a # comment", "x = a ; c", "x = \"a # b\"",
    "x = a\\\n  b", "x = \"q\\\"q\"", "x = t\\tt\\nn\\\\", "x=a=b", "X = upper", "x = 1\n\tx = 2",
    "x = \"\"", "x = \xc3\xa9\xf0\x9f\x8e\x89", "x = a\r"};
// clang-format on

std::string program_output(const gitplan::testing::Ran& ran) {
  if (ran.exit_status == 0) return ran.output;
  return ran.exit_status == 1 ? "none" : "bad";
}

std::string ours(const git::Repository& repository, const std::string& type,
                 const std::string& key) {
  const git::Config config(repository);
  try {
    if (type == "--type=bool") {
      const auto value = config.boolean(key);
      return value ? (*value ? "true\n" : "false\n") : "none";
    }
    if (type == "--type=int") {
      const auto value = config.integer(key);
      return value ? std::to_string(*value) + "\n" : "none";
    }
    const auto value = config.text(key);
    return value ? *value + "\n" : "none";
  } catch (const Error&) {
    return "bad";
  }
}

void same_as_git(const ScratchRepository& scratch, const std::string& key) {
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  for (const char* type : {"--type=bool", "--type=int"}) {
    const auto ran = scratch.try_git({"config", type, "--get", key});
    INFO(type << " " << key << " " << scratch.read(".git/config"));
    CHECK(ours(repository, type, key) == program_output(ran));
  }
}

}  // namespace

TEST_CASE("values mean what they mean to git", "[config]") {
  ScratchRepository scratch;
  int n = 0;
  for (const std::string& value : kValues) {
    scratch.git({"config", "table.key" + std::to_string(n++), value});
  }
  for (int i = 0; i < n; ++i) same_as_git(scratch, "table.key" + std::to_string(i));
}

TEST_CASE("files read in process give what git reads", "[config]") {
  ScratchRepository scratch;
  const std::string start = scratch.read(".git/config");
  for (const std::string& line : kRawLines) {
    scratch.write(".git/config", start + "[plan \"Sub.Section\"]\n\t" + line + "\n");
    const git::Repository repository = git::Repository::open(scratch.git_dir());
    const git::ConfigSource source{repository.git_dir(), repository.common_dir(),
                                   repository.handle()};
    const auto in_process = git::config_in_process(source);
    const auto from_git = git::config_from_git(source);
    INFO(line);
    REQUIRE(in_process);
    REQUIRE(in_process->size() == from_git.size());
    for (const auto& [key, value] : from_git) {
      INFO(key);
      REQUIRE(in_process->contains(key));
      CHECK(in_process->at(key).text == value.text);
    }
    CHECK(git::Config(repository).text("PLAN.Sub.Section.X") ==
          from_git.at("plan.Sub.Section.x").text.value_or(""));
    CHECK_FALSE(git::Config(repository).text("plan.sub.section.x"));
  }
}

TEST_CASE("the nearest file wins, and includes count", "[config]") {
  ScratchRepository scratch;
  scratch.write(scratch.home() + "/.config/git/config",
                "[plan]\n\ta = xdg\n\tb = xdg\n\tc = xdg\n");
  scratch.write(scratch.home() + "/.gitconfig",
                "[plan]\n\tb = home\n\tc = home\n[include]\n\tpath = more\n");
  scratch.write(scratch.home() + "/more", "[plan]\n\td = more\n\tc = more\n");
  scratch.write(scratch.home() + "/cond", "[plan]\n\te = cond\n");
  scratch.git({"config", "plan.c", "local"});
  scratch.git(
      {"config", "includeIf.gitdir:" + scratch.root() + "/x/.path", scratch.home() + "/cond"});
  scratch.git({"config", "includeIf.gitdir:~/nothing/.path", scratch.home() + "/cond"});
  for (const char* key : {"plan.a", "plan.b", "plan.c", "plan.d"}) same_as_git(scratch, key);
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  REQUIRE(
      git::config_in_process({repository.git_dir(), repository.common_dir(), repository.handle()}));
  REQUIRE_FALSE(git::Config(repository).text("plan.e"));
  const std::string condition =
      GENERATE("gitdir:~/../repo/", "gitdir/i:**/REPO/", "onbranch:ma*", "parent");
  scratch.git({"config",
               "includeIf." +
                   (condition == "parent" ? "gitdir:" + scratch.root() + "/" : condition) + ".path",
               scratch.home() + "/cond"});
  same_as_git(scratch, "plan.e");
  const git::Repository again = git::Repository::open(scratch.git_dir());
  REQUIRE(git::config_in_process({again.git_dir(), again.common_dir(), again.handle()}));
}

TEST_CASE("names between section and variable are found, and all values of a key", "[config]") {
  ScratchRepository scratch;
  scratch.git({"config", "wave.Fast.command", "a"});
  scratch.git({"config", "wave.a.b.command", "b"});
  scratch.git({"config", "wave.command", "c"});
  scratch.git({"config", "wave.other.commands", "d"});
  scratch.git({"config", "wave.cap", "usd=1"});
  scratch.git({"config", "--add", "wave.cap", "tokens=2"});
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  const git::Config config(repository);
  CHECK(config.subsections("wave", "command") == std::vector<std::string>{"Fast", "a.b"});
  CHECK(config.subsections("WAVE", "Command") == std::vector<std::string>{"Fast", "a.b"});
  CHECK(config.subsections("plan", "command").empty());
  CHECK(git::all_values(repository, "wave.cap") == std::vector<std::string>{"usd=1", "tokens=2"});
  CHECK(git::all_values(repository, "wave.none").empty());
}

TEST_CASE("what libgit2 does not read comes from git", "[config]") {
  ScratchRepository scratch;
  const auto value = [&](const std::string& key) {
    const git::Repository repository = git::Repository::open(scratch.git_dir());
    return git::Config(repository).text(key);
  };
  SECTION("git -c") {
    scratch.set_environment("GIT_CONFIG_PARAMETERS", "'plan.x'='one'");
    REQUIRE(value("plan.x") == "one");
  }
  SECTION("GIT_CONFIG_COUNT") {
    scratch.set_environment("GIT_CONFIG_COUNT", "1");
    scratch.set_environment("GIT_CONFIG_KEY_0", "Plan.X");
    scratch.set_environment("GIT_CONFIG_VALUE_0", "two\nlines");
    REQUIRE(value("plan.x") == "two\nlines");
  }
  SECTION("GIT_CONFIG_GLOBAL") {
    scratch.write(scratch.root() + "/other", "[plan]\n\tx = other\n");
    scratch.set_environment("GIT_CONFIG_GLOBAL", scratch.root() + "/other");
    REQUIRE(value("plan.x") == "other");
    REQUIRE_FALSE(value("user.name"));
  }
  SECTION("config.worktree") {
    scratch.git({"config", "extensions.worktreeConfig", "true"});
    scratch.git({"config", "--worktree", "plan.x", "here"});
    REQUIRE(value("plan.x") == "here");
  }
  SECTION("includeIf hasconfig") {
    scratch.write(scratch.root() + "/other", "[plan]\n\tx = remote\n");
    scratch.git({"config", "remote.origin.url", "https://example.com/x"});
    scratch.git({"config", "includeIf.hasconfig:remote.*.url:https://example.com/**.path",
                 scratch.root() + "/other"});
    REQUIRE(value("plan.x") == "remote");
  }
}

TEST_CASE("the variables that choose files and add values cost no process", "[config]") {
  ScratchRepository scratch;
  scratch.write(scratch.root() + "/other", "[plan]\n\tx = other\n\ty = other\n");
  scratch.write(scratch.home() + "/.gitconfig", "[plan]\n\tx = home\n\tz = home\n");
  const std::string root = scratch.root();
  using Variables = std::vector<std::pair<std::string, std::string>>;
  const Variables variables = GENERATE_COPY(
      Variables{{"GIT_CONFIG_NOSYSTEM", "1"}},
      Variables{{"GIT_CONFIG_NOSYSTEM", "0"}, {"GIT_CONFIG_SYSTEM", root + "/other"}},
      Variables{{"GIT_CONFIG_NOSYSTEM", "true"}, {"GIT_CONFIG_SYSTEM", root + "/other"}},
      Variables{{"GIT_CONFIG_GLOBAL", root + "/other"}},
      Variables{{"GIT_CONFIG_GLOBAL", "/dev/null"}, {"GIT_CONFIG_SYSTEM", "/dev/null"}},
      Variables{{"GIT_CONFIG_GLOBAL", root + "/missing"}},
      Variables{{"GIT_CONFIG_COUNT", "2"},
                {"GIT_CONFIG_KEY_0", "Plan.X"},
                {"GIT_CONFIG_VALUE_0", "a b"},
                {"GIT_CONFIG_KEY_1", "plan.x"},
                {"GIT_CONFIG_VALUE_1", "c\nd"}});
  for (const auto& [name, value] : variables) scratch.set_environment(name, value);
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  const git::ConfigSource source{repository.git_dir(), repository.common_dir(),
                                 repository.handle()};
  const auto in_process = git::config_in_process(source);
  const auto from_git = git::config_from_git(source);
  REQUIRE(in_process);
  CHECK(in_process->size() == from_git.size());
  for (const auto& [key, value] : from_git) {
    INFO(key);
    REQUIRE(in_process->contains(key));
    CHECK(in_process->at(key).text == value.text);
  }
}

TEST_CASE("variables that only git understands are left to git", "[config]") {
  ScratchRepository scratch;
  const std::string key = GENERATE("include.path", "a.b.c", "x", ".x", "x.", "a.b-c");
  scratch.set_environment("GIT_CONFIG_COUNT", "1");
  scratch.set_environment("GIT_CONFIG_KEY_0", key);
  scratch.set_environment("GIT_CONFIG_VALUE_0", "y");
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  CHECK_FALSE(
      git::config_in_process({repository.git_dir(), repository.common_dir(), repository.handle()}));
}

TEST_CASE("a file with a zero byte is left to git", "[config]") {
  ScratchRepository scratch;
  const std::string start = scratch.read(".git/config");
  scratch.write(".git/config", start + std::string("[plan]\n\tx = 0\r\0\0\n", 17));
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  CHECK_FALSE(
      git::config_in_process({repository.git_dir(), repository.common_dir(), repository.handle()}));
  CHECK_THROWS_AS(git::Config(repository).integer("plan.x"), Error);
}

TEST_CASE("started by git itself, config still costs no process", "[config]") {
  ScratchRepository scratch;
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  const std::string folder = scratch.git({"--exec-path"});
  scratch.set_environment("PATH", folder + ":" + std::getenv("PATH"));
  CHECK(
      git::config_in_process({repository.git_dir(), repository.common_dir(), repository.handle()}));
}

TEST_CASE("a broken config file is reported in git's words", "[config]") {
  ScratchRepository scratch;
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  scratch.write(scratch.home() + "/.gitconfig", "[plan\n");
  try {
    static_cast<void>(git::Config(repository).text("plan.x"));
    FAIL("no complaint");
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::fatal);
    REQUIRE(std::string(error.what()).find("bad config line 1 in file") != std::string::npos);
  }
}

TEST_CASE("a bad value is named with its key", "[config]") {
  ScratchRepository scratch;
  scratch.git({"config", "plan.strict", "maybe"});
  scratch.git({"config", "wave.maxParallel", "3x"});
  scratch.git({"config", "wave.retries", "99999999999999999999"});
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  const git::Config config(repository);
  REQUIRE_THROWS_WITH(config.boolean("plan.strict"),
                      "bad boolean config value 'maybe' for 'plan.strict'");
  REQUIRE_THROWS_WITH(config.integer("wave.maxParallel"),
                      "bad numeric config value '3x' for 'wave.maxParallel': invalid unit");
  REQUIRE_THROWS_WITH(
      config.integer("wave.retries"),
      "bad numeric config value '99999999999999999999' for 'wave.retries': out of range");
  REQUIRE_FALSE(config.boolean("plan.nothing"));
  REQUIRE_FALSE(config.integer("plan.nothing"));
}

TEST_CASE("a bad value is shown so that a terminal stays as it is", "[config]") {
  const ScratchRepository scratch;
  scratch.git({"config", "plan.strict", "\x1b[31m"});
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  REQUIRE_THROWS_WITH(git::Config(repository).boolean("plan.strict"),
                      "bad boolean config value '\\x1b[31m' for 'plan.strict'");
}

TEST_CASE("values are set and unset, odd ones too", "[config]") {
  ScratchRepository scratch;
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  for (const std::string value :
       {"plan-x", "-x", "--unset", "two\nlines", " spaces ", "\"q\" # ;", "", "é"}) {
    git::set_config(repository, "plan.current", value);
    REQUIRE(git::Config(repository).text("plan.current") == value);
  }
  scratch.git({"config", "--add", "plan.current", "second"});
  git::set_config(repository, "plan.current", "only");
  REQUIRE(scratch.git({"config", "--get-all", "plan.current"}) == "only");
  git::unset_config(repository, "plan.current");
  git::unset_config(repository, "plan.current");
  REQUIRE_FALSE(git::Config(repository).text("plan.current"));
}

TEST_CASE("a config lock is waited for, two seconds at most", "[config]") {
  ScratchRepository scratch;
  const git::Repository repository = git::Repository::open(scratch.git_dir());
  const std::string lock = scratch.git_dir() + "/config.lock";
  scratch.write(lock, "");
  std::thread releases([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    std::filesystem::remove(lock);
  });
  git::set_config(repository, "plan.x", "1");
  releases.join();
  REQUIRE(git::Config(repository).integer("plan.x") == 1);
  scratch.write(lock, "");
  try {
    git::set_config(repository, "plan.x", "2");
    FAIL("the lock was ignored");
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::lost_race);
    REQUIRE(std::string(error.what()).find(lock) != std::string::npos);
  }
  REQUIRE(std::filesystem::exists(lock));
  REQUIRE(git::Config(repository).integer("plan.x") == 1);
}
