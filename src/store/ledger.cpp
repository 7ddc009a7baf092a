#include "store/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "plan/toml.hpp"
#include "store/cache.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

std::string cache_name(std::string_view session) { return fmt::format("facts-{}", session); }

std::string session_folder(std::string_view session) {
  return fmt::format("{}/{}", ref_names::metadata_folder, session);
}

std::vector<std::uint32_t> task_numbers(const git::Repository& repository, const git::Oid& tree) {
  std::vector<std::uint32_t> numbers;
  for (const auto& entry : git::list_tree(repository, tree)) {
    if (!entry.is_regular_file()) continue;
    if (const auto name = ref_names::parse_task_file(entry.name))
      numbers.push_back(*task_number(name->id));
  }
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

/// Adds what the task files of one session provide. A file that cannot be read provides nothing.
void add_provides(const git::Repository& repository, const git::Oid& tree,
                  std::unordered_set<std::string>& seen, std::vector<std::string>& provides) {
  for (const auto& entry : git::list_tree(repository, tree)) {
    if (!entry.is_regular_file() || !ref_names::parse_task_file(entry.name)) continue;
    try {
      const auto task =
          toml_io::parse_task_file(git::read_blob(repository, entry.oid, entry.name), entry.name);
      for (const auto& capability : task.provides) {
        if (seen.insert(text::fold_space(capability)).second) provides.push_back(capability);
      }
    } catch (const Error&) {
      continue;
    }
  }
}

}  // namespace

std::optional<std::string> session_naming(const git::Repository& repository, const git::Oid& commit,
                                          std::string_view branch) {
  const auto wanted = ref_names::parse_task_branch(branch);
  if (!wanted) return std::nullopt;
  const auto folder =
      git::entry_at(repository, git::tree_of(repository, commit), ref_names::metadata_folder);
  if (!folder || !folder->is_tree()) return std::nullopt;
  for (const auto& session : git::list_tree(repository, folder->oid)) {
    if (!session.is_tree()) continue;
    for (const auto& file : git::list_tree(repository, session.oid)) {
      const auto name = ref_names::parse_task_file(file.name);
      if (!name || !file.is_regular_file() || !same_task(name->id, wanted->id)) continue;
      try {
        const auto task =
            toml_io::parse_task_file(git::read_blob(repository, file.oid, file.name), file.name);
        if (task.branch == branch) return session.name;
      } catch (const Error&) {
        continue;
      }
    }
  }
  return std::nullopt;
}

bool FlowFacts::has(std::uint32_t task) const {
  return std::binary_search(merged.begin(), merged.end(), task);
}

Ledger::Ledger(const git::Repository& repository, std::string_view session)
    : repository_(&repository), session_(session) {
  recall();
}

void Ledger::recall() {
  const auto payload = cache::load(*repository_, cache_name(session_));
  if (!payload) return;
  cache::Reader in(payload->bytes());
  FlowFacts flow;
  if (in.number() == 1) {
    flow.commit = in.oid();
    flow.merged.resize(in.count());
    for (auto& number : flow.merged) number = static_cast<std::uint32_t>(in.number());
    flow.other_provides = in.texts();
  }
  const std::size_t count = in.count();
  decltype(files_) files;
  files.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const git::Oid commit = in.oid();
    const auto task = static_cast<std::uint32_t>(in.number());
    files.emplace(CommitKey{commit, task}, in.text());
  }
  if (!in.ok()) return;
  if (flow.commit) flow_ = std::move(flow);
  files_ = std::move(files);
}

Ledger::~Ledger() {
  if (!learned_) return;
  cache::Writer out;
  out.number(flow_ ? 1 : 0);
  if (flow_) {
    out.oid(*flow_->commit);
    out.number(flow_->merged.size());
    for (const auto number : flow_->merged) out.number(number);
    out.texts(flow_->other_provides);
  }
  const auto& worth_keeping = saw_all_branches_ ? used_ : files_;
  out.number(worth_keeping.size());
  for (const auto& [key, file] : worth_keeping) {
    out.oid(key.commit);
    out.number(key.task);
    out.text(file);
  }
  cache::save(*repository_, cache_name(session_), out.bytes());
}

