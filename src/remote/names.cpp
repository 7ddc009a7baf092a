#include "remote/names.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "git/refs.hpp"
#include "plan/ids.hpp"

namespace gitplan::remote {
namespace {

constexpr std::string_view heads = "refs/heads/";
constexpr std::string_view remotes = "refs/remotes/";
constexpr std::size_t longest_machine = 64;

bool is_ascii_alnum(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_machine_char(char c) { return is_ascii_alnum(c) || c == '.' || c == '_' || c == '-'; }

/// What stands before the first slash; the text becomes what follows it. Nothing without one.
std::optional<std::string_view> take_folder(std::string_view& text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string_view folder = text.substr(0, slash);
  text.remove_prefix(slash + 1);
  return folder;
}

std::optional<int> count_of(std::string_view digits, int least) {
  int value = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  const bool is_whole = error == std::errc() && end == digits.data() + digits.size();
  if (!is_whole || value < least || digits.front() == '0') return std::nullopt;
  return value;
}

/// "YYYYMMDDTHHMMSSZ" and perhaps "-<n>".
bool is_when(std::string_view text) {
  constexpr std::string_view form = "00000000T000000Z";
  if (text.size() < form.size()) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] == '0' ? !is_digit(text[i]) : text[i] != form[i]) return false;
  }
  text.remove_prefix(form.size());
  return text.empty() || (text.front() == '-' && count_of(text.substr(1), 2).has_value());
}

/// "<session>/<number>" of a claim or a done task.
std::optional<ClaimName> parse_task(std::string_view text) {
  const auto session = take_folder(text);
  if (!session || !is_session(*session)) return std::nullopt;
  const auto number = task_number(text);
  if (!number || format_task_id(*number) != text) return std::nullopt;
  return ClaimName{std::string(*session), *number};
}

std::optional<SharedName> parse_attempt(std::string_view text) {
  const auto session = take_folder(text);
  const auto id = take_folder(text);
  if (!session || !is_session(*session) || !id || !is_task_id(*id) || !is_when(text)) return {};
  return AttemptName{std::string(*session), std::string(*id), std::string(text)};
}

std::optional<SharedName> parse_rescue(std::string_view text) {
  constexpr std::string_view worker = "worker-";
  const auto machine = take_folder(text);
  const auto slot = take_folder(text);
  if (!machine || !is_machine(*machine) || !slot || !slot->starts_with(worker)) return {};
  const auto number = count_of(slot->substr(worker.size()), 1);
  if (!number || !is_when(text)) return {};
  return RescueName{std::string(*machine), *number, std::string(text)};
}

template <class Name>
std::optional<SharedName> parse_flow(std::string_view text) {
  if (!is_branch_name(text)) return {};
  return Name{std::string(text)};
}

std::optional<SharedName> parse_kind(std::string_view kind, std::string_view rest) {
  if (kind == "beat") return parse_flow<BeatName>(rest);
  if (kind == "landing") return parse_flow<LandingName>(rest);
  if (kind == "attempts") return parse_attempt(rest);
  if (kind == "rescue") return parse_rescue(rest);
  const auto task = parse_task(rest);
  if (kind == "claims" && task) return *task;
  if (kind == "done" && task) return DoneName{task->session, task->task};
  return {};
}

/// What follows `start`; nothing where the text does not begin with it, or is no more than it.
std::optional<std::string_view> after(std::string_view text, std::string_view start) {
  if (!text.starts_with(start) || text.size() == start.size()) return std::nullopt;
  return text.substr(start.size());
}

/// FNV-1a.
std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325U;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3U;
  return hash;
}

std::string valid_host(std::string_view host) {
  std::string name;
  for (const char c : host) {
    const bool doubles_dot = c == '.' && name.ends_with('.');
    name += is_machine_char(c) && !doubles_dot ? c : '-';
  }
  if (name.empty() || !is_ascii_alnum(name.front())) name.insert(0, "host");
  return name;
}

}  // namespace

std::optional<Names> Names::below(std::string_view claim_refs) {
  if (claim_refs == usual_prefix) return Names(usual_prefix);
  if (claim_refs == branch_prefix) return Names(branch_prefix);
  return std::nullopt;
}

std::string Names::beat(std::string_view flow) const {
  return fmt::format("{}beat/{}", prefix_, flow);
}

std::string Names::claim(std::string_view session, std::uint32_t task) const {
  return fmt::format("{}claims/{}/{}", prefix_, session, format_task_id(task));
}

std::string Names::claims(std::string_view session) const {
  return fmt::format("{}claims/{}/*", prefix_, session);
}

std::string Names::landing(std::string_view flow) const {
  return fmt::format("{}landing/{}", prefix_, flow);
}

