#include "supervisor/uv_runner.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <uv.h>

#include <array>
#include <csignal>
#include <map>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/file_mode.hpp"
#include "base/text.hpp"
#include "supervisor/line_reader.hpp"

namespace gitplan::supervisor {
namespace {

constexpr std::chrono::milliseconds watch_every{100};

/// Frees itself once libuv has let go of it.
template <class Owner>
void close_and_delete(uv_handle_t* handle, Owner* owner) {
  handle->data = owner;
  uv_close(handle, [](uv_handle_t* closed) { delete static_cast<Owner*>(closed->data); });
}

struct Child {
  uv_process_t process{};
  uv_pipe_t pipe{};
  bool has_pipe = false;
  bool pipe_open = false;
  bool exited = false;
  int handles = 0;  ///< not closed yet
  LineReader output;
  std::function<void(const ProcessEnd&)> ended;
  std::array<char, 65536> buffer{};
};

void release(uv_handle_t* handle) {
  auto* child = static_cast<Child*>(handle->data);
  if (--child->handles == 0) delete child;
}

void close_pipe(Child& child) {
  if (!child.pipe_open) return;
  child.pipe_open = false;
  uv_close(reinterpret_cast<uv_handle_t*>(&child.pipe), release);
}

/// What a process left in the background may keep the pipe open for ever: what was written by the
/// end counts.
void drain(Child& child) {
  uv_os_fd_t fd = -1;
  if (!child.pipe_open || uv_fileno(reinterpret_cast<uv_handle_t*>(&child.pipe), &fd) != 0) return;
  std::string rest;
  append_pipe_content(fd, rest);
  child.output.add(rest);
}

void on_exit(uv_process_t* process, std::int64_t status, int signal) {
  auto* child = static_cast<Child*>(process->data);
  drain(*child);
  child->output.end();
  close_pipe(*child);
  const auto ended = std::move(child->ended);
  const ProcessEnd end{signal != 0 ? 128 + signal : static_cast<int>(status)};
  uv_close(reinterpret_cast<uv_handle_t*>(process), release);
  ended(end);
}

void on_read(uv_stream_t* stream, ssize_t size, const uv_buf_t* buffer) {
  auto* child = static_cast<Child*>(stream->data);
  if (size > 0) child->output.add({buffer->base, static_cast<std::size_t>(size)});
  if (size < 0) close_pipe(*child);
}

void give_buffer(uv_handle_t* handle, std::size_t /*wanted*/, uv_buf_t* buffer) {
  auto* child = static_cast<Child*>(handle->data);
  *buffer = uv_buf_init(child->buffer.data(), static_cast<unsigned>(child->buffer.size()));
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> result;
  result.reserve(words.size() + 1);
  for (const std::string& word : words) result.push_back(const_cast<char*>(word.c_str()));
  result.push_back(nullptr);
  return result;
}

Fd open_for_child(const std::string& path, int flags) {
  Fd fd(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, private_file_mode()));
  if (!fd) {
    throw Error(ErrorKind::fatal, fmt::format("cannot open '{}': {}", text::printable(path),
                                              uv_strerror(uv_translate_sys_error(errno))));
  }
  return fd;
}

uv_stdio_container_t inherited(const Fd& fd) {
  uv_stdio_container_t container{};
  container.flags = UV_INHERIT_FD;
  container.data.fd = fd.get();
  return container;
}

struct Timer {
  uv_timer_t handle{};
  std::function<void()> due;
  std::map<TimerId, Timer*>* all = nullptr;
  TimerId id = 0;
};

struct Watch {
  uv_poll_t handle{};
  Fd fd;
  std::function<void()> ended;
};

struct Signal {
  uv_signal_t handle{};
  std::function<void(int)> arrived;
};

class UvRunner final : public ProcessRunner {
 public:
  UvRunner() { uv_loop_init(&loop_); }
  UvRunner(const UvRunner&) = delete;
  UvRunner& operator=(const UvRunner&) = delete;
  ~UvRunner() override {
    for (auto* signal : signals_)
      close_and_delete(reinterpret_cast<uv_handle_t*>(&signal->handle), signal);
    for (const auto& [id, timer] : timers_)
      close_and_delete(reinterpret_cast<uv_handle_t*>(&timer->handle), timer);
    uv_run(&loop_, UV_RUN_NOWAIT);
    uv_loop_close(&loop_);  // busy if children outlive us: the process is about to end
  }

