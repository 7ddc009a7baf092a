#include "supervisor/mind.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <csignal>
#include <ctime>
#include <filesystem>
#include <thread>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "supervisor/descendants.hpp"
#include "supervisor/log_limit.hpp"
#include "supervisor/stall.hpp"

namespace gitplan::supervisor {
namespace {

using Ending = WorkerRecord::Ending;
using std::chrono::milliseconds;

constexpr milliseconds look_every{250};
/// A command may remove its worktree as the last thing that it does.
constexpr milliseconds may_outlive_worktree{1000};
/// How its command ended is kept once a full disk has room again: so often, and so long, it is
/// tried.
constexpr int most_tries = 60;
constexpr milliseconds between_tries{1000};

/// Held, so that it is known again wherever it is moved to.
class Folder {
 public:
  explicit Folder(const std::string& path)
      : path_(path), fd_(::open(path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC)) {}

  [[nodiscard]] bool is_deleted() const {
    struct stat info {};
    return fd_ && ::fstat(fd_.get(), &info) == 0 && info.st_nlink == 0;
  }

  /// Where it was moved to, if it was.
  [[nodiscard]] std::optional<std::string> moved_to() const {
    struct stat info {};
    struct stat at_path {};
    if (!fd_ || ::fstat(fd_.get(), &info) != 0 || info.st_nlink == 0) return std::nullopt;
    const bool is_there = ::stat(path_.c_str(), &at_path) == 0 && at_path.st_dev == info.st_dev &&
                          at_path.st_ino == info.st_ino;
    if (is_there) return std::nullopt;
    return std::filesystem::read_symlink(fmt::format("/proc/self/fd/{}", fd_.get())).string();
  }

 private:
  std::string path_;
  Fd fd_;
};

class Minder {
 public:
  Minder(ProcessRunner& runner, const WorkerRecords& records, MindRequest request)
      : runner_(&runner),
        records_(&records),
        request_(std::move(request)),
        worktree_(request_.command.folder) {}

  WorkerRecord run() {
    become_subreaper();
    record().reason.clear();
    runner_->on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int) { stop(Ending::interrupted); });
    look_around();
    if (request_.timeout) {
      over_at_ = std::chrono::steady_clock::now() + *request_.timeout;
      deadline_ = runner_->after(*request_.timeout, [this] { stop(Ending::timed_out); });
    }
    if (request_.stall) look_for_signs(*request_.stall);
    const bool ready = !request_.before || run_step(*request_.before, "the wave-pre-run hook");
    if (ready) run_command();
    look_where_worktree_is();
    if (deadline_) runner_->cancel(*deadline_);
    deadline_.reset();
    if (stall_) runner_->cancel(*stall_);
    stall_.reset();
    if (ready) run_post_hook();
    runner_->cancel(look_);
    keep_log_short();
    if (record().ending == Ending::timed_out)
      record().reason = fmt::format("timed out after {} s",
                                    request_.timeout_in_words.value_or(*request_.timeout).count());
    if (record().ending == Ending::stalled)
      record().reason = fmt::format("stalled: no output, commit or changed file for {} s",
                                    request_.stall->count());
    if (record().ending == Ending::worktree_removed && record().reason.empty())
      record().reason = "its worktree was removed while it was at work";
    record().ended = now();
    return keep_ending().value_or(record());
  }

 private:
  WorkerRecord& record() { return request_.record; }

  /// In the record as it is by now, as another run may have taken it over. Not if this worker was
  /// replaced.
  template <class Change>
  std::optional<WorkerRecord> keep(const Change& change) {
    return records_->update(record().worker, [&](WorkerRecord& kept) {
      if (kept.mind != this_process()) return false;
      change(kept);
      return true;
    });
  }

  std::optional<WorkerRecord> keep_ending() {
    const auto say_how_it_ended = [this](WorkerRecord& kept) {
      kept.phase = WorkerRecord::Phase::ended;
      kept.ending = record().ending;
      kept.exit_status = record().exit_status;
      kept.reason = record().reason;
      kept.ended = record().ended;
    };
    for (int tries = 1; tries < most_tries; ++tries) {
      try {
        return keep(say_how_it_ended);
      } catch (const Error&) {
        std::this_thread::sleep_for(between_tries);
      }
    }
    return keep(say_how_it_ended);
  }

  /// What it had not committed is where nobody looks for it: it is not done.
  void look_where_worktree_is() {
    const auto place = worktree_.moved_to();
    if (!place || record().ending != Ending::exited || request_.is_worktree(*place)) return;
    record().ending = Ending::worktree_removed;
    record().reason =
        fmt::format("its worktree was moved to '{}' while it was at work", text::printable(*place));
  }

  /// A run that took this worker over is no ancestor of ours, and sends no signal.
  void look_around() {
    keep_log_short();
    if (records_->is_asked_to_stop(record().worker)) stop(Ending::interrupted);
    if (current_ != 0 && worktree_.is_deleted()) outlive_worktree();
    look_ = runner_->after(look_every, [this] { look_around(); });
  }