FlowFacts Ledger::flow(std::string_view flow_branch) {
  const auto tip = git::read_ref(*repository_, ref_names::branch_ref(flow_branch));
  return tip ? flow_at(*tip) : FlowFacts{};
}

FlowFacts Ledger::flow_at(const git::Oid& commit) {
  if (flow_ && flow_->commit == commit) return *flow_;
  FlowFacts facts;
  facts.commit = commit;
  const auto folder =
      git::entry_at(*repository_, git::tree_of(*repository_, commit), ref_names::metadata_folder);
  std::unordered_set<std::string> seen;
  if (folder && folder->is_tree()) {
    for (const auto& entry : git::list_tree(*repository_, folder->oid)) {
      if (!entry.is_tree()) continue;
      if (entry.name == session_) {
        facts.merged = task_numbers(*repository_, entry.oid);
      } else {
        add_provides(*repository_, entry.oid, seen, facts.other_provides);
      }
    }
  }
  flow_ = facts;
  learned_ = true;
  return facts;
}

std::optional<std::string> Ledger::file_in(const git::Oid& commit, std::uint32_t task) {
  const CommitKey key{commit, task};
  auto known = files_.find(key);
  if (known == files_.end()) {
    std::string file;
    const auto folder =
        git::entry_at(*repository_, git::tree_of(*repository_, commit), session_folder(session_));
    if (folder && folder->is_tree()) {
      for (const auto& entry : git::list_tree(*repository_, folder->oid)) {
        const auto name = ref_names::parse_task_file(entry.name);
        if (name && entry.is_regular_file() && task_number(name->id) == task) file = entry.name;
      }
    }
    known = files_.emplace(key, std::move(file)).first;
    learned_ = true;
  }
  used_.insert(*known);
  if (known->second.empty()) return std::nullopt;
  return known->second;
}

std::string Ledger::named_by(const TaskBranch& branch) const try {
  const auto entry = git::entry_at(*repository_, git::tree_of(*repository_, branch.tip),
                                   session_folder(session_) + "/" + branch.file);
  if (!entry || !entry->is_regular_file()) return {};
  return toml_io::parse_task_file(git::read_blob(*repository_, entry->oid, branch.file),
                                  branch.file)
      .branch;
} catch (const Error&) {
  return {};
}

bool Ledger::is_ours(const TaskBranch& branch, bool merged) const {
  // The usual case needs no look inside: the file is called like the branch.
  const std::string_view name = branch.name;
  const std::string_view file = branch.file;
  if (name.starts_with("task/") && file.ends_with(".toml") &&
      name.substr(5) == file.substr(0, file.size() - 5)) {
    return true;
  }
  if (named_by(branch) == branch.name) return true;
  return !merged && !session_naming(*repository_, branch.tip, branch.name);
}

std::unordered_map<std::uint32_t, TaskBranch> Ledger::task_branches(const FlowFacts& flow) {
  std::unordered_map<std::uint32_t, TaskBranch> branches;
  for (const auto& ref : git::list_refs(*repository_, std::string(ref_names::task_prefix))) {
    const auto name = ref_names::parse_task_branch(ref.name);
    if (!name) continue;
    const std::uint32_t number = *task_number(name->id);
    auto file = file_in(ref.target, number);
    if (!file) {
      saw_foreign_ = true;
      continue;
    }
    TaskBranch branch{ref_names::branch_name(ref.name), ref.target, std::move(*file)};
    if (!is_ours(branch, flow.has(number))) continue;
    const auto [place, added] = branches.try_emplace(number, branch);
    if (!added && named_by(place->second) != place->second.name &&
        named_by(branch) == branch.name) {
      place->second = std::move(branch);
    }
  }
  saw_all_branches_ = true;
  return branches;
}

}  // namespace gitplan
