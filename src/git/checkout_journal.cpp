#include "git/checkout_journal.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"

namespace gitplan::git {
namespace {

// Fields that NUL ends, since a path may hold a newline; then a line of /proc/PID/stat for each
// program.
constexpr std::string_view kFormat = "git-plan checkout journal 1";
constexpr std::string_view kEnd = "end\n";

std::string journal_path(const Repository& repository) {
  return state_folder(repository) + "/checkout-journal";
}

// "<pid> (<name, which may hold anything>) <state> <18 numbers> <start time> …"
std::optional<ProcessIdentity> parse_stat(std::string_view line) {
  const std::size_t close = line.rfind(')');
  if (close == std::string_view::npos) return std::nullopt;
  ProcessIdentity process;
  const std::string_view pid = line.substr(0, line.find(' '));
  std::from_chars(pid.data(), pid.data() + pid.size(), process.pid);
  const std::vector<std::string_view> fields = text::split(line.substr(close + 1), ' ');
  constexpr std::size_t kStartTime = 20;  // field 22 of the line; field 2 ends at the parenthesis
  if (process.pid <= 0 || fields.size() <= kStartTime) return std::nullopt;
  const std::string_view start = fields[kStartTime];
  std::from_chars(start.data(), start.data() + start.size(), process.start_time);
  return process;
}

std::optional<CheckoutJournal> parse_journal(std::string_view content) {
  std::array<std::string_view, 7> fields;
  for (std::string_view& field : fields) {
    const std::size_t end = content.find('\0');
    if (end == std::string_view::npos) return std::nullopt;
    field = content.substr(0, end);
    content.remove_prefix(end + 1);
  }
  const std::optional<Oid> before = Oid::parse(fields[2]);
  const std::optional<Oid> after = Oid::parse(fields[3]);
  if (fields[0] != kFormat || !before || !after || !content.starts_with(kEnd)) return std::nullopt;
  CheckoutJournal journal{
      std::string(fields[1]), *before, *after, {std::string(fields[4]), std::string(fields[5])},
      std::string(fields[6]), {}};
  for (const std::string_view line : text::split(content.substr(kEnd.size()), '\n')) {
    if (const auto process = parse_stat(line)) journal.programs.push_back(*process);
  }
  return journal;
}

std::string format_journal(const CheckoutJournal& journal) {
  const std::string before = journal.before.hex();
  const std::string after = journal.after.hex();
  const std::array<std::string_view, 7> fields = {kFormat,
                                                  journal.branch,
                                                  before,
                                                  after,
                                                  journal.checkout.path,
                                                  journal.checkout.admin_folder,
                                                  journal.reflog_message};
  std::string content;
  for (const std::string_view field : fields) {
    content.append(field.substr(0, field.find('\0')));
    content += '\0';
  }
  return content.append(kEnd);
}

}  // namespace

bool has_checkout_journal(const Repository& repository) { return exists(journal_path(repository)); }

std::optional<CheckoutJournal> read_checkout_journal(const Repository& repository) {
  const std::optional<std::string> content = read_file(journal_path(repository));
  return content ? parse_journal(*content) : std::nullopt;
}

Fd write_checkout_journal(const Repository& repository, const CheckoutJournal& journal) {
  make_state_folder(repository);
  const std::string path = journal_path(repository);
  write_file_atomically(path, format_journal(journal));
  Fd file(open(path.c_str(), O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW));
  if (!file || flock(file.get(), LOCK_EX | LOCK_NB) != 0 || fsync(file.get()) != 0) {
    throw Error(ErrorKind::fatal, fmt::format("'{}': {}", path, std::strerror(errno)));
  }
  return file;
}

bool is_at_work(const Repository& repository, const CheckoutJournal& journal) {
  if (std::ranges::any_of(journal.programs, is_alive)) return true;
  const Fd file(open(journal_path(repository).c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  return file && flock(file.get(), LOCK_SH | LOCK_NB) != 0;
}

void remove_checkout_journal(const Repository& repository) {
  unlink(journal_path(repository).c_str());
}

}  // namespace gitplan::git