  int start(const ProcessSpec& spec, std::function<void(const ProcessEnd&)> ended) override {
    const Fd input =
        open_for_child(spec.input_file.empty() ? "/dev/null" : spec.input_file, O_RDONLY);
    const Fd log = spec.log_file.empty()
                       ? open_for_child("/dev/null", O_WRONLY)
                       : open_for_child(spec.log_file, O_WRONLY | O_CREAT | O_APPEND);
    auto child = std::make_unique<Child>();
    child->ended = std::move(ended);
    std::array<uv_stdio_container_t, 3> stdio{inherited(input), inherited(log), inherited(log)};
    if (spec.said) {
      child->output = LineReader(spec.said);
      uv_pipe_init(&loop_, &child->pipe, 0);
      child->pipe.data = child.get();
      child->has_pipe = child->pipe_open = true;
      ++child->handles;
      stdio[1].flags = static_cast<uv_stdio_flags>(UV_CREATE_PIPE | UV_WRITABLE_PIPE);
      stdio[1].data.stream = reinterpret_cast<uv_stream_t*>(&child->pipe);
    }
    std::vector<char*> arguments = pointers(spec.arguments);
    std::vector<char*> environment = pointers(spec.environment);
    uv_process_options_t options{};
    options.file = arguments[0];
    options.args = arguments.data();
    options.env = environment.data();
    options.cwd = spec.folder.empty() ? nullptr : spec.folder.c_str();
    options.flags = UV_PROCESS_DETACHED;
    options.stdio = stdio.data();
    options.stdio_count = static_cast<int>(stdio.size());
    options.exit_cb = on_exit;
    child->process.data = child.get();
    ++child->handles;
    Child* owned = child.release();  // from here on libuv's callbacks free it
    const int failure = [&] {
      const AsTheUser as_the_user;
      return uv_spawn(&loop_, &owned->process, &options);
    }();
    if (failure != 0) {
      close_pipe(*owned);
      uv_close(reinterpret_cast<uv_handle_t*>(&owned->process), release);
      throw Error(ErrorKind::fatal,
                  fmt::format("cannot run '{}': {}", text::printable(spec.arguments.front()),
                              uv_strerror(failure)));
    }
    if (owned->has_pipe)
      uv_read_start(reinterpret_cast<uv_stream_t*>(&owned->pipe), give_buffer, on_read);
    return owned->process.pid;
  }

  void watch(const ProcessIdentity& process, std::function<void()> ended) override {
    auto watch = std::make_unique<Watch>();
    watch->fd = Fd(static_cast<int>(::syscall(SYS_pidfd_open, process.pid, 0U)));
    // Asked after the descriptor is there: the id cannot have gone to another process since.
    if (!is_alive(process)) {
      after(std::chrono::milliseconds(0), std::move(ended));
      return;
    }
    if (!watch->fd) {  // an old kernel, or a sandbox
      after(watch_every, [this, process, ended = std::move(ended)]() mutable {
        this->watch(process, std::move(ended));
      });
      return;
    }
    watch->ended = std::move(ended);
    watch->handle.data = watch.get();
    uv_poll_init(&loop_, &watch->handle, watch->fd.get());
    uv_poll_start(&watch.release()->handle, UV_READABLE, [](uv_poll_t* handle, int, int) {
      auto* over = static_cast<Watch*>(handle->data);
      uv_poll_stop(handle);
      const auto callback = std::move(over->ended);
      close_and_delete(reinterpret_cast<uv_handle_t*>(handle), over);
      callback();
    });
  }

  void signal(int pid, int number) override {
    if (pid <= 1) return;  // kill(-1) is everybody, kill(0) our own group
    if (::kill(-pid, number) != 0) ::kill(pid, number);
  }

  TimerId after(std::chrono::milliseconds delay, std::function<void()> due) override {
    auto* timer = new Timer;
    timer->due = std::move(due);
    timer->all = &timers_;
    timer->id = ++last_timer_;
    timer->handle.data = timer;
    timers_[timer->id] = timer;
    uv_timer_init(&loop_, &timer->handle);
    uv_update_time(&loop_);
    uv_timer_start(
        &timer->handle,
        [](uv_timer_t* handle) {
          auto* over = static_cast<Timer*>(handle->data);
          over->all->erase(over->id);
          const auto callback = std::move(over->due);
          close_and_delete(reinterpret_cast<uv_handle_t*>(handle), over);
          callback();
        },
        static_cast<std::uint64_t>(delay.count()), 0);
    return timer->id;
  }

  void cancel(TimerId id) override {
    const auto found = timers_.find(id);
    if (found == timers_.end()) return;
    Timer* timer = found->second;
    timers_.erase(found);
    uv_timer_stop(&timer->handle);
    close_and_delete(reinterpret_cast<uv_handle_t*>(&timer->handle), timer);
  }

  void on_signals(const std::vector<int>& numbers, std::function<void(int)> arrived) override {
    for (const int number : numbers) {
      struct sigaction now {};
      // As under nohup(1), or in a program that wants to see its pipe closed.
      const bool may_be_ignored = number == SIGHUP || number == SIGPIPE;
      if (may_be_ignored && ::sigaction(number, nullptr, &now) == 0 && now.sa_handler == SIG_IGN)
        continue;
      auto* signal = new Signal;
      signal->arrived = arrived;
      signal->handle.data = signal;
      uv_signal_init(&loop_, &signal->handle);
      uv_signal_start(
          &signal->handle,
          [](uv_signal_t* handle, int which) {
            static_cast<Signal*>(handle->data)->arrived(which);
          },
          number);
      uv_unref(reinterpret_cast<uv_handle_t*>(&signal->handle));
      signals_.push_back(signal);
    }
  }

  void run() override { uv_run(&loop_, UV_RUN_DEFAULT); }
  void stop() override { uv_stop(&loop_); }

 private:
  uv_loop_t loop_{};
  std::map<TimerId, Timer*> timers_;
  TimerId last_timer_ = 0;
  std::vector<Signal*> signals_;
};

}  // namespace

std::unique_ptr<ProcessRunner> make_uv_runner() { return std::make_unique<UvRunner>(); }

}  // namespace gitplan::supervisor
