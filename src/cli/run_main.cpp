#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <cstdlib>
#include <exception>
#include <new>

#include "base/error.hpp"
#include "base/hook_author.hpp"
#include "cli/complete.hpp"
#include "cli/invocation.hpp"
#include "cli/streams.hpp"

namespace gitplan::cli {
namespace {

bool mentions(const std::vector<std::string>& words, std::string_view wanted) {
  for (const auto& word : words) {
    if (word == "--") return false;
    if (word == wanted) return true;
  }
  return false;
}

int run(const Program& program, const Chosen& chosen, Invocation& invocation) {
  const Arguments& arguments = invocation.arguments();
  if (arguments.has("version")) {
    write_output(fmt::format("{} version {}\n", program.name, GITPLAN_VERSION));
    return 0;
  }
  if (chosen.verb == nullptr || arguments.has("help")) {
    write_output(usage(program, chosen.verb));
    return 0;
  }
  return chosen.verb->run(invocation);
}

/// What --json in the words asks for is kept even where they cannot be parsed.
Arguments arguments_for_complaint(const std::vector<std::string>& words) {
  Arguments arguments;
  if (mentions(words, "--json")) arguments.options["json"] = {""};
  return arguments;
}

Arguments parse(const Program& program, const Chosen& chosen) {
  if (chosen.verb != nullptr) return parse_arguments(program, *chosen.verb, chosen.rest);
  Arguments arguments;
  arguments.options[mentions(chosen.rest, "--version") ? "version" : "help"] = {""};
  return arguments;
}

int run_words(const Program& program, const std::vector<std::string>& words) {
  if (!words.empty() && words.front() == complete_word)
    return print_completions(program, {words.begin() + 1, words.end()});
  Arguments arguments = arguments_for_complaint(words);
  Invocation invocation(program, arguments);
  try {
    const Chosen chosen = choose_verb(program, words);
    const Arguments parsed = parse(program, chosen);
    Invocation real(program, parsed);
    try {
      return run(program, chosen, real);
    } catch (const Error& error) {
      real.complain(error);
      return error.exit_status();
    }
  } catch (const Error& error) {
    invocation.complain(error);
    return error.exit_status();
  }
}

/// A short life asks for memory much and gives back little: fewer system calls.
void take_memory_in_large_pieces() {
  constexpr int megabyte = 1 << 20;
  mallopt(M_TOP_PAD, megabyte);
  mallopt(M_MMAP_THRESHOLD, 4 * megabyte);
  mallopt(M_TRIM_THRESHOLD, 16 * megabyte);
}

}  // namespace

int run_main(const Program& program, int argc, char** argv) {
  open_missing_streams();
  forget_author_of_hook();
  take_memory_in_large_pieces();
  constexpr int fatal = static_cast<int>(ErrorKind::fatal);
  int status = fatal;
  try {
    status = run_words(program, std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (const std::bad_alloc&) {
    write_error("fatal: out of memory\n");
  } catch (const std::exception& error) {
    write_error(fmt::format("fatal: {}\n", error.what()));
  }
  // Nothing is left to save: giving back memory piece by piece would take longer than many a verb.
  ::_exit(status);
}

}  // namespace gitplan::cli
