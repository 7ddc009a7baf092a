#include "remote/git_hub.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "plan/estimate.hpp"

namespace gitplan::remote {
namespace {

/// Copies of what the remote has are moved under this lock, so that none goes back to what an
/// earlier fetch read.
constexpr std::string_view seen_lock = "seen";
constexpr std::size_t longest_listing = std::size_t{16} << 20U;

std::optional<double> seconds_of(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size()) return value;
  return parse_duration(text);
}

/// "<oid>\t<ref>" of ls-remote. Refs that no pattern asks for (ls-remote matches the ends of names)
/// and names that are none are passed over.
SeenRefs listed(std::string_view output, std::span<const std::string> patterns) {
  SeenRefs refs;
  for (const std::string_view line : text::split(output.substr(0, longest_listing), '\n')) {
    const auto tab = line.find('\t');
    if (tab == std::string_view::npos) continue;
    const auto oid = git::Oid::parse(line.substr(0, tab));
    const std::string ref(line.substr(tab + 1));
    const auto asks = [&](const std::string& pattern) { return matches(pattern, ref); };
    if (oid && git::is_valid_ref_name(ref) && std::ranges::any_of(patterns, asks)) refs[ref] = *oid;
  }
  return refs;
}

/// The ref that git does not find there; nothing where something else is wrong.
std::optional<std::string> missing_ref(std::string_view errors) {
  constexpr std::string_view start = "fatal: couldn't find remote ref ";
  for (const std::string_view line : text::split(errors, '\n')) {
    if (line.starts_with(start)) return std::string(text::trim(line.substr(start.size())));
  }
  return std::nullopt;
}

bool is_local_fault(const git::Outcome& outcome) {
  return outcome.errors.find("unable to update local ref") != std::string::npos ||
         outcome.errors.find("error: cannot lock ref") != std::string::npos;
}

NotReached not_reached(const git::Outcome& outcome) {
  if (outcome.was_ended) return {"no answer for too long"};
  std::string words = host_words(outcome.errors);
  return {words.empty() ? fmt::format("git ends with status {}", outcome.exit_status) : words};
}

/// Throws where it is this repository that does not let it be.
NotReached failed(const git::Outcome& outcome) {
  if (!outcome.was_ended && is_local_fault(outcome)) {
    throw Error(ErrorKind::lost_race, fmt::format("cannot move the local copies of remote refs: {}",
                                                  host_words(outcome.errors)));
  }
  return not_reached(outcome);
}

const std::vector<std::string> fetch_options{"fetch",
                                             "--progress",
                                             "--no-tags",
                                             "--no-recurse-submodules",
                                             "--no-write-fetch-head",
                                             "--no-auto-maintenance",
                                             "--no-write-commit-graph",
                                             "--no-show-forced-updates",
                                             "--prune",
                                             "--refmap=",
                                             "--"};

/// The value that a ref has, put there whatever it was: copies follow the remote.
void set_ref(const git::Repository& repository, const std::string& name, const git::Oid& to) {
  auto result = git::SwapResult::lost_race;
  while (result == git::SwapResult::lost_race) {
    const auto before = git::read_ref(repository, name);
    if (before == to) return;
    result = git::compare_and_swap(repository, name, before, to, "seen on the remote");
  }
}

bool is_user_choosing_ssh(const git::Config& config) {
  return std::getenv("GIT_SSH_COMMAND") != nullptr || std::getenv("GIT_SSH") != nullptr ||
         config.text("core.sshCommand").has_value();
}

}  // namespace

std::chrono::milliseconds remote_timeout(const git::Config& config) {
  constexpr double usual = 60;
  const auto text = config.text("plan.remoteTimeout");
  const auto seconds = text ? seconds_of(*text) : usual;
  if (!seconds || *seconds <= 0) {
    throw Error(ErrorKind::fatal,
                fmt::format("bad duration '{}' for 'plan.remoteTimeout'", text::printable(*text)));
  }
  return std::chrono::milliseconds(static_cast<std::int64_t>(*seconds * 1000));
}

