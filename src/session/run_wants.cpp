#include "session/run_wants.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <map>

#include "base/error.hpp"
#include "base/fd.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/presence.hpp"
#include "plan/estimate.hpp"
#include "plan/ids.hpp"
#include "remote/claim.hpp"
#include "remote/notes.hpp"
#include "session/workspace.hpp"

namespace gitplan {
namespace {

using Fields = std::map<std::string, std::string, std::less<>>;

std::string folder(const Workspace& workspace) {
  return join_path(git::state_folder(workspace.repository()), "runs");
}

/// Names of runs come from claims, too: they are no paths.
std::string file_of(const Workspace& workspace, std::string_view run) {
  return join_path(folder(workspace), run);
}

bool is_file_name(std::string_view run) {
  return !run.empty() && run.front() != '.' && run.find('/') == std::string_view::npos;
}

std::string words_of(const std::set<std::string>& words) {
  std::string line;
  for (const std::string& word : words) line += " " + word;
  return line;
}

std::set<std::string> words_in(std::string_view line) {
  std::set<std::string> words;
  for (const std::string_view word : text::split(line, ' ')) {
    if (!word.empty()) words.emplace(word);
  }
  return words;
}

Fields fields_of(std::string_view text) {
  Fields fields;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto space = line.find(' ');
    fields.emplace(line.substr(0, space),
                   space == std::string_view::npos ? "" : line.substr(space + 1));
  }
  return fields;
}

int number_in(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  int value = 0;
  if (found == fields.end()) return value;
  const std::string& text = found->second;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string text_of(const RunWants& wants) {
  std::string text =
      fmt::format("process {}\nlease {}\nroom {}\nbut{}\n", encode(wants.process, ' '),
                  wants.lease.count(), wants.room, words_of(wants.but));
  if (wants.only) text += fmt::format("only{}\n", words_of(*wants.only));
  if (wants.overlapping == schedule::Overlapping::allow) text += "overlapping 1\n";
  return text + fmt::format("stands_on {}\n", wants.stands_on);
}

}  // namespace

std::string new_run_name() {
  std::string time = rfc3339(now());
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{}-{}", time, ::getpid());
}

std::chrono::seconds lease_time(const Workspace& workspace) {
  constexpr std::chrono::seconds usual = std::chrono::minutes(15);
  constexpr double shortest = 3;
  const auto word = workspace.config().text("wave.lease");
  if (!word) return usual;
  const bool is_number =
      !word->empty() && word->find_first_not_of("0123456789") == std::string::npos;
  const auto seconds = parse_duration(is_number ? *word + " s" : *word);
  if (seconds && *seconds >= shortest &&
      *seconds <= static_cast<double>(remote::longest_lease.count()))
    return std::chrono::seconds(static_cast<long>(*seconds));
  throw Error(ErrorKind::fatal,
              fmt::format("bad duration '{}' for 'wave.lease'", text::printable(*word)),
              Hint{"to take the usual one, run: git config --unset wave.lease"});
}

void write_wants(const Workspace& workspace, const RunWants& wants) {
  git::make_state_folder(workspace.repository());
  make_folders(folder(workspace));
  write_file_atomically(file_of(workspace, wants.run), text_of(wants));
}

std::optional<RunWants> read_wants(const Workspace& workspace, std::string_view run) {
  if (!is_file_name(run)) return std::nullopt;
  const auto text = read_file(file_of(workspace, run));
  if (!text) return std::nullopt;
  const Fields fields = fields_of(*text);
  RunWants wants;
  wants.run = run;
  if (const auto found = fields.find("process"); found != fields.end())
    wants.process = decode_process(found->second, ' ');
  wants.lease = std::chrono::seconds(number_in(fields, "lease"));
  wants.room = number_in(fields, "room");
  if (const auto but = fields.find("but"); but != fields.end()) wants.but = words_in(but->second);
  if (const auto only = fields.find("only"); only != fields.end())
    wants.only = words_in(only->second);
  if (fields.contains("overlapping")) wants.overlapping = schedule::Overlapping::allow;
  if (const auto on = fields.find("stands_on"); on != fields.end()) wants.stands_on = on->second;
  return wants;
}

void forget_wants(const Workspace& workspace, std::string_view run) {
  if (is_file_name(run)) ::unlink(file_of(workspace, run).c_str());
}

bool is_run_alive(const Workspace& workspace, std::string_view run) {
  const auto wants = read_wants(workspace, run);
  return wants && git::may_be_alive(workspace.repository(), wants->process);
}

int claimed_ahead(const Workspace& workspace, const PlanView& view, const RunWants& wants,
                  const std::function<std::optional<git::Oid>(const std::string& ref)>& standing) {
  const SharedRemote& shared = *workspace.shared_remote();
  const auto notes = remote::GitNotebook(workspace.repository()).notes();
  const auto is_ahead = [&](TaskIndex task) {
    const Status status = view.status(task);
    const bool is_open = status == Status::pending || status == Status::in_progress;
    if (!is_open || !wants.asks_for(view.task(task).id) || view.done_at(task)) return false;
    const auto object =
        standing(shared.names().claim(view.session(), task_number(view.task(task).id).value_or(0)));
    if (!object || std::ranges::find(notes, *object, &remote::Note::claim) == notes.end())
      return false;
    const auto claim = remote::standing_claim(workspace.repository(), *object).claim;
    if (!claim || claim->state != remote::ClaimState::held) return false;
    return claim->run == wants.run ||
           (view.slot(task) == nullptr && !is_run_alive(workspace, claim->run));
  };
  int count = 0;
  for (TaskIndex task = 0; task < view.size(); ++task) count += is_ahead(task) ? 1 : 0;
  return count;
}

}  // namespace gitplan
