#include "cli/complete.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

#include "cli/plan/verbs.hpp"
#include "cli/task/verbs.hpp"
#include "cli/wave/verbs.hpp"

namespace gitplan::cli {
namespace {

std::vector<std::string> values(const Program& program, const std::vector<std::string>& words) {
  std::vector<std::string> found;
  for (const auto& candidate : complete(program, words)) found.push_back(candidate.value);
  return found;
}

bool offers(const std::vector<std::string>& found, std::string_view value) {
  return std::find(found.begin(), found.end(), value) != found.end();
}

std::vector<std::string> words_of(const Verb& verb) {
  const auto space = verb.name.find(' ');
  if (space == std::string_view::npos) return {std::string(verb.name)};
  return {std::string(verb.name.substr(0, space)), std::string(verb.name.substr(space + 1))};
}

TEST_CASE("every verb is offered, with what it is for, and hidden ones are not") {
  for (const Program* program : {&plan_program(), &task_program(), &wave_program()}) {
    for (const Verb& verb : program->verbs) {
      auto words = words_of(verb);
      const std::string last = words.back();
      words.back() = "";
      CAPTURE(verb.name);
      CHECK(offers(values(*program, words), last) == !verb.hidden);
    }
    for (const auto& candidate : complete(*program, {""})) {
      CAPTURE(candidate.value);
      CHECK_FALSE(candidate.description.empty());
    }
  }
}

TEST_CASE("every option of every verb is offered once") {
  for (const Program* program : {&plan_program(), &task_program(), &wave_program()}) {
    for (const Verb& verb : program->verbs) {
      auto words = words_of(verb);
      words.emplace_back("-");
      auto found = values(*program, words);
      CAPTURE(verb.name);
      for (const Option& option : verb.options) {
        if (option.name.empty()) continue;
        const std::string name = "--" + std::string(option.name);
        CAPTURE(name);
        CHECK((offers(found, name) || offers(found, name + "=")));
      }
      CHECK(offers(found, "--plan="));
      std::sort(found.begin(), found.end());
      CHECK(std::adjacent_find(found.begin(), found.end()) == found.end());
    }
  }
}

TEST_CASE("an option that was given is not offered again, unless it is a list") {
  const auto found = values(plan_program(), {"update", "--note=x", "--add", "f", "--"});
  CHECK_FALSE(offers(found, "--note="));
  CHECK(offers(found, "--add="));
}

TEST_CASE("words out of a fixed set are known without a repository") {
  CHECK(values(plan_program(), {"completion", ""}) ==
        std::vector<std::string>{"bash", "zsh", "fish"});
  CHECK(values(plan_program(), {"--color=", "list", "--color="}) ==
        std::vector<std::string>{"--color=always", "--color=never", "--color=auto"});
  CHECK(offers(values(plan_program(), {"export", "--to", ""}), "taskmaster"));
  CHECK(offers(values(task_program(), {"list", "--status=ready,"}), "--status=ready,failed"));
}

TEST_CASE("files are left to the shell") {
  CHECK(values(plan_program(), {"create", "-F", ""}) == std::vector<std::string>{":files"});
  CHECK(values(plan_program(), {"create", "--file=x"}) == std::vector<std::string>{":files"});
  CHECK(values(plan_program(), {"import", "--from=beads", ""}) ==
        std::vector<std::string>{":files"});
}

TEST_CASE("nothing is offered where nothing fits") {
  CHECK(values(plan_program(), {"no-such-verb", ""}).empty());
  CHECK(values(plan_program(), {"list", ""}).empty());
  CHECK(values(plan_program(), {"create", "--request", ""}).empty());
  CHECK(values(plan_program(), {"list", "--no-such=", ""}).empty());
  CHECK_FALSE(values(plan_program(), {}).empty());
}

}  // namespace
}  // namespace gitplan::cli
