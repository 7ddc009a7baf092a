#include <fmt/format.h>

#include <array>
#include <nlohmann/json.hpp>

#include "base/error.hpp"
#include "base/text.hpp"
#include "cli/completion_files.hpp"
#include "cli/invocation.hpp"
#include "cli/plan/verbs.hpp"

namespace gitplan::cli {
namespace {

std::string_view file_for(const std::string& shell) {
  if (shell == "bash") return completion_files::bash;
  if (shell == "zsh") return completion_files::zsh;
  if (shell == "fish") return completion_files::fish;
  static const std::array<std::string, 3> shells = {"bash", "zsh", "fish"};
  const auto near = text::did_you_mean(shell, shells);
  throw Error(
      ErrorKind::usage,
      fmt::format("no shell '{}' is known; {}", text::printable(shell),
                  near ? fmt::format("did you mean '{}'?", *near) : "there are bash, zsh and fish"),
      Hint{"for example: git plan completion bash"});
}

int run(Invocation& invocation) {
  const std::string_view file = file_for(invocation.arguments().words.front());
  return invocation.answer([&](const Style&) { return std::string(file); },
                           [&] {
                             auto object = new_object();
                             object["content"] = file;
                             return object;
                           });
}

}  // namespace

const Verb plan_completion_verb{
    "completion", "print the completion file of a shell", "<bash|zsh|fish>", 1, 1, {}, run};

}  // namespace gitplan::cli