  /// What it had not committed is elsewhere, or nowhere: it is not done, whatever it ends with.
  void outlive_worktree() {
    const auto time = std::chrono::steady_clock::now();
    if (!without_worktree_) without_worktree_ = time;
    if (time - *without_worktree_ >= may_outlive_worktree) stop(Ending::worktree_removed);
  }

  /// Once so much time has passed since the last one that was seen.
  void look_for_signs(std::chrono::seconds wait) {
    stall_ = runner_->after(wait, [this] {
      const Seconds quiet = std::time(nullptr) -
                            last_sign({record().log, request_.command.folder, request_.git_folder});
      const std::chrono::seconds left = *request_.stall - std::chrono::seconds(quiet);
      if (left.count() <= 0) return stop(Ending::stalled);
      look_for_signs(std::min(left, *request_.stall));
    });
  }

  void keep_log_short() {
    if (request_.most_log > 0) limit_log(record().log, request_.most_log);
  }

  void run_command() {
    record().ending = Ending::exited;
    record().exit_status = run_process(request_.command, [this](int pid) {
      const auto command = identify_process(pid);
      if (command) keep([&](WorkerRecord& kept) { kept.command = *command; });
    });
    if (stopped_) record().ending = *stopped_;
  }

  /// True if the command may follow.
  bool run_step(const ProcessSpec& step, std::string_view name) {
    const int status = run_process(step, [](int) {});
    if (!stopped_ && status == 0) return true;
    record().ending = stopped_.value_or(Ending::hook_failed);
    record().exit_status = status;
    record().reason = fmt::format("{} failed with exit status {}", name, status);
    return false;
  }

  void run_post_hook() {
    const auto hook = request_.after(record().exit_status);
    if (!hook) return;
    stopping_ = false;  // the hook has its own time: at least as long as a stopped command had
    const TimerId patience =
        runner_->after(time_of_post_hook(), [this] { stop(stopped_.value_or(Ending::exited)); });
    run_process(*hook, [](int) {});
    runner_->cancel(patience);
  }

  [[nodiscard]] milliseconds time_of_post_hook() const {
    const milliseconds least(term_to_kill);
    if (stopped_) return least;
    if (!over_at_) return std::chrono::hours(1);
    const auto left = *over_at_ - std::chrono::steady_clock::now();
    return std::max(least, std::chrono::duration_cast<milliseconds>(left));
  }

  int run_process(const ProcessSpec& spec, const std::function<void(int)>& started) {
    int status = 127;
    try {
      current_ = runner_->start(spec, [&](const ProcessEnd& end) {
        status = end.exit_status;
        runner_->stop();
      });
      started(current_);
      runner_->run();
    } catch (const Error& error) {
      record().reason = error.what();
    }
    current_ = 0;
    if (kill_) runner_->cancel(*kill_);
    kill_.reset();
    end_descendants(static_cast<int>(patience_left().count()));
    stopping_since_.reset();
    return status;
  }

  /// What the command left has the rest of the time that it was given itself.
  [[nodiscard]] milliseconds patience_left() const {
    const milliseconds all(term_to_kill);
    if (!stopping_since_) return all;
    const auto taken = std::chrono::steady_clock::now() - *stopping_since_;
    return std::clamp(all - std::chrono::duration_cast<milliseconds>(taken), milliseconds(0), all);
  }

  void stop(Ending why) {
    if (!stopped_) stopped_ = why;
    if (std::exchange(stopping_, true) || current_ == 0) return;
    stopping_since_ = std::chrono::steady_clock::now();
    send(SIGTERM);
    send(SIGCONT);
    kill_ = runner_->after(term_to_kill, [this] { kill_all(); });
  }

  void kill_all() {
    send(SIGKILL);
    // Somebody may have forked while we looked.
    kill_ = runner_->after(milliseconds(50), [this] { kill_all(); });
  }

  void send(int number) {
    if (current_ != 0) runner_->signal(current_, number);
    for (const int pid : descendants()) {
      if (pid != current_) ::kill(pid, number);
    }
  }

  ProcessRunner* runner_;
  const WorkerRecords* records_;
  MindRequest request_;
  int current_ = 0;  ///< the process that runs
  TimerId look_ = 0;
  Folder worktree_;
  std::optional<std::chrono::steady_clock::time_point> without_worktree_;  ///< since then
  std::optional<TimerId> deadline_;
  std::optional<TimerId> stall_;
  std::optional<std::chrono::steady_clock::time_point> over_at_;
  std::optional<TimerId> kill_;
  std::optional<Ending> stopped_;
  bool stopping_ = false;
  std::optional<std::chrono::steady_clock::time_point> stopping_since_;
};

}  // namespace

WorkerRecord mind(ProcessRunner& runner, const WorkerRecords& records, MindRequest request) {
  return Minder(runner, records, std::move(request)).run();
}

}  // namespace gitplan::supervisor
