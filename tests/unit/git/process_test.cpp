#include "git/process.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <csignal>
#include <random>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "unit/git/scratch_repository.hpp"

using gitplan::Error;
using gitplan::ErrorKind;
using gitplan::Fd;
using gitplan::testing::ScratchRepository;
using gitplan::testing::Surroundings;
namespace git = gitplan::git;
namespace text = gitplan::text;

namespace {

git::Command words(std::vector<std::string> arguments) {
  git::Command command;
  command.arguments = std::move(arguments);
  return command;
}

std::string shell(const std::string& script) {
  return git::run_program(words({"sh", "-c", script})).output;
}

std::string random_bytes(std::size_t size) {
  std::mt19937 random(7);
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

}  // namespace

TEST_CASE("ten megabytes go through a program both ways", "[process]") {
  const std::string input = random_bytes(10U << 20U);
  git::Command command = words({"cat"});
  command.input = input;
  const git::Outcome outcome = git::run_program(command);
  REQUIRE(outcome.ok());
  REQUIRE((outcome.output == input));
}

TEST_CASE("much on both outputs at once does not stop either", "[process]") {
  const git::Outcome outcome = git::run_program(
      words({"sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2; echo end"}));
  REQUIRE(outcome.output.size() == 3000004);
  REQUIRE(outcome.errors.size() == 3000000);
}

TEST_CASE("a program that does not read its input ends as it wants", "[process]") {
  const std::string input(5U << 20U, 'x');
  git::Command command = words({"sh", "-c", "exit 3"});
  command.input = input;
  REQUIRE(git::run_program(command).exit_status == 3);
}

TEST_CASE("without input a program reads the end at once", "[process]") {
  REQUIRE(git::run_program(words({"cat"})).output.empty());
}

TEST_CASE("a program in the background that keeps the pipes open is not waited for", "[process]") {
  const pid_t background = std::stoi(shell("sleep 1000 & echo $!; exit 0"));
  REQUIRE(kill(background, SIGKILL) == 0);  // it was there to be killed
}

TEST_CASE("nor is one that goes on writing, and what the program itself wrote is all there",
          "[process]") {
  const git::Outcome outcome =
      git::run_program(words({"sh", "-c", "yes & head -c 60000 /dev/zero; echo end >&2; exit 3"}));
  CHECK(outcome.exit_status == 3);
  CHECK(std::ranges::count(outcome.output, '\0') == 60000);
  CHECK(outcome.errors == "end\n");
}

TEST_CASE("a signal shows as 128 and its number", "[process]") {
  REQUIRE(git::run_program(words({"sh", "-c", "kill -TERM $$"})).exit_status == 128 + SIGTERM);
}

TEST_CASE("the variables that tie git to a repository do not reach a program", "[process]") {
  ScratchRepository repository;
  const std::string list =
      repository.git({"rev-parse", "--local-env-vars"}) + "\nGIT_QUARANTINE_PATH";
  for (const std::string_view name : text::split(list, '\n')) {
    repository.set_environment(std::string(name), "1");
  }
  repository.set_environment("GIT_CONFIG_COUNT", "1");
  repository.set_environment("GIT_CONFIG_KEY_0", "plan.strict");
  repository.set_environment("GIT_CONFIG_VALUE_0", "true");
  repository.set_environment("GIT_CONFIG_PARAMETERS", "'a.b'='c'");
  repository.set_environment("GIT_AUTHOR_NAME", "Grace");
  std::vector<std::string> seen;
  const std::string environment = shell("env");
  for (const std::string_view line : text::split(environment, '\n')) {
    if (line.starts_with("GIT_")) seen.emplace_back(line);
  }
  const std::string ours = fmt::format("{}={} ", git::waited_for_by, ::getpid());
  REQUIRE(std::erase(seen, ours) == 1);
  std::ranges::sort(seen);
  REQUIRE(seen == std::vector<std::string>{
                      "GIT_AUTHOR_NAME=Grace", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=plan.strict",
                      "GIT_CONFIG_PARAMETERS='a.b'='c'", "GIT_CONFIG_VALUE_0=true"});
}

TEST_CASE("settings of `git -c` reach the git that we run", "[process]") {
  ScratchRepository repository;
  repository.set_environment("GIT_CONFIG_PARAMETERS", "'user.name'='Grace Hopper'");
  REQUIRE(git::run_git_checked(words({"config", "user.name"})) == "Grace Hopper\n");
}

TEST_CASE("a command's own variables win, LC_ALL too", "[process]") {
  Surroundings surroundings;
  surroundings.set("LC_ALL", "de_DE.UTF-8");
  surroundings.set("GIT_DIR", "/nowhere");
  REQUIRE(shell("echo $LC_ALL") == "C\n");
  git::Command command = words({"sh", "-c", "echo $LC_ALL $GIT_DIR"});
  command.environment = {{"LC_ALL", "C.UTF-8"}, {"GIT_DIR", "/here"}};
  REQUIRE(git::run_program(command).output == "C.UTF-8 /here\n");
}

TEST_CASE("a program starts in its folder, by name or by descriptor", "[process]") {
  ScratchRepository repository;
  std::filesystem::create_directories(repository.root() + "/here");
  git::Command command = words({"pwd", "-P"});
  command.folder = repository.root() + "/here";
  REQUIRE(git::run_program(command).output == repository.root() + "/here\n");
  const Fd folder(open(command.folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  command.folder = "/";
  command.folder_fd = folder.get();
  REQUIRE(git::run_program(command).output == repository.root() + "/here\n");
}

TEST_CASE("a folder or program that is not there is named", "[process]") {
  git::Command command = words({"pwd"});
  command.folder = "/no/such/folder";
  REQUIRE_THROWS_WITH(git::run_program(command), "'/no/such/folder': No such file or directory");
  REQUIRE_THROWS_WITH(git::run_program(words({"/no/such/program"})),
                      "'/no/such/program': No such file or directory");
  REQUIRE_THROWS_WITH(git::run_program(words({"no-such-program"})),
                      "'no-such-program' is not on PATH");
}

TEST_CASE("without git on PATH the error says so", "[process]") {
  ScratchRepository repository;
  repository.set_environment("PATH", repository.root());
  REQUIRE_THROWS_WITH(git::run_git(words({"version"})), "git is not on PATH");
}

TEST_CASE("a program in a relative folder of PATH runs from another folder too", "[process]") {
  ScratchRepository repository;
  repository.write(repository.root() + "/bin/greet", "#!/bin/sh\necho hello\n");
  std::filesystem::permissions(repository.root() + "/bin/greet", std::filesystem::perms::owner_all);
  repository.enter(repository.root());
  repository.set_environment("PATH", "bin:" + std::string(std::getenv("PATH")));
  git::Command command = words({"greet"});
  command.folder = "/";
  REQUIRE(git::run_program(command).output == "hello\n");
}

TEST_CASE("a script without a #! line is run by sh", "[process]") {
  ScratchRepository repository;
  const std::string path = repository.root() + "/script";
  repository.write(path, "echo \"$0 $1\"\n");
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  REQUIRE(git::run_program(words({path, "x"})).output == path + " x\n");
}

TEST_CASE("a child has the standard signals and no descriptor of ours", "[process]") {
  const Fd leaked(open("/dev/null", O_RDONLY | O_CLOEXEC));
  sigset_t blocked;
  sigset_t before;
  sigemptyset(&blocked);
  sigaddset(&blocked, SIGTERM);
  sigprocmask(SIG_BLOCK, &blocked, &before);
  const auto old = std::signal(SIGPIPE, SIG_IGN);
  const std::string status = shell("grep -E '^Sig(Blk|Ign)' /proc/self/status");
  const std::string has_leaked = "test -e /proc/$$/fd/" + std::to_string(leaked.get());
  const bool is_open = git::run_program(words({"sh", "-c", has_leaked})).ok();
  std::signal(SIGPIPE, old);
  sigprocmask(SIG_SETMASK, &before, nullptr);
  const std::string kNone = "0000000000000000";
  REQUIRE(status.find("SigBlk:\t" + kNone) != std::string::npos);
  const unsigned long ignored =
      std::stoul(status.substr(status.find("SigIgn:\t") + 8, 16), nullptr, 16);
  REQUIRE((ignored & (1UL << (SIGPIPE - 1))) == 0);
  REQUIRE_FALSE(is_open);
}

TEST_CASE("a child runs although our standard descriptors are closed", "[process]") {
  const Fd input(dup(STDIN_FILENO));
  const Fd output(dup(STDOUT_FILENO));
  close(STDIN_FILENO);
  close(STDOUT_FILENO);
  git::Command command = words({"sh", "-c", "cat; echo oops >&2"});
  command.input = "hello";
  const git::Outcome outcome = git::run_program(command);
  dup2(input.get(), STDIN_FILENO);
  dup2(output.get(), STDOUT_FILENO);
  REQUIRE(outcome.output == "hello");
  REQUIRE(outcome.errors == "oops\n");
}

TEST_CASE("an ignored SIGCHLD does not lose the exit status", "[process]") {
  const auto old = std::signal(SIGCHLD, SIG_IGN);
  const int status = git::run_program(words({"sh", "-c", "exit 7"})).exit_status;
  std::signal(SIGCHLD, old);
  REQUIRE(status == 7);
}

TEST_CASE("the child writes its own stat line before it starts", "[process]") {
  ScratchRepository repository;
  const std::string path = repository.root() + "/note";
  const Fd note(open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666));
  git::Command command = words({"sh", "-c", "echo $$"});
  command.note_fd = note.get();
  std::string pid = git::run_program(command).output;
  pid.pop_back();
  REQUIRE(gitplan::read_file(path)->starts_with(pid + " ("));
}

TEST_CASE("git's first complaint is told without its prefix, and with the verb", "[process]") {
  ScratchRepository repository;
  REQUIRE(git::first_error_line({1, "", "hint: x\nerror: that failed\nfatal: gone\n"}) ==
          "that failed");
  REQUIRE(git::first_error_line({1, "", "\n  plain words \nmore"}) == "plain words");
  REQUIRE(git::first_error_line({1, "", ""}).empty());
  try {
    git::run_git_checked(words({"-c", "a.b=c", "rev-parse", "--verify", "nothing"}));
    FAIL("git did not complain");
  } catch (const Error& error) {
    REQUIRE(error.kind() == ErrorKind::fatal);
    REQUIRE(std::string(error.what()) == "git rev-parse: Needed a single revision");
  }
}

TEST_CASE("a program that writes nothing for too long is ended with all that it started") {
  git::Command command = words({"sh", "-c", "echo begun; sleep 600 & echo $!; sleep 600"});
  command.patience = std::chrono::milliseconds(300);
  const auto outcome = git::run_program(command);
  CHECK(outcome.was_ended);
  CHECK(outcome.exit_status == 128 + SIGTERM);
  REQUIRE(text::split(outcome.output, '\n').size() == 3);
  const int left = std::stoi(std::string(text::split(outcome.output, '\n')[1]));
  for (int i = 0; i < 100 && kill(left, 0) == 0; ++i) usleep(20000);
  CHECK(kill(left, 0) != 0);
}

TEST_CASE("one that goes on writing is waited for, and has no terminal") {
  git::Command command =
      words({"sh", "-c", "for i in 1 2 3 4; do sleep 0.2; echo $i; done; : 2>/dev/null </dev/tty"});
  command.patience = std::chrono::milliseconds(2000);
  const auto outcome = git::run_program(command);
  CHECK_FALSE(outcome.was_ended);
  CHECK(outcome.exit_status != 0);
  CHECK(outcome.output == "1\n2\n3\n4\n");
}

TEST_CASE("one that closed its output is not waited for for ever either") {
  git::Command command = words({"sh", "-c", "exec >&- 2>&-; sleep 600"});
  command.patience = std::chrono::milliseconds(300);
  CHECK(git::run_program(command).was_ended);
}
