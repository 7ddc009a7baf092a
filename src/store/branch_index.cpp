#include "store/branch_index.hpp"

#include <algorithm>
#include <utility>

#include "git/objects.hpp"
#include "git/repository.hpp"
#include "plan/ids.hpp"
#include "store/cache.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr std::string_view cache_name = "branches";

/// What a claim's record says of it, beside the session.
constexpr std::uint64_t called_like = 1;
constexpr std::uint64_t named_by = 2;
constexpr std::uint64_t usual_file = 4;  ///< it is not spelled out
constexpr std::uint64_t all_marks = 7;

/// "task/001-x" of "refs/heads/task/001-x", and the file that it is called like.
std::string_view short_name(std::string_view ref) { return ref.substr(ref.find("task/")); }
std::string file_like(std::string_view ref) {
  return std::string(ref.substr(ref_names::task_prefix.size())) + ".toml";
}

void write_claim(cache::Writer& out, const BranchClaim& claim, std::string_view ref) {
  const bool usual = claim.file == file_like(ref);
  out.number(claim.session);
  out.number((claim.called_like_it ? called_like : 0) | (claim.named_by_it ? named_by : 0) |
             (usual ? usual_file : 0));
  if (!usual) out.text(claim.file);
}

BranchClaim read_claim(cache::Reader& in, std::string_view ref, std::size_t sessions) {
  BranchClaim claim;
  if (sessions == 0) in.refuse();
  claim.session = static_cast<std::uint32_t>(in.number_up_to(sessions - 1));
  const std::uint64_t marks = in.number_up_to(all_marks);
  claim.called_like_it = (marks & called_like) != 0;
  claim.named_by_it = (marks & named_by) != 0;
  claim.file = (marks & usual_file) != 0 ? file_like(ref) : in.text();
  return claim;
}

}  // namespace

BranchIndex::BranchIndex(const git::Repository& repository, SessionTrees& trees,
                         std::vector<git::Ref> refs)
    : refs_(std::move(refs)), known_(refs_.size()), claims_(refs_.size()) {
  recall(repository);
  bool learned = false;
  for (std::uint32_t branch = 0; branch < refs_.size(); ++branch) {
    if (known_[branch]) continue;
    if (git::is_commit(repository, refs_[branch].target)) claims_[branch] = read(branch, trees);
    learned = true;
  }
  if (learned && trees.is_complete()) save(repository);
}

/// Both the refs and the records are sorted by name.
void BranchIndex::recall(const git::Repository& repository) {
  const auto payload = cache::load(repository, cache_name);
  if (!payload) return;
  cache::Reader in(payload->bytes());
  const std::vector<std::string> sessions = in.texts();
  std::vector<bool> known(refs_.size());
  std::vector<std::vector<BranchClaim>> claims(refs_.size());
  std::uint32_t at = 0;
  for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
    const std::string_view name = in.view();
    const git::Oid tip = in.oid();
    std::vector<BranchClaim> said(in.count());
    if (!name.starts_with(ref_names::task_prefix)) in.refuse();
    if (!in.ok()) return;
    while (at < refs_.size() && refs_[at].name < name) ++at;
    for (BranchClaim& claim : said) {
      claim = read_claim(in, name, sessions.size());
      claim.branch = at;
    }
    if (at == refs_.size() || refs_[at].name != name || refs_[at].target != tip) continue;
    known[at] = true;
    claims[at] = std::move(said);
  }
  if (!in.ok()) return;
  for (const std::string& session : sessions) place_of(session);
  if (sessions_.size() != sessions.size()) return;  // one twice: nobody of ours wrote that
  known_ = std::move(known);
  claims_ = std::move(claims);
}

void BranchIndex::save(const git::Repository& repository) const {
  cache::Writer out;
  out.texts(sessions_);
  out.number(refs_.size());
  for (std::size_t branch = 0; branch < refs_.size(); ++branch) {
    out.text(refs_[branch].name);
    out.oid(refs_[branch].target);
    out.number(claims_[branch].size());
    for (const BranchClaim& claim : claims_[branch]) write_claim(out, claim, refs_[branch].name);
  }
  cache::save(repository, cache_name, out.bytes());
}

std::vector<BranchClaim> BranchIndex::read(std::uint32_t branch, SessionTrees& trees) {
  const git::Ref& ref = refs_[branch];
  const std::string_view name = short_name(ref.name);
  const auto parsed = ref_names::parse_task_branch(ref.name);
  if (!parsed) return {};
  const std::uint32_t number = *task_number(parsed->id);
  const std::string like_it = file_like(ref.name);
  std::vector<BranchClaim> claims;
  bool is_named = false;
  trees.for_each(ref.target, [&](const std::string& session, const SessionTasks& tasks) {
    const SessionTask* last = nullptr;  // of several files for one number
    for (auto task = std::ranges::lower_bound(tasks, number, {}, &SessionTask::number);
         task != tasks.end() && task->number == number; ++task) {
      last = &*task;
      is_named = is_named || task->facts->branch == name;
    }
    if (last == nullptr) return;
    claims.push_back({branch, place_of(session), last->file, last->file == like_it,
                      last->facts->branch == name});
  });
  if (is_named) {
    std::erase_if(claims, [](const BranchClaim& claim) {
      return !claim.called_like_it && !claim.named_by_it;
    });
  }
  return claims;
}

std::uint32_t BranchIndex::place_of(const std::string& session) {
  const auto [place, added] =
      places_.try_emplace(session, static_cast<std::uint32_t>(sessions_.size()));
  if (added) sessions_.push_back(session);
  return place->second;
}

std::vector<BranchClaim> BranchIndex::claims_of(const std::string& session) const {
  std::vector<BranchClaim> found;
  const auto place = places_.find(session);
  if (place == places_.end()) return found;
  for (const auto& claims : claims_) {
    for (const BranchClaim& claim : claims) {
      if (claim.session == place->second) found.push_back(claim);
    }
  }
  return found;
}

}  // namespace gitplan
