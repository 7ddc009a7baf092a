#include "lander/history.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"

namespace gitplan::lander {
namespace {

std::string file_of(const git::Repository& repository, const std::string& session) {
  return join_path(git::state_folder(repository), "logs/" + session + "/landing-history");
}

std::string line_of(const History& one) {
  return fmt::format("{} {:.3f} {} {} {:.3f}\n", one.verifications, one.seconds, one.flaky,
                     one.sent_back, one.longest_wait);
}

void add(History& all, const std::string& line) {
  History one;
  constexpr int fields = 5;
  if (std::sscanf(line.c_str(), "%d %lf %d %d %lf", &one.verifications, &one.seconds, &one.flaky,
                  &one.sent_back, &one.longest_wait) != fields)
    return;
  all.verifications += one.verifications;
  all.seconds += one.seconds;
  all.flaky += one.flaky;
  all.sent_back += one.sent_back;
  all.longest_wait = std::max(all.longest_wait, one.longest_wait);
}

}  // namespace

void add_to_history(const git::Repository& repository, const std::string& session,
                    const History& happened) try {
  const std::string file = file_of(repository, session);
  make_folders(file.substr(0, file.rfind('/')));
  const Fd log(::open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW,
                      private_file_mode()));
  const std::string line = line_of(happened);
  if (log && ::write(log.get(), line.data(), line.size()) < 0) return;
} catch (const Error&) {
  // The report says less then.
}

History history_of(const git::Repository& repository, const std::string& session) try {
  History all;
  const std::string text = read_file(file_of(repository, session)).value_or("");
  for (const std::string_view line : text::split(text, '\n')) add(all, std::string(line));
  return all;
} catch (const Error&) {
  return {};
}

}  // namespace gitplan::lander