std::string Names::done(std::string_view session, std::uint32_t task) const {
  return fmt::format("{}done/{}/{}", prefix_, session, format_task_id(task));
}

std::string Names::dones(std::string_view session) const {
  return fmt::format("{}done/{}/*", prefix_, session);
}

std::optional<std::string> Names::shared(std::string_view local_ref,
                                         std::string_view machine) const {
  const auto rest = after(local_ref, usual_prefix);
  if (!rest) return std::nullopt;
  std::string ref = fmt::format("{}{}", prefix_, *rest);
  if (const auto slot = after(*rest, "rescue/")) {
    ref = fmt::format("{}rescue/{}/{}", prefix_, machine, *slot);
  }
  const auto name = parse(ref);
  const bool is_kept = name && (std::holds_alternative<DoneName>(*name) ||
                                std::holds_alternative<AttemptName>(*name) ||
                                std::holds_alternative<RescueName>(*name));
  return is_kept ? std::optional(ref) : std::nullopt;
}

std::optional<SharedName> Names::parse(std::string_view ref) const {
  auto rest = after(ref, prefix_);
  if (!rest || !git::is_valid_ref_name(ref)) return std::nullopt;
  const auto kind = take_folder(*rest);
  return kind ? parse_kind(*kind, *rest) : std::nullopt;
}

std::optional<std::string> Names::kept(std::string_view remote, std::string_view ref) const {
  if (const auto rest = after(ref, prefix_)) {
    return fmt::format("{}{}/{}", seen_prefix, remote, *rest);
  }
  if (const auto branch = after(ref, heads))
    return fmt::format("{}{}/{}", remotes, remote, *branch);
  return std::nullopt;
}

std::optional<std::string> Names::of_kept(std::string_view remote, std::string_view kept) const {
  if (const auto rest = after(kept, fmt::format("{}{}/", seen_prefix, remote))) {
    return fmt::format("{}{}", prefix_, *rest);
  }
  if (const auto branch = after(kept, fmt::format("{}{}/", remotes, remote))) {
    return fmt::format("{}{}", heads, *branch);
  }
  return std::nullopt;
}

bool matches(std::string_view pattern, std::string_view ref) {
  if (!pattern.ends_with('*')) return pattern == ref;
  pattern.remove_suffix(1);
  return ref.starts_with(pattern) && ref.size() > pattern.size();
}

std::string mine_claims(const ClaimName& claim) {
  return fmt::format("{}claims/{}/{}/", mine_prefix, claim.session, format_task_id(claim.task));
}

std::string mine_claim(const ClaimName& claim, const git::Oid& object) {
  return mine_claims(claim) + object.hex();
}

std::string mine_landing(const LandingName& landing, const git::Oid& object) {
  return fmt::format("{}landing/{}/{}", mine_prefix, landing.flow, object.hex());
}

std::optional<MineName> parse_mine(std::string_view ref) {
  auto rest = after(ref, mine_prefix);
  const auto slash = ref.rfind('/');
  if (!rest || slash == std::string_view::npos || slash < mine_prefix.size()) return std::nullopt;
  const auto object = git::Oid::parse(ref.substr(slash + 1));
  std::string_view of = rest->substr(0, slash - mine_prefix.size());
  const auto kind = take_folder(of);
  if (!object || !kind) return std::nullopt;
  if (*kind == "landing" && is_branch_name(of)) {
    return MineName{LandingName{std::string(of)}, *object};
  }
  const auto task = *kind == "claims" ? parse_task(of) : std::nullopt;
  return task ? std::optional(MineName{*task, *object}) : std::nullopt;
}

bool is_machine(std::string_view text) {
  return !text.empty() && text.size() <= longest_machine && is_ascii_alnum(text.front()) &&
         std::ranges::all_of(text, is_machine_char) &&
         git::is_valid_ref_name(fmt::format("{}rescue/{}/x", usual_prefix, text));
}

std::string default_machine(std::string_view host, std::string_view common_folder,
                            std::uint64_t inode) {
  const std::uint64_t hash = hash_of(fmt::format("{}\n{}", common_folder, inode));
  const std::uint64_t folded = (hash >> 48U) ^ (hash >> 32U) ^ (hash >> 16U) ^ hash;
  const std::string ending = fmt::format("-{:04x}", folded & 0xffffU);
  return valid_host(host).substr(0, longest_machine - ending.size()) + ending;
}

std::string default_machine(std::string_view common_folder) {
  std::array<char, 256> host{};
  if (gethostname(host.data(), host.size() - 1) != 0) host[0] = '\0';
  struct stat status {};
  if (stat(std::string(common_folder).c_str(), &status) != 0) status = {};
  return default_machine(host.data(), common_folder, status.st_ino);
}

}  // namespace gitplan::remote
