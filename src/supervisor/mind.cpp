#include "supervisor/mind.hpp"

#include <fmt/format.h>

#include <csignal>
#include <utility>

#include "base/error.hpp"
#include "supervisor/descendants.hpp"

namespace gitplan::supervisor {
namespace {

using Ending = WorkerRecord::Ending;
using std::chrono::milliseconds;

class Minder {
 public:
  Minder(ProcessRunner& runner, const WorkerRecords& records, MindRequest request)
      : runner_(&runner), records_(&records), request_(std::move(request)) {}

  WorkerRecord run() {
    become_subreaper();
    record().mind = this_process();
    record().phase = WorkerRecord::Phase::working;
    records_->write(record());
    runner_->on_signals({SIGTERM, SIGINT, SIGHUP}, [this](int) { stop(Ending::interrupted); });
    if (request_.timeout) {
      deadline_ = runner_->after(*request_.timeout, [this] { stop(Ending::timed_out); });
    }
    if (!request_.before || run_step(*request_.before, "the wave-pre-run hook")) run_command();
    if (deadline_) runner_->cancel(*deadline_);
    deadline_.reset();
    run_post_hook();
    record().phase = WorkerRecord::Phase::ended;
    record().ended = now();
    records_->write(record());
    return record();
  }

 private:
  WorkerRecord& record() { return request_.record; }

  void run_command() {
    record().ending = Ending::exited;
    record().exit_status = run_process(request_.command, [this](int pid) {
      if (const auto started = identify_process(pid)) record().command = *started;
      records_->write(record());
    });
    if (stopped_) record().ending = *stopped_;
  }

  /// True if the command may follow.
  bool run_step(const ProcessSpec& step, std::string_view name) {
    const int status = run_process(step, [](int) {});
    if (!stopped_ && status == 0) return true;
    record().ending = stopped_.value_or(Ending::not_prepared);
    record().exit_status = status;
    record().reason = fmt::format("{} failed with exit status {}", name, status);
    return false;
  }

  void run_post_hook() {
    const auto hook = request_.after(record().exit_status);
    if (!hook) return;
    stopping_ = false;  // the hook has its own time: as long as a stopped command had
    const TimerId patience =
        runner_->after(stopped_ ? milliseconds(term_to_kill) : milliseconds(std::chrono::hours(1)),
                       [this] { stop(stopped_.value_or(Ending::exited)); });
    run_process(*hook, [](int) {});
    runner_->cancel(patience);
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
    end_descendants(static_cast<int>(milliseconds(term_to_kill).count()));
    return status;
  }

  void stop(Ending why) {
    if (!stopped_) stopped_ = why;
    if (std::exchange(stopping_, true) || current_ == 0) return;
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
  std::optional<TimerId> deadline_;
  std::optional<TimerId> kill_;
  std::optional<Ending> stopped_;
  bool stopping_ = false;
};

}  // namespace

WorkerRecord mind(ProcessRunner& runner, const WorkerRecords& records, MindRequest request) {
  return Minder(runner, records, std::move(request)).run();
}

}  // namespace gitplan::supervisor
