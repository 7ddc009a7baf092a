#include "lander/verifier.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <utility>

#include "base/fd.hpp"
#include "git/process.hpp"
#include "lander/verify_process.hpp"
#include "supervisor/log_limit.hpp"
#include "supervisor/mind.hpp"
#include "supervisor/own_program.hpp"

namespace gitplan::lander {
namespace {

using std::chrono::steady_clock;

/// Beyond what the process itself gives what it runs.
constexpr auto patience = supervisor::term_to_kill + std::chrono::seconds(2);

void copy_to_standard_error(const std::string& file, std::int64_t& shown) {
  const Fd fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW));
  std::array<char, 65536> buffer{};
  ssize_t size = 0;
  while (fd && (size = ::pread(fd.get(), buffer.data(), buffer.size(), shown)) > 0) {
    if (::write(STDERR_FILENO, buffer.data(), static_cast<std::size_t>(size)) < 0) return;
    shown += size;
  }
}

}  // namespace

std::string Verifier::log_file(const std::string& commit, int job) const {
  return fmt::format("{}/{}-{}-{}.log", setup_.logs_folder, commit.substr(0, 12), ::getpid(), job);
}

void Verifier::start(int job, const std::string& commit) {
  make_folders(setup_.logs_folder);
  Job started;
  started.log = log_file(commit, job);
  started.begin = steady_clock::now();
  supervisor::ProcessSpec spec;
  spec.arguments = {supervisor::own_program(), "run-verify", "--commit=" + commit,
                    "--verify=" + setup_.command};
  if (setup_.timeout)
    spec.arguments.push_back(fmt::format("--timeout={}s", setup_.timeout->count()));
  spec.arguments.insert(spec.arguments.end(), setup_.words.begin(), setup_.words.end());
  spec.environment = git::child_environment({});
  spec.folder = setup_.folder;
  spec.log_file = started.log;
  spec.said = [this, job](std::string_view line) { jobs_.at(job).said = line; };
  started.pid = runner_->start(spec, [this, job](const auto& over) { end(job, over.exit_status); });
  jobs_[job] = std::move(started);
}

void Verifier::end(int job, int exit_status) {
  auto node = jobs_.extract(job);
  Job& over = node.mapped();
  ::kill(-over.pid, SIGKILL);  // what it ran, where it had no time to end that
  if (over.kill != 0) runner_->cancel(over.kill);
  runner_->stop();
  if (over.cancelled) return;
  show(over);
  Verification result;
  result.job = job;
  result.log = over.log;
  result.seconds = std::chrono::duration<double>(steady_clock::now() - over.begin).count();
  if (const auto end = parse_verify_end(over.said)) {
    result.exit_status = end->exit_status;
    result.timed_out = end->timed_out;
  } else {
    constexpr int signal_base = 128;
    result.is_killed = exit_status == signal_base + SIGKILL || exit_status == signal_base + SIGTERM;
  }
  ended_.push_back(std::move(result));
}

void Verifier::cancel(int job) {
  const auto found = jobs_.find(job);
  if (found == jobs_.end() || std::exchange(found->second.cancelled, true)) return;
  const int pid = found->second.pid;
  runner_->signal(pid, SIGTERM);
  found->second.kill = runner_->after(patience, [this, job, pid] {
    jobs_.at(job).kill = 0;
    runner_->signal(pid, SIGKILL);
  });
}

void Verifier::cancel_all() {
  for (const auto& [job, one] : jobs_) cancel(job);
}

std::vector<Verification> Verifier::ended() { return std::exchange(ended_, {}); }

void Verifier::show(Job& job) {
  if (setup_.shows_output && !job.cancelled) copy_to_standard_error(job.log, job.shown);
}

void Verifier::tick() {
  for (auto& [job, one] : jobs_) {
    if (setup_.most_log > 0) supervisor::limit_log(one.log, setup_.most_log);
    show(one);
  }
}

}  // namespace gitplan::lander
