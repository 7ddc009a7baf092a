#include "remote/claim.hpp"

#include <fmt/format.h>
#include <sys/random.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <map>
#include <span>

#include "base/error.hpp"
#include "base/names.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "plan/ids.hpp"
#include "remote/names.hpp"

namespace gitplan::remote {
namespace {

constexpr gitplan::Names<ClaimState, 3> states{
    {{"held", ClaimState::held}, {"done", ClaimState::done}, {"released", ClaimState::released}}};
constexpr std::size_t nonce_bytes = 16;
constexpr std::size_t longest_run = 64;
constexpr int highest_worker = 999999;

using Fields = std::map<std::string_view, std::string_view>;

bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); }
bool is_run_char(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '_' || c == '-' || c == ':';
}
bool is_run(std::string_view text) {
  return !text.empty() && text.size() <= longest_run && std::ranges::all_of(text, is_run_char);
}

/// The last paragraph.
std::string_view trailers_of(std::string_view message) {
  while (message.ends_with('\n')) message.remove_suffix(1);
  const auto gap = message.rfind("\n\n");
  return gap == std::string_view::npos ? std::string_view() : message.substr(gap + 2);
}

/// Nothing where a line is no trailer, or says again what another said.
std::optional<Fields> fields_of(std::string_view trailers) {
  Fields fields;
  for (const std::string_view line : text::split(trailers, '\n')) {
    const auto colon = line.find(": ");
    if (colon == std::string_view::npos || text::has_control(line)) return std::nullopt;
    if (!fields.emplace(line.substr(0, colon), line.substr(colon + 2)).second) return std::nullopt;
  }
  return fields;
}

std::optional<std::string_view> field(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::nullopt : std::optional(found->second);
}

/// Digits only; more than fits is `most`.
std::optional<int> number(std::string_view text, int most) {
  int value = 0;
  const bool is_digits = std::ranges::all_of(text, [](char c) { return c >= '0' && c <= '9'; });
  if (text.empty() || !is_digits) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() ? std::min(value, most) : most;
}

/// What must be there; nothing where it is not, or says what it cannot say.
bool read_needed(const Fields& fields, Claim& claim) {
  const auto machine = field(fields, "Machine");
  const auto state = value_named(states, field(fields, "State").value_or(""));
  const auto since = parse_rfc3339(field(fields, "Since").value_or(""));
  const auto renewed = parse_rfc3339(field(fields, "Renewed").value_or(""));
  const auto nonce = field(fields, "Nonce").value_or("");
  const bool is_nonce = nonce.size() == 2 * nonce_bytes && std::ranges::all_of(nonce, is_hex);
  if (!machine || !is_machine(*machine) || !state || !since || !renewed || !is_nonce) return false;
  claim.machine = *machine;
  claim.state = *state;
  claim.since = *since;
  claim.renewed = *renewed;
  claim.nonce = nonce;
  return true;
}

bool read_place(const Fields& fields, Claim& claim) {
  if (const auto worker = field(fields, "Worker")) {
    claim.worker = number(*worker, highest_worker).value_or(0);
    if (claim.worker == 0) return false;
  }
  if (const auto branch = field(fields, "Branch")) {
    if (!is_branch_name(*branch)) return false;
    claim.branch = *branch;
  }
  return true;
}

/// A run without a lease, or the reverse, is no claim of ours.
bool read_run(const Fields& fields, Claim& claim) {
  const auto run = field(fields, "Run");
  const auto lease = field(fields, "Lease");
  if (!run && !lease) return true;
  const auto seconds = number(lease.value_or(""), static_cast<int>(longest_lease.count()));
  if (!run || !is_run(*run) || !seconds || *seconds < 1) return false;
  claim.run = *run;
  claim.lease = std::chrono::seconds(*seconds);
  return true;
}

std::string run_lines(const Claim& claim) {
  if (claim.run.empty()) return "";
  const auto lease = std::clamp(claim.lease, std::chrono::seconds(1), longest_lease);
  return fmt::format("Run: {}\nLease: {}\n", claim.run, lease.count());
}

/// What stands on the remote may be no commit, or not here: the next one has no parent then.
std::span<const git::Oid> parents_of(const git::Repository& repository,
                                     const std::optional<git::Oid>& parent) {
  const bool is_one =
      parent && git::object_exists(repository, *parent) && git::is_commit(repository, *parent);
  return is_one ? std::span(&*parent, 1) : std::span<const git::Oid>();
}

}  // namespace

std::string_view to_string(ClaimState state) { return name_of(states, state); }

bool is_held(const StandingClaim& standing) {
  return !standing.claim || standing.claim->state != ClaimState::released;
}

std::optional<std::chrono::seconds> lease_of(const StandingClaim& standing) {
  if (!standing.claim || standing.claim->run.empty()) return std::nullopt;
  return standing.claim->lease;
}

std::string claim_message(const Claim& claim, std::string_view subject) {
  std::string text = fmt::format("{}\n\nFormat: {}\nMachine: {}\n", text::printable(subject),
                                 claim_format, claim.machine);
  if (claim.worker > 0) text += fmt::format("Worker: {}\n", claim.worker);
  if (!claim.branch.empty()) text += fmt::format("Branch: {}\n", claim.branch);
  return text + run_lines(claim) +
         fmt::format("Since: {}\nRenewed: {}\nState: {}\nNonce: {}\n", rfc3339(claim.since),
                     rfc3339(claim.renewed), to_string(claim.state), claim.nonce);
}

std::optional<Claim> read_claim(std::string_view message) {
  if (message.size() > longest_claim) return std::nullopt;
  const auto fields = fields_of(trailers_of(message));
  if (!fields || field(*fields, "Format") != std::to_string(claim_format)) return std::nullopt;
  Claim claim;
  const bool is_readable =
      read_needed(*fields, claim) && read_place(*fields, claim) && read_run(*fields, claim);
  return is_readable ? std::optional(claim) : std::nullopt;
}

std::string new_nonce() {
  std::array<unsigned char, nonce_bytes> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw Error(ErrorKind::fatal, "the kernel has no random numbers");
  }
  std::string text;
  for (const unsigned char byte : bytes) text += fmt::format("{:02x}", byte);
  return text;
}

git::Oid write_claim(const git::Repository& repository, Claim claim, std::string_view subject,
                     const std::optional<git::Oid>& replaces) {
  if (claim.nonce.empty()) claim.nonce = new_nonce();
  return git::create_commit(repository, git::empty_tree(repository),
                            parents_of(repository, replaces), claim_message(claim, subject));
}

StandingClaim standing_claim(const git::Repository& repository, const git::Oid& object) {
  try {
    const auto size = git::object_size(repository, object);
    if (size && *size <= 2 * longest_claim) {
      return {object, read_claim(git::read_commit(repository, object).message)};
    }
  } catch (const Error&) {  // no commit, or a damaged one: held, by nobody knows whom
  }
  return {object, std::nullopt};
}

git::Oid write_beat(const git::Repository& repository, const std::optional<git::Oid>& before,
                    std::string_view machine) {
  return git::create_commit(repository, git::empty_tree(repository), parents_of(repository, before),
                            fmt::format("Beat\n\nFormat: {}\nMachine: {}\nNonce: {}\n",
                                        claim_format, machine, new_nonce()));
}

}  // namespace gitplan::remote
