// What shells make of a quoted word, by the shells that there are.
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "base/fd.hpp"
#include "base/text.hpp"

using namespace gitplan;

namespace {

using Words = std::vector<std::string>;

/// The standard output of `shell -c command`; nothing if there is no such shell.
std::string said_by(const std::string& shell, const std::string& command) {
  std::array<int, 2> ends{};
  REQUIRE(pipe(ends.data()) == 0);
  const pid_t child = fork();
  REQUIRE(child >= 0);
  if (child == 0) {
    dup2(ends[1], STDOUT_FILENO);
    close(ends[0]);
    close(ends[1]);
    close(STDERR_FILENO);
    execlp(shell.c_str(), shell.c_str(), "-c", command.c_str(), nullptr);
    _exit(127);
  }
  close(ends[1]);
  std::string said;
  std::array<char, 4096> part{};
  for (ssize_t got = 0; (got = read(ends[0], part.data(), part.size())) > 0;)
    said.append(part.data(), static_cast<std::size_t>(got));
  close(ends[0]);
  waitpid(child, nullptr, 0);
  return said;
}

bool has_shell(const std::string& shell) { return said_by(shell, "echo x") == "x\n"; }

/// The words as the shell reads them once they are quoted.
Words read_by(const std::string& shell, const Words& words) {
  std::string command = "printf '%s\\001'";
  for (const std::string& word : words) command += " " + text::shell_quote(word);
  Words read;
  const std::string said = said_by(shell, command);
  for (const auto piece : text::split(said, '\001')) read.emplace_back(piece);
  read.pop_back();
  return read;
}

/// Made of what some shell does not read as itself.
Words hostile_words(bool are_shown) {
  const Words characters{"'", "\\", "$",  "`",  "\"", " ",  "!", "~", "{",           "}",
                         "*", ";",  "#",  "&",  "(",  ")",  "|", "<", "=",           "%",
                         "a", "'",  "\\", "^",  "?",  "[",  "]", ",", "\xc3\xbc",    "047",
                         "x", "-",  "@",  "\t", "\n", "\a", "0", "'", "\xe2\x80\xae"};
  std::mt19937 random(7);
  Words words;
  while (words.size() < 400) {
    std::string word;
    for (auto length = random() % 8 + 1; length > 0; --length)
      word += characters[random() % characters.size()];
    if ((text::printable(word) == word) == are_shown) words.push_back(word);
  }
  return words;
}

}  // namespace

TEST_CASE("what can be shown is read alike by all shells") {
  const Words words = hostile_words(true);
  for (const std::string shell : {"sh", "dash", "bash", "zsh", "fish"}) {
    INFO(shell);
    if (has_shell(shell)) CHECK(read_by(shell, words) == words);
  }
}

TEST_CASE("what cannot be shown is read by shells that know $'…'") {
  const Words words = hostile_words(false);
  for (const std::string shell : {"bash", "zsh"}) {
    INFO(shell);
    if (has_shell(shell)) CHECK(read_by(shell, words) == words);
  }
}

TEST_CASE("what cannot be shown is one harmless word to shells that do not know $'…'") {
  const Words words{"\xe2\x80\xae';echo ran;#", "\a\\';echo ran;'", "\a';echo ran;echo '",
                    "\a$(echo ran >&2)`echo ran`", "'\n;echo ran\n"};
  if (has_shell("dash")) CHECK(read_by("dash", words).size() == words.size());
  for (const std::string shell : {"dash", "fish"}) {
    for (const std::string& word : words) {
      const std::string said = "\n" + said_by(shell, "printf '%s\\n' " + text::shell_quote(word));
      INFO(shell << " says " << said);
      CHECK(said.find("\nran\n") == std::string::npos);
    }
  }
}
