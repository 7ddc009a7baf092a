#include "supervisor/worker_record.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <system_error>
#include <utility>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/names.hpp"
#include "base/text.hpp"

namespace gitplan::supervisor {
namespace {

using Phase = WorkerRecord::Phase;
using Ending = WorkerRecord::Ending;

constexpr Names<Phase, 6> phases = {{{"assigned", Phase::assigned},
                                     {"working", Phase::working},
                                     {"ended", Phase::ended},
                                     {"done", Phase::done},
                                     {"parked", Phase::parked},
                                     {"idle", Phase::idle}}};
constexpr Names<Ending, 8> endings = {{{"exited", Ending::exited},
                                       {"timed-out", Ending::timed_out},
                                       {"stalled", Ending::stalled},
                                       {"interrupted", Ending::interrupted},
                                       {"not-prepared", Ending::not_prepared},
                                       {"hook-failed", Ending::hook_failed},
                                       {"worktree-removed", Ending::worktree_removed},
                                       {"not-merged", Ending::not_merged}}};

template <class Number>
void take_number(std::string_view text, Number& value) {
  std::from_chars(text.data(), text.data() + text.size(), value);
}

void set(SentBack& why, std::string_view key, std::string_view value) {
  if (key == "sent-back-status") take_number(value, why.exit_status);
  if (key == "sent-back-timed-out") why.timed_out = value == "1";
  if (key == "sent-back-line") why.last_lines.push_back(text::from_one_line(value));
  if (key == "sent-back-with") why.with.push_back(text::from_one_line(value));
  if (key == "sent-back-ref") why.ref = text::from_one_line(value);
}

void set_agent(WorkerRecord& record, std::string_view key, std::string_view value) {
  if (key == "wanted-agent") record.wanted_agent = value;
  if (key == "agent") record.agent = value;
  if (key == "usage") record.usage = agents::parse_words(value);
  if (key == "usage-before") record.usage_before = agents::parse_words(value);
  if (key == "parked-since") take_number(value, record.parked_since);
  if (key == "parked-before") take_number(value, record.parked_before);
  if (key == "waits-until") take_number(value, record.waits_until);
  if (key == "log-begin") take_number(value, record.log_begin);
}

void set(WorkerRecord& record, std::string_view key, std::string_view value) {
  set_agent(record, key, value);
  if (key == "worker") take_number(value, record.worker);
  if (key == "session") record.session = value;
  if (key == "task") record.task = value;
  if (key == "branch") record.branch = value;
  if (key == "made-branch-at") record.made_branch_at = value;
  if (key == "attempt") take_number(value, record.attempt);
  if (key == "failures") take_number(value, record.failures);
  if (key == "conflict") record.conflicts.push_back(text::from_one_line(value));
  if (key == "merged-flow") record.merged_flow = value == "1";
  if (key == "started") take_number(value, record.started);
  if (key == "attempt-started") take_number(value, record.attempt_started);
  if (key == "ended") take_number(value, record.ended);
  if (key == "log") record.log = text::from_one_line(value);
  if (key == "phase") record.phase = value_named(phases, value).value_or(record.phase);
  if (key == "ending") record.ending = value_named(endings, value).value_or(record.ending);
  if (key == "exit-status") take_number(value, record.exit_status);
  if (key == "reason") record.reason = text::from_one_line(value);
  if (key == "retried-after") record.retried_after = text::from_one_line(value);
  if (key == "sent-back") record.sent_back.emplace().command = text::from_one_line(value);
  if (record.sent_back) set(*record.sent_back, key, value);
  if (key == "allow-empty") record.allow_empty = value == "1";
  if (key == "told") record.told = WorkerRecord::Word{text::from_one_line(value), false};
  if (key == "told-empty" && record.told) record.told->allow_empty = value == "1";
  if (key == "run") record.run = decode_process(value, ' ');
  if (key == "mind") record.mind = decode_process(value, ' ');
  if (key == "command") record.command = decode_process(value, ' ');
}

std::string encode(const SentBack& why) {
  std::string text =
      fmt::format("sent-back {}\nsent-back-status {}\nsent-back-timed-out {}\nsent-back-ref {}\n",
                  text::on_one_line(why.command), why.exit_status, why.timed_out ? 1 : 0,
                  text::on_one_line(why.ref));
  for (const std::string& line : why.last_lines)
    text += fmt::format("sent-back-line {}\n", text::on_one_line(line));
  for (const std::string& task : why.with)
    text += fmt::format("sent-back-with {}\n", text::on_one_line(task));
  return text;
}

std::string agent_lines(const WorkerRecord& record) {
  if (record.agent.empty() && record.wanted_agent.empty()) return "";
  return fmt::format(
      "wanted-agent {}\nagent {}\nusage {}\nusage-before {}\nparked-since {}\nparked-before "
      "{}\nwaits-until {}\nlog-begin {}\n",
      record.wanted_agent, record.agent, agents::to_words(record.usage),
      agents::to_words(record.usage_before), record.parked_since, record.parked_before,
      record.waits_until, record.log_begin);
}

std::string process_line(std::string_view key, const ProcessIdentity& process) {
  return fmt::format("{} {}\n", key, encode(process, ' '));
}

}  // namespace

agents::Usage usage_of(const WorkerRecord& record) {
  agents::Usage sum = record.usage_before;
  agents::add(sum, record.usage);
  return sum;
}

bool ended_well(const WorkerRecord& record) {
  const bool may_be = record.ending == Ending::exited || record.ending == Ending::not_merged;
  const bool says_otherwise =
      record.exit_status == exit_not_now || record.exit_status == exit_skipped;
  return record.phase == Phase::ended && may_be &&
         (record.exit_status == 0 || (record.told && !says_otherwise));
}

std::string encode(const WorkerRecord& record) {
  std::string text = fmt::format(
      "worker {}\nsession {}\ntask {}\nbranch {}\nmade-branch-at {}\nattempt {}\nfailures {}\n",
      record.worker, record.session, record.task, record.branch, record.made_branch_at,
      record.attempt, record.failures);
  for (const std::string& path : record.conflicts)
    text += fmt::format("conflict {}\n", text::on_one_line(path));
  text += fmt::format(
      "merged-flow {}\nstarted {}\nattempt-started {}\nended {}\nlog {}\nphase {}\nending {}\n",
      record.merged_flow ? 1 : 0, record.started, record.attempt_started, record.ended,
      text::on_one_line(record.log), name_of(phases, record.phase),
      name_of(endings, record.ending));
  text += fmt::format("exit-status {}\nreason {}\nretried-after {}\n", record.exit_status,
                      text::on_one_line(record.reason), text::on_one_line(record.retried_after));
  if (record.sent_back) text += encode(*record.sent_back);
  text += agent_lines(record);
  text += fmt::format("allow-empty {}\n", record.allow_empty ? 1 : 0);
  if (record.told) {
    text += fmt::format("told {}\ntold-empty {}\n", text::on_one_line(record.told->message),
                        record.told->allow_empty ? 1 : 0);
  }
  text += process_line("run", record.run) + process_line("mind", record.mind) +
          process_line("command", record.command);
  return text + "end\n";
}

std::optional<WorkerRecord> decode_record(std::string_view text) {
  if (!text.ends_with("\nend\n")) return std::nullopt;
  WorkerRecord record;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto space = line.find(' ');
    if (space != std::string_view::npos) set(record, line.substr(0, space), line.substr(space + 1));
  }
  if (record.worker < 0 || record.session.empty() || record.task.empty()) return std::nullopt;
  return record;
}

