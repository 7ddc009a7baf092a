// What git and the host wrote about a push, read: the traps are listed at each rule.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>

#include "base/text.hpp"
#include "git/progress.hpp"
#include "remote/push.hpp"

namespace gitplan::remote {
namespace {

using Kind = PushOutcome::Kind;

/// A line of --porcelain: "<flag>\t<from>:<to>\t<summary>".
struct Line {
  char flag = '!';
  std::string ref;
  std::string summary;
};

/// "To <url>" and "Done" are none.
std::optional<Line> line_of(std::string_view text) {
  const auto parts = text::split(text, '\t');
  if (parts.size() < 3 || parts[0].size() != 1) return std::nullopt;
  const auto colon = parts[1].rfind(':');
  if (colon == std::string_view::npos) return std::nullopt;
  return Line{parts[0].front(), std::string(parts[1].substr(colon + 1)), std::string(parts[2])};
}

std::vector<Line> lines_of(std::string_view output) {
  std::vector<Line> lines;
  for (const std::string_view text : text::split(output, '\n')) {
    if (auto line = line_of(text)) lines.push_back(*std::move(line));
  }
  return lines;
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

template <std::size_t count>
bool contains_any(std::string_view text, const std::array<std::string_view, count>& parts) {
  return std::ranges::any_of(parts, [&](std::string_view part) { return contains(text, part); });
}

/// What a line says of its ref alone. An atomic push names with the culprit all that it took down.
enum class Verdict { fine, taken_down, moved, in_transaction, unanswered, refused };

Verdict verdict_of(const Line& line) {
  if (line.flag != '!') return Verdict::fine;
  const auto says = [&](std::string_view part) { return contains(line.summary, part); };
  if (says("(atomic push fail")) return Verdict::taken_down;
  if (says("(atomic transaction failed)")) return Verdict::in_transaction;
  if (says("[remote failure]")) return Verdict::unanswered;
  // The host's own "[remote rejected] (non-fast-forward)" is its rule, not a race.
  const bool is_ours = says("[rejected]");
  if (is_ours || says("(failed to update ref)") || says("(failed to lock)")) return Verdict::moved;
  return Verdict::refused;
}

/// Only the host's standard error tells why its transaction failed.
Kind transaction_failure(std::string_view errors) {
  constexpr std::array<std::string_view, 2> locks{".lock': File exists", "Unable to create '"};
  constexpr std::array<std::string_view, 3> races{"but expected", "reference already exists",
                                                  "unable to resolve reference"};
  if (contains(errors, "exists; cannot create")) return Kind::refused;  // plan and plan/x
  if (contains_any(errors, races)) return Kind::rejected;
  return contains_any(errors, locks) ? Kind::locked : Kind::rejected;
}

/// All refs that were to move, each said to have moved; `=` too, as what is pushed is new in each
/// push: it went through before.
bool is_all_done(const std::vector<Line>& lines, const Push& push) {
  std::set<std::string> done;
  for (const Line& line : lines) done.insert(line.ref);
  return std::ranges::all_of(
      push.moves, [&](const RefMove& move) { return !changes(move) || done.contains(move.ref); });
}

Kind kind_of_lines(const std::vector<Line>& lines, std::string_view errors) {
  std::set<Verdict> verdicts;
  for (const Line& line : lines) verdicts.insert(verdict_of(line));
  if (verdicts.contains(Verdict::unanswered)) return Kind::unknown;
  if (verdicts.contains(Verdict::refused)) return Kind::refused;
  if (verdicts.contains(Verdict::in_transaction)) return transaction_failure(errors);
  return Kind::rejected;
}

/// Without a line about refs.
Kind kind_of_silence(const PushReport& report) {
  constexpr std::array<std::string_view, 4> broken{"unexpected disconnect", "RPC failed",
                                                   "early EOF", "failed to report status"};
  constexpr std::array<std::string_view, 5> not_reached{
      "Could not read from remote repository", "unable to access '", "Authentication failed for",
      "could not read Username", "could not read Password"};
  if (contains(report.errors, "does not support --atomic")) return Kind::unsupported;
  if (contains_any(report.errors, broken)) return Kind::unknown;
  if (contains_any(report.errors, not_reached)) return Kind::unreachable;
  // git's own "hung up" without a word before it may stand behind a push that was sent.
  if (contains(report.errors, "hung up unexpectedly")) return Kind::unknown;
  const bool is_gits_own_end = report.exit_status == 1 || report.exit_status == 128;
  return is_gits_own_end ? Kind::refused : Kind::unknown;
}

Kind kind_of(const PushReport& report, const std::vector<Line>& lines, const Push& push) {
  const bool has_failed = std::ranges::any_of(lines, [](const Line& l) { return l.flag == '!'; });
  if (has_failed) return kind_of_lines(lines, report.errors);
  if (is_all_done(lines, push) && report.exit_status == 0) return Kind::pushed;
  if (report.was_ended || report.exit_status == 0 || !lines.empty()) return Kind::unknown;
  return kind_of_silence(report);
}

std::vector<std::string> culprits(const std::vector<Line>& lines) {
  std::vector<std::string> refs;
  for (const Line& line : lines) {
    const Verdict verdict = verdict_of(line);
    if (verdict != Verdict::fine && verdict != Verdict::taken_down) refs.push_back(line.ref);
  }
  return refs;
}

/// What stands here as it was is not said to have moved.
std::vector<std::string> moved_alone(const std::vector<Line>& lines) {
  std::vector<std::string> refs;
  for (const Line& line : lines) {
    if (line.flag != '!' && line.flag != '=') refs.push_back(line.ref);
  }
  return refs;
}

/// A terminal would show what stands behind the last carriage return.
std::string_view shown(std::string_view line) {
  while (line.ends_with('\r')) line.remove_suffix(1);
  const auto start = line.rfind('\r');
  return text::trim(start == std::string_view::npos ? line : line.substr(start + 1));
}

/// Said by git beside the cause.
bool is_noise(std::string_view line) {
  constexpr std::array<std::string_view, 5> starts{
      "error: failed to push some refs", "fatal: the remote end hung up",
      "hint: ", "Please make sure you have the correct access", "and the repository exists"};
  return line.empty() || line == "remote:" || git::is_progress(line) ||
         std::ranges::any_of(starts, [&](auto start) { return line.starts_with(start); });
}

}  // namespace

std::string host_words(std::string_view errors) {
  constexpr std::size_t most_lines = 4;
  constexpr std::size_t most_bytes = 400;
  std::vector<std::string> words;
  for (const std::string_view raw : text::split(errors, '\n')) {
    const std::string_view line = shown(raw);
    if (!is_noise(line)) words.push_back(text::printable(line.substr(0, most_bytes)));
  }
  if (words.size() > most_lines) words.erase(words.begin() + most_lines, words.end());
  return text::cut(text::join(words, "; "), static_cast<int>(most_bytes));
}

PushOutcome read_report(const PushReport& report, const Push& push) {
  const auto lines = lines_of(report.output);
  PushOutcome outcome;
  outcome.kind = kind_of(report, lines, push);
  if (outcome.kind != Kind::pushed) {
    outcome.rejected = culprits(lines);
    outcome.moved = moved_alone(lines);
    outcome.words = host_words(report.errors);
  }
  return outcome;
}

}  // namespace gitplan::remote
