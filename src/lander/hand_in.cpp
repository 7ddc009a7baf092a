#include "lander/hand_in.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <filesystem>
#include <limits>
#include <system_error>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"
#include "lander/news.hpp"
#include "plan/ids.hpp"

namespace gitplan::lander {
namespace {

using State = HandIn::State;

constexpr Names<State, 4> states = {{{"waiting", State::waiting},
                                     {"verifying", State::verifying},
                                     {"held", State::held},
                                     {"offered", State::offered}}};
constexpr std::string_view end_of_head = "\n\n";

void set(HandIn& hand_in, std::string_view key, std::string_view value) {
  if (key == "by") hand_in.by = value == "person" ? HandIn::By::person : HandIn::By::run;
  if (key == "flow") hand_in.flow_branch = value;
  if (key == "verify") hand_in.verify = text::from_one_line(value);
  if (key == "tip") hand_in.tip = git::Oid::parse(value);
  if (key == "since") std::from_chars(value.data(), value.data() + value.size(), hand_in.since);
  if (key == "state") hand_in.state = value_named(states, value).value_or(hand_in.state);
  if (key == "direct") hand_in.is_direct = value == "1";
  if (key == "announced") hand_in.announced = value == "1";
  if (key == "outcome") hand_in.outcome = parse_landing(value);
}

/// Those without a place in the queue stand behind it.
std::int64_t place(const HandIn& hand_in) {
  return hand_in.tip ? hand_in.since : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

bool may_be_empty(const supervisor::WorkerRecord& record) {
  return record.allow_empty || (record.told && record.told->allow_empty);
}

std::string_view to_string(State state) { return name_of(states, state); }

std::int64_t this_moment() {
  const auto time = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::nanoseconds>(time).count();
}

std::string encode(const HandIn& hand_in) {
  std::string head =
      fmt::format("by {}\nflow {}\nverify {}\nsince {}\nstate {}\ndirect {}\nannounced {}",
                  hand_in.by == HandIn::By::person ? "person" : "run", hand_in.flow_branch,
                  text::on_one_line(hand_in.verify), hand_in.since, to_string(hand_in.state),
                  hand_in.is_direct ? 1 : 0, hand_in.announced ? 1 : 0);
  if (hand_in.tip) head += fmt::format("\ntip {}", hand_in.tip->hex());
  if (hand_in.outcome) head += "\noutcome " + encode(*hand_in.outcome);
  return head + std::string(end_of_head) + supervisor::encode(hand_in.record);
}

std::optional<HandIn> decode_hand_in(std::string_view text) {
  const std::size_t end = text.find(end_of_head);
  if (end == std::string_view::npos) return std::nullopt;
  auto record = supervisor::decode_record(text.substr(end + end_of_head.size()));
  if (!record) return std::nullopt;
  HandIn hand_in;
  hand_in.record = *std::move(record);
  for (const std::string_view line : text::split(text.substr(0, end), '\n')) {
    const std::size_t space = line.find(' ');
    if (space != std::string_view::npos)
      set(hand_in, line.substr(0, space), line.substr(space + 1));
  }
  return hand_in.flow_branch.empty() ? std::nullopt : std::optional(std::move(hand_in));
}

HandIns::HandIns(const git::Repository& repository)
    : folder_(join_path(git::state_folder(repository), "landing")) {}

std::string HandIns::path(std::string_view session, std::string_view task) const {
  return fmt::format("{}/{}.{}", folder_, session, format_task_id(task_number(task).value_or(0)));
}

std::vector<HandIn> HandIns::all() const {
  std::vector<HandIn> found;
  std::error_code none;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, none)) {
    const std::string name = entry.path().filename().string();
    const std::size_t dot = name.rfind('.');
    if (dot == std::string::npos) continue;
    if (auto hand_in = find(name.substr(0, dot), name.substr(dot + 1)))
      found.push_back(*std::move(hand_in));
  }
  std::ranges::stable_sort(found, {}, place);
  return found;
}

std::optional<HandIn> HandIns::find(std::string_view session, std::string_view task) const try {
  constexpr std::size_t most_bytes = 1U << 20U;
  const auto text = read_file(path(session, task), most_bytes);
  auto hand_in = text ? decode_hand_in(*text) : std::nullopt;
  const bool is_it =
      hand_in && hand_in->record.session == session && same_task(hand_in->record.task, task);
  return is_it ? std::move(hand_in) : std::nullopt;
} catch (const Error&) {
  return std::nullopt;
}

Fd HandIns::lock() const {
  make_folders(folder_);
  const std::string file = folder_ + ".lock";
  constexpr mode_t mode = 0666;
  Fd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode));
  while (fd && ::flock(fd.get(), LOCK_EX) != 0 && errno == EINTR) {
  }
  if (fd) return fd;
  throw Error(ErrorKind::fatal,
              fmt::format("cannot open '{}': {}", file, std::generic_category().message(errno)));
}

void HandIns::write(const HandIn& hand_in) const {
  const Fd turn = lock();
  write_file_atomically(path(hand_in.record.session, hand_in.record.task), encode(hand_in));
}

void HandIns::update(const HandIn& hand_in) const {
  const auto& record = hand_in.record;
  const Fd turn = lock();
  const auto now = find(record.session, record.task);
  if (!now || now->record.run != record.run || now->record.attempt != record.attempt) return;
  write_file_atomically(path(record.session, record.task), encode(hand_in));
}

void HandIns::erase(std::string_view session, std::string_view task) const {
  ::unlink(path(session, task).c_str());
}

std::int64_t HandIns::stamp() const {
  struct stat info {};
  if (::stat(folder_.c_str(), &info) != 0) return 0;
  constexpr std::int64_t second = 1'000'000'000;
  return info.st_mtim.tv_sec * second + info.st_mtim.tv_nsec;
}

}  // namespace gitplan::lander