std::string WorkerRecords::path(int worker, std::string_view name) const {
  return fmt::format("{}/{}/{}", folder_, worker, name);
}

std::string WorkerRecords::prompt_file(int worker) const { return path(worker, "prompt"); }

std::string WorkerRecords::retry_file(int worker) const { return path(worker, "retry"); }

std::string WorkerRecords::usage_file(int worker) const { return path(worker, "usage"); }

std::string WorkerRecords::status_file(int worker) const { return path(worker, "status"); }

std::optional<int> WorkerRecords::kept_status(int worker) const try {
  const auto text = read_file(status_file(worker), 64);
  if (!text || !text->ends_with('\n')) return std::nullopt;
  int status = -1;
  take_number(*text, status);
  return status >= 0 && status <= 255 ? std::optional(status) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

void WorkerRecords::ask_to_stop(int worker) const {
  write_file_atomically(path(worker, "stop"), "");
}

bool WorkerRecords::is_asked_to_stop(int worker) const { return exists(path(worker, "stop")); }

void WorkerRecords::start_afresh(int worker) const {
  ::unlink(path(worker, "stop").c_str());
  ::unlink(status_file(worker).c_str());
  ::unlink(retry_file(worker).c_str());
  ::unlink(usage_file(worker).c_str());
}

std::optional<WorkerRecord> WorkerRecords::read(int worker) const try {
  constexpr std::size_t most_bytes = 1U << 20U;
  const auto text = read_file(path(worker, "record"), most_bytes);
  return text ? decode_record(*text) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

std::vector<WorkerRecord> WorkerRecords::all() const {
  std::vector<WorkerRecord> records;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, none)) {
    int worker = 0;
    take_number(entry.path().filename().string(), worker);
    if (auto record = read(worker); record && record->worker == worker)
      records.push_back(std::move(*record));
  }
  std::ranges::sort(records, {}, &WorkerRecord::worker);
  return records;
}

Fd WorkerRecords::lock(int worker) const {
  make_folders(fmt::format("{}/{}", folder_, worker));
  constexpr mode_t mode = 0666;
  Fd fd(::open(path(worker, "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
  while (fd && ::flock(fd.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  if (fd) return fd;
  throw Error(ErrorKind::fatal, fmt::format("cannot open '{}': {}", path(worker, "lock"),
                                            std::generic_category().message(errno)));
}

void WorkerRecords::write(const WorkerRecord& record) const {
  const Fd turn = lock(record.worker);
  write_file_atomically(path(record.worker, "record"), encode(record));
}

std::optional<WorkerRecord> WorkerRecords::update(
    int worker, const std::function<bool(WorkerRecord&)>& change) const {
  if (!exists(path(worker, "record"))) return std::nullopt;
  const Fd turn = lock(worker);
  auto record = read(worker);
  if (!record || !change(*record)) return std::nullopt;
  write_file_atomically(path(worker, "record"), encode(*record));
  return record;
}

void WorkerRecords::erase(int worker) const {
  if (!exists(path(worker, "record"))) return;
  const Fd turn = lock(worker);
  ::unlink(path(worker, "record").c_str());
  start_afresh(worker);
  ::unlink(prompt_file(worker).c_str());
}

}  // namespace gitplan::supervisor