std::vector<std::pair<std::string, std::string>> unattended(const git::Config& config) {
  // GIT_ASKPASS that is empty also keeps core.askPass and SSH_ASKPASS from being asked.
  std::vector<std::pair<std::string, std::string>> variables{{"GIT_TERMINAL_PROMPT", "0"},
                                                             {"GIT_ASKPASS", ""},
                                                             {"SSH_ASKPASS", ""},
                                                             {"SSH_ASKPASS_REQUIRE", "never"},
                                                             {"GCM_INTERACTIVE", "never"}};
  if (!is_user_choosing_ssh(config)) {
    variables.emplace_back("GIT_SSH_COMMAND", "ssh -o BatchMode=yes");
  }
  return variables;
}

bool is_fit(const git::Repository& repository, const Names& names, std::string_view ref,
            const git::Oid& object) {
  const bool is_branch = ref.starts_with("refs/heads/") && !ref.starts_with(names.prefix());
  return !is_branch ||
         (git::object_exists(repository, object) && git::is_commit(repository, object));
}

HubOverGit::HubOverGit(const git::Repository& repository, std::string remote, const Names& names)
    : repository_(&repository), remote_(std::move(remote)), names_(names) {
  const git::Config config(repository);
  patience_ = remote_timeout(config);
  environment_ = unattended(config);
}

/// At the top of the main worktree, where paths of remotes and hooks start.
git::Outcome HubOverGit::run(std::vector<std::string> words) const {
  git::Command command;
  command.arguments = {"--git-dir=" + repository_->common_dir()};
  command.arguments.insert(command.arguments.end(), words.begin(), words.end());
  command.folder = repository_->base_folder();
  command.environment = environment_;
  command.patience = patience_;
  return git::run_git(command);
}

std::variant<SeenRefs, NotReached> HubOverGit::list(std::span<const std::string> patterns) {
  std::vector<std::string> words{"ls-remote", "--", remote_};
  words.insert(words.end(), patterns.begin(), patterns.end());
  const git::Outcome outcome = run(std::move(words));
  if (!outcome.ok()) return not_reached(outcome);
  return listed(outcome.output, patterns);
}

std::vector<std::string> HubOverGit::fetch_words(std::span<const std::string> patterns) const {
  std::vector<std::string> words = fetch_options;
  words.push_back(remote_);
  for (const std::string& pattern : patterns) {
    // git stops at an exact name that is not there, as most of ours are not; a star is no name.
    const bool may_miss = pattern.starts_with(names_.prefix()) && !pattern.ends_with('*');
    const std::string from = may_miss ? pattern + '*' : pattern;
    if (const auto to = names_.kept(remote_, from)) {
      words.push_back(fmt::format("+{}:{}", from, *to));
    }
  }
  return words;
}

std::variant<SeenRefs, NotReached> HubOverGit::fetch(std::span<const std::string> patterns) {
  const git::NamedLock turn(*repository_, seen_lock, patience_ * 2);
  std::vector<std::string> wanted(patterns.begin(), patterns.end());
  bool are_ways_clear = false;
  while (!wanted.empty()) {
    const git::Outcome outcome = run(fetch_words(wanted));
    if (outcome.ok()) break;
    if (const auto missing = missing_ref(outcome.errors)) {
      if (std::erase(wanted, *missing) == 0) return failed(outcome);
      drop(*missing);
      if (const auto away = leave_out_missing(wanted)) return *away;
      continue;
    }
    if (!is_local_fault(outcome) || std::exchange(are_ways_clear, true) || !clear_ways(wanted))
      return failed(outcome);
  }
  return last_seen(*repository_, remote_, names_, patterns);
}

