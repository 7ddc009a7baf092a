#include "store/ledger.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <unordered_set>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "plan/ids.hpp"
#include "plan/toml.hpp"
#include "store/cache.hpp"
#include "store/plan_store.hpp"
#include "store/ref_names.hpp"
#include "store/repository_facts.hpp"

namespace gitplan {
namespace {

std::string cache_name(std::string_view session) { return fmt::format("facts-{}", session); }

std::string session_folder(std::string_view session) {
  return fmt::format("{}/{}", ref_names::metadata_folder, session);
}

/// Keeps what is seen for the first time.
class Once {
 public:
  bool first(const std::string& capability) {
    return seen_.insert(text::fold_space(capability)).second;
  }

 private:
  std::unordered_set<std::string> seen_;
};

std::unordered_set<std::string> capabilities_of(const Plan& plan) {
  std::unordered_set<std::string> all;
  for (const Task& task : plan.tasks) {
    for (const auto* list : {&task.preconditions, &task.provides}) {
      for (const std::string& capability : *list) all.insert(text::fold_space(capability));
    }
  }
  return all;
}

std::uint32_t read_number(cache::Reader& in) {
  return static_cast<std::uint32_t>(in.number_up_to(std::numeric_limits<std::uint32_t>::max()));
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
    : own_facts_(std::make_unique<RepositoryFacts>(repository)),
      facts_(own_facts_.get()),
      session_(session) {
  recall();
}

Ledger::Ledger(RepositoryFacts& facts, std::string_view session)
    : facts_(&facts), session_(session) {
  recall();
}

Ledger::~Ledger() {
  if (learned_ && is_session(session_)) save();
}

void Ledger::recall() {
  if (!is_session(session_)) return;  // of a draft: no name for a file
  const auto payload = cache::load(facts_->repository(), cache_name(session_));
  if (!payload) return;
  cache::Reader in(payload->bytes());
  std::optional<FlowFacts> flow;
  std::optional<Provided> provided;
  std::optional<Begun> begun;
  if (in.number_up_to(1) == 1) {
    flow.emplace().commit = in.oid();
    flow->merged.resize(in.count());
    for (auto& number : flow->merged) number = read_number(in);
  }
  if (in.number_up_to(1) == 1) {
    provided.emplace().flow = in.oid();
    provided->plan = in.oid();
    provided->plans.first = in.number();
    provided->plans.second = in.number();
    provided->capabilities = in.texts();
  }
  if (in.number_up_to(1) == 1) {
    begun.emplace().flow = in.oid();
    begun->refs.first = in.number();
    begun->refs.second = in.number();
    for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
      TaskBranch& branch = begun->branches[read_number(in)];
      branch.name = in.text();
      branch.tip = in.oid();
      branch.file = in.text();
    }
  }
  if (!in.ok()) return;
  flow_ = std::move(flow);
  provided_ = std::move(provided);
  begun_ = std::move(begun);
}

void Ledger::save() const {
  cache::Writer out;
  out.number(flow_ ? 1 : 0);
  if (flow_) {
    out.oid(*flow_->commit);
    out.number(flow_->merged.size());
    for (const auto number : flow_->merged) out.number(number);
  }
  out.number(provided_ ? 1 : 0);
  if (provided_) {
    out.oid(provided_->flow);
    out.oid(provided_->plan);
    out.number(provided_->plans.first);
    out.number(provided_->plans.second);
    out.texts(provided_->capabilities);
  }
  out.number(begun_ ? 1 : 0);
  if (begun_) {
    out.oid(begun_->flow);
    out.number(begun_->refs.first);
    out.number(begun_->refs.second);
    out.number(begun_->branches.size());
    for (const auto& [number, branch] : begun_->branches) {
      out.number(number);
      out.text(branch.name);
      out.oid(branch.tip);
      out.text(branch.file);
    }
  }
  cache::save(facts_->repository(), cache_name(session_), out.bytes());
}

FlowFacts Ledger::flow(std::string_view flow_branch) {
  const auto tip = git::read_ref(facts_->repository(), ref_names::branch_ref(flow_branch));
  FlowFacts facts = tip ? flow_at(*tip) : FlowFacts{};
  facts.branch = flow_branch;
  return facts;
}

FlowFacts Ledger::flow_at(const git::Oid& commit) {
  if (flow_ && flow_->commit == commit) return *flow_;
  FlowFacts facts;
  facts.commit = commit;
  facts_->trees().for_each_in_flow(commit,
                                   [&](const std::string& session, const SessionTasks& tasks) {
                                     if (session != session_) return;
                                     for (const SessionTask& task : tasks) {
                                       if (task.is_metadata_of(session_))
                                         facts.merged.push_back(task.number);
                                     }
                                   });
  if (!facts_->trees().is_complete()) return facts;
  flow_ = facts;
  learned_ = true;
  return facts;
}

std::vector<std::string> Ledger::other_provides(const FlowFacts& flow) {
  return all_provides(flow, nullptr);
}

std::vector<std::string> Ledger::all_provides(const FlowFacts& flow, const StoredPlan* open) {
  std::vector<std::string> provides;
  if (!flow.commit) return provides;
  Once seen;
  facts_->trees().for_each_in_flow(*flow.commit,
                                   [&](const std::string& session, const SessionTasks& tasks) {
                                     if (session == session_) return;
                                     for (const SessionTask& task : tasks) {
                                       if (!task.is_metadata_of(session)) continue;
                                       for (const std::string& capability : task.facts->provides) {
                                         if (seen.first(capability)) provides.push_back(capability);
                                       }
                                     }
                                   });
  for (const PlanOutline& plan : facts_->outlines(open)) {
    if (plan.tip.session == session_ || plan.flow_branch != flow.branch) continue;
    for (const std::string& capability : plan.provides) {
      if (seen.first(capability)) provides.push_back(capability);
    }
  }
  return provides;
}

std::vector<std::string> Ledger::provides_for(const FlowFacts& flow, const StoredPlan& plan) {
  std::vector<std::string> provides = all_provides(flow, &plan);
  if (provides.empty()) return provides;
  const auto wanted = capabilities_of(plan.plan);
  std::erase_if(provides, [&](const std::string& capability) {
    return !wanted.contains(text::fold_space(capability));
  });
  return provides;
}

std::vector<std::string> Ledger::other_provides(const FlowFacts& flow, const StoredPlan& plan) {
  if (!flow.commit) return {};
  const auto plans = facts_->plans_print();
  if (plans && provided_ && provided_->plans == *plans && provided_->flow == *flow.commit &&
      provided_->plan == plan.blob)
    return provided_->capabilities;
  std::vector<std::string> provides = provides_for(flow, plan);
  if (plans && facts_->trees().is_complete()) {
    provided_ = Provided{*flow.commit, plan.blob, *plans, provides};
    learned_ = true;
  }
  return provides;
}

/// The regular files of the session's folder that are called like the task's.
std::vector<git::TreeEntry> Ledger::named_like(const git::Oid& commit, std::uint32_t task) const {
  const git::Repository& repository = facts_->repository();
  const auto folder =
      git::entry_at(repository, git::tree_of(repository, commit), session_folder(session_));
  if (!folder || !folder->is_tree()) return {};
  auto files = git::list_tree(repository, folder->oid);
  std::erase_if(files, [&](const git::TreeEntry& entry) {
    const auto name = ref_names::parse_task_file(entry.name);
    return !name || !entry.is_regular_file() || task_number(name->id) != task;
  });
  return files;
}

std::optional<std::string> Ledger::file_in(const git::Oid& commit, std::uint32_t task) const {
  const auto files = named_like(commit, task);
  return files.empty() ? std::nullopt : std::optional(files.back().name);
}

std::optional<SessionTask> Ledger::metadata_in(const git::Oid& commit, std::uint32_t task) const {
  std::optional<SessionTask> found;
  for (const git::TreeEntry& file : named_like(commit, task)) {
    auto facts = read_task_facts(facts_->repository(), file.oid, file.name);
    SessionTask one{task, file.name, file.oid,
                    std::make_shared<const TaskFileFacts>(std::move(facts))};
    if (one.is_metadata_of(session_)) found = std::move(one);
  }
  return found;
}

Ledger::Branches Ledger::task_branches(const FlowFacts& flow) {
  const auto print = facts_->branches_print();
  const git::Oid flow_commit = flow.commit.value_or(git::Oid{});
  if (print && begun_ && begun_->refs == *print && begun_->flow == flow_commit)
    return begun_->branches;
  Branches branches = read_branches(flow);
  if (print && facts_->trees().is_complete()) {
    begun_ = Begun{flow_commit, *print, branches};
    learned_ = true;
  }
  return branches;
}

Ledger::Branches Ledger::read_branches(const FlowFacts& flow) {
  const BranchIndex& index = facts_->branches();
  Branches branches;
  std::unordered_set<std::uint32_t> named;  // those whose branch is the one that its file names
  for (const BranchClaim& claim : index.claims_of(session_)) {
    const git::Ref& ref = index.ref(claim);
    const auto name = ref_names::parse_task_branch(ref.name);
    if (!name) continue;
    const std::uint32_t number = *task_number(name->id);
    if (!claim.called_like_it && !claim.named_by_it && flow.has(number)) continue;
    if (branches.contains(number) && (named.contains(number) || !claim.named_by_it)) continue;
    branches[number] = {ref_names::branch_name(ref.name), ref.target, claim.file};
    if (claim.named_by_it) named.insert(number);
  }
  return branches;
}

}  // namespace gitplan
