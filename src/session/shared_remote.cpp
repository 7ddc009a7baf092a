#include "session/shared_remote.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/config.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"
#include "remote/git_hub.hpp"
#include "remote/notes.hpp"
#include "session/asked_file.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

remote::Names names_of(const git::Config& config) {
  const auto below = config.text("plan.claimRefs");
  if (!below || below->empty()) return {};
  if (const auto names = remote::Names::below(*below)) return *names;
  throw Error(
      ErrorKind::fatal, fmt::format("bad value '{}' for 'plan.claimRefs'", text::printable(*below)),
      Hint{fmt::format("for hosts that take branches only, run: git config plan.claimRefs {}",
                       remote::branch_prefix)});
}

std::string machine_of(const git::Repository& repository, const git::Config& config) {
  const auto given = config.text("plan.machine");
  if (!given || given->empty()) return remote::default_machine(repository.common_dir());
  if (remote::is_machine(*given)) return *given;
  throw Error(ErrorKind::fatal,
              fmt::format("bad name '{}' for 'plan.machine'", text::printable(*given)),
              Hint{"to use the host's name, run: git config --unset plan.machine"});
}

}  // namespace

std::optional<SharedRemote> SharedRemote::of(const git::Repository& repository,
                                             const git::Config& config) {
  auto remote = config.text("plan.remote");
  if (!remote || remote->empty()) return std::nullopt;
  return through(repository, config, *std::move(remote));
}

SharedRemote SharedRemote::through(const git::Repository& repository, const git::Config& config,
                                   std::string remote) {
  return {repository, std::move(remote), names_of(config), machine_of(repository, config)};
}

SharedRemote::SharedRemote(const git::Repository& repository, std::string remote,
                           remote::Names names, std::string machine)
    : repository_(&repository),
      remote_(std::move(remote)),
      names_(names),
      machine_(std::move(machine)) {}

std::optional<git::Oid> SharedRemote::seen(std::string_view ref) const {
  const auto kept = names_.kept(remote_, ref);
  const auto object = kept ? git::read_ref(*repository_, *kept) : std::nullopt;
  return object && remote::is_fit(*repository_, names_, ref, *object) ? object : std::nullopt;
}

std::optional<git::Oid> SharedRemote::seen_branch(std::string_view branch) const {
  return seen(ref_names::branch_ref(branch));
}

SeenClaims SharedRemote::claims(std::string_view session) const {
  const auto seen =
      remote::last_seen(*repository_, remote_, names_, std::vector{names_.claims(session)});
  SeenClaims claims;
  if (seen.empty()) return claims;
  const auto own = remote::GitNotebook(*repository_).notes();
  for (const auto& [ref, object] : seen) {
    const auto name = names_.parse(ref);
    const auto* claim = name ? std::get_if<remote::ClaimName>(&*name) : nullptr;
    if (claim == nullptr) continue;
    const auto standing = remote::standing_claim(*repository_, object);
    if (!remote::is_held(standing)) continue;
    const bool is_own = std::ranges::find(own, object, &remote::Note::claim) != own.end();
    claims.emplace(claim->task, SeenClaim{standing, is_own});
  }
  return claims;
}

std::set<std::string> SharedRemote::claimed_sessions() const {
  const std::vector<std::string> pattern{fmt::format("{}claims/*", names_.prefix())};
  std::set<std::string> sessions;
  for (const auto& [ref, object] : remote::last_seen(*repository_, remote_, names_, pattern)) {
    const auto name = names_.parse(ref);
    if (const auto* claim = name ? std::get_if<remote::ClaimName>(&*name) : nullptr)
      sessions.insert(claim->session);
  }
  return sessions;
}

AskedFile SharedRemote::asked() const { return {*repository_, remote_}; }

std::optional<Seconds> SharedRemote::fetched_at() const { return asked().time(); }

bool SharedRemote::is_current(const std::string& flow_branch,
                              std::span<const std::string> patterns) const {
  const auto beat = seen(names_.beat(flow_branch));
  return beat && asked().has(flow_branch, *beat, patterns);
}

void SharedRemote::note_current(const std::string& flow_branch,
                                std::vector<std::string> patterns) const {
  asked().write(flow_branch, seen(names_.beat(flow_branch)), std::move(patterns));
}

void SharedRemote::note_pushed(const std::string& flow_branch) const {
  asked().move(flow_branch, seen(names_.beat(flow_branch)));
}

}  // namespace gitplan