/// By one listing: git names only the first branch that is not there.
std::optional<NotReached> HubOverGit::leave_out_missing(std::vector<std::string>& wanted) {
  std::vector<std::string> names;
  for (const std::string& pattern : wanted) {
    if (!pattern.ends_with('*')) names.push_back(pattern);
  }
  if (names.size() < 2) return std::nullopt;
  const auto there = list(names);
  if (const auto* away = std::get_if<NotReached>(&there)) return *away;
  for (const std::string& name : names) {
    if (name.starts_with(names_.prefix()) || std::get<SeenRefs>(there).contains(name)) continue;
    std::erase(wanted, name);
    drop(name);
  }
  return std::nullopt;
}

/// Makes room for the copies of what is there now; false: that is not known.
bool HubOverGit::clear_ways(std::span<const std::string> patterns) {
  const auto there = list(patterns);
  const auto* refs = std::get_if<SeenRefs>(&there);
  if (refs == nullptr) return false;
  for (const auto& [ref, object] : *refs) {
    if (const auto copy = names_.kept(remote_, ref)) clear_way(*copy);
  }
  return true;
}

/// Copies of what is gone there, above or below the name of another one.
void HubOverGit::clear_way(const std::string& copy) const {
  std::vector<git::Ref> stale = git::list_refs(*repository_, copy + "/");
  for (auto slash = copy.rfind('/'); slash != std::string::npos && slash > 0;
       slash = copy.rfind('/', slash - 1)) {
    const std::string folder = copy.substr(0, slash);
    if (!names_.of_kept(remote_, folder)) break;
    if (const auto value = git::read_ref(*repository_, folder)) stale.push_back({folder, *value});
  }
  if (!stale.empty()) git::delete_refs(*repository_, stale);
}

void HubOverGit::keep(const std::string& copy, const git::Oid& object) const try {
  set_ref(*repository_, copy, object);
} catch (const Error&) {
  clear_way(copy);
  set_ref(*repository_, copy, object);
}

PushOutcome HubOverGit::push(const Push& push) {
  git::Outcome ran = run(push_arguments(push, remote_));
  PushOutcome outcome = read_report(
      {ran.exit_status, std::move(ran.output), std::move(ran.errors), ran.was_ended}, push);
  if (outcome.kind == PushOutcome::Kind::pushed) follow(push);
  return outcome;
}

bool HubOverGit::takes_atomic_pushes() const {
  const git::Outcome outcome = run(
      {"-c", "push.followTags=false", "-c", "push.gpgSign=false", "push", "--dry-run", "--atomic",
       "--no-verify", "--no-recurse-submodules", "--", remote_, ":refs/git-plan/none"});
  return outcome.errors.find("does not support --atomic") == std::string::npos;
}

void HubOverGit::drop(const std::string& ref) const {
  const auto copy = names_.kept(remote_, ref);
  const auto value = copy ? git::read_ref(*repository_, *copy) : std::nullopt;
  if (value) git::delete_refs(*repository_, {{*copy, *value}});
}

void HubOverGit::follow(const Push& push) const {
  const git::NamedLock turn(*repository_, seen_lock, patience_ * 2);
  for (const RefMove& move : push.moves) {
    const auto copy = names_.kept(remote_, move.ref);
    if (!move.to) {
      drop(move.ref);
    } else if (copy) {
      keep(*copy, *move.to);
    }
  }
}

SeenRefs last_seen(const git::Repository& repository, std::string_view remote, const Names& names,
                   std::span<const std::string> patterns) {
  SeenRefs refs;
  for (const std::string& pattern : patterns) {
    const auto copy = names.kept(remote, pattern);
    if (!copy) continue;
    const std::string start = copy->substr(0, copy->find('*'));
    for (const git::Ref& ref : git::list_refs(repository, start)) {
      const auto name = names.of_kept(remote, ref.name);
      if (name && matches(pattern, *name) && is_fit(repository, names, *name, ref.target))
        refs[*name] = ref.target;
    }
  }
  return refs;
}

}  // namespace gitplan::remote
