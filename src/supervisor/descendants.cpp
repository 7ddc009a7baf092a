#include "supervisor/descendants.hpp"

#include <dirent.h>
#include <fmt/format.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <csignal>
#include <memory>
#include <string>
#include <thread>
#include <unordered_map>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/process_identity.hpp"
#include "base/text.hpp"

namespace gitplan::supervisor {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

struct CloseFolder {
  void operator()(DIR* folder) const { closedir(folder); }
};

template <class Visit>
void for_each_process(const Visit& visit) {
  const std::unique_ptr<DIR, CloseFolder> proc(opendir("/proc"));
  while (const dirent* entry = proc ? readdir(proc.get()) : nullptr) {
    int pid = 0;
    const std::string_view name = entry->d_name;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (error == std::errc{} && end == name.data() + name.size()) visit(pid);
  }
}

std::unordered_map<int, std::vector<int>> children_by_parent() {
  std::unordered_map<int, std::vector<int>> children;
  for_each_process([&](int pid) { children[parent_of(pid)].push_back(pid); });
  return children;
}

/// A file of /proc/<pid> that holds words which NUL ends; empty if it is another user's.
std::vector<std::string> words_of(int pid, std::string_view file) try {
  const auto content = read_file(fmt::format("/proc/{}/{}", pid, file), 16U << 20U);
  std::vector<std::string> words;
  if (!content) return words;
  for (const std::string_view word : text::split(*content, '\0')) words.emplace_back(word);
  return words;
} catch (const Error&) {
  return {};
}

}  // namespace

bool runs_with(int pid, const std::vector<std::string>& words) {
  const auto arguments = words_of(pid, "cmdline");
  return std::ranges::all_of(words, [&](const std::string& word) {
    return std::ranges::find(arguments, word) != arguments.end();
  });
}

bool has_variable(int pid, std::string_view variable) {
  const auto variables = words_of(pid, "environ");
  return std::ranges::find(variables, variable) != variables.end();
}

void become_subreaper() { ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0); }

bool has_descendants() {
  for (;;) {
    const pid_t reaped = ::waitpid(-1, nullptr, WNOHANG | __WALL);
    if (reaped == 0) return true;
    if (reaped < 0 && errno != EINTR) return false;
  }
}

std::vector<int> descendants(const std::vector<int>& but) {
  const auto children = children_by_parent();
  std::vector<int> found{::getpid()};
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto below = children.find(found[i]);
    if (below == children.end()) continue;
    for (const int pid : below->second) {
      if (std::find(but.begin(), but.end(), pid) == but.end()) found.push_back(pid);
    }
  }
  found.erase(found.begin());
  return found;
}

std::vector<int> processes_with(std::string_view variable) {
  std::vector<int> found;
  for_each_process([&](int pid) {
    if (pid > 1 && pid != ::getpid() && has_variable(pid, variable)) found.push_back(pid);
  });
  return found;
}

void end_processes_with(std::string_view variable, int patience_ms) {
  const auto deadline = steady_clock::now() + milliseconds(patience_ms);
  bool asked = false;
  for (;;) {
    const auto left = processes_with(variable);
    if (left.empty()) return;
    const bool over = steady_clock::now() >= deadline;
    for (const int pid : left) {
      if (over) {
        ::kill(pid, SIGKILL);
      } else if (!asked) {
        ::kill(pid, SIGTERM);
        ::kill(pid, SIGCONT);  // a stopped one could not end
      }
    }
    asked = true;
    std::this_thread::sleep_for(milliseconds(10));
  }
}

void end_descendants(int patience_ms) {
  const auto deadline = steady_clock::now() + milliseconds(patience_ms);
  bool asked = false;
  while (has_descendants()) {
    const bool over = steady_clock::now() >= deadline;
    if (!asked || over) {
      for (const int pid : descendants()) {
        ::kill(pid, over ? SIGKILL : SIGTERM);
        if (!over) ::kill(pid, SIGCONT);  // a stopped one could not end
      }
    }
    asked = true;
    std::this_thread::sleep_for(milliseconds(over ? 1 : 10));
  }
}

}  // namespace gitplan::supervisor
