#include "store/session_trees.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "plan/toml.hpp"
#include "store/cache.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr std::string_view cache_name = "sessions";

/// The branch that such a file usually names.
std::string usual_branch(const std::string& file) {
  constexpr std::string_view ending = ".toml";
  return "task/" + file.substr(0, file.size() - ending.size());
}

std::uint32_t read_number(cache::Reader& in) {
  return static_cast<std::uint32_t>(in.number_up_to(std::numeric_limits<std::uint32_t>::max()));
}

/// What a record says of a file: it is of the session and the task of its name, or of none; else
/// both are spelled out.
constexpr std::uint64_t as_named = 0;
constexpr std::uint64_t spelled_out = 1;

void write_task(cache::Writer& out, const SessionTask& task, const std::string& session) {
  const bool usual = task.facts->branch == usual_branch(task.file);
  const bool named = task.is_metadata_of(session);
  out.number(task.number);
  out.text(task.file);
  out.oid(task.blob);
  out.optional_text(usual ? std::nullopt : std::optional(task.facts->branch));
  out.texts(task.facts->provides);
  out.number(named ? as_named : spelled_out);
  if (named) return;
  out.text(task.facts->session);
  out.number(task.facts->number);
}

SessionTask read_task(cache::Reader& in, const std::string& session) {
  SessionTask task;
  TaskFileFacts facts;
  task.number = read_number(in);
  task.file = in.text();
  task.blob = in.oid();
  const auto branch = in.optional_text();
  facts.provides = in.texts();
  const bool named = in.number_up_to(spelled_out) == as_named;
  facts.session = named ? session : in.text();
  facts.number = named ? task.number : read_number(in);
  if (!in.ok() || !ref_names::parse_task_file(task.file)) {
    in.refuse();
    return task;
  }
  facts.branch = branch ? *branch : usual_branch(task.file);
  task.facts = std::make_shared<const TaskFileFacts>(std::move(facts));
  return task;
}

std::shared_ptr<const SessionTasks> read_tasks(cache::Reader& in, const std::string& session) {
  auto tasks = std::make_shared<SessionTasks>(in.count());
  for (SessionTask& task : *tasks) task = read_task(in, session);
  return tasks;
}

TaskFileFacts parse_facts(const std::string& content, const std::string& name) {
  auto task = toml_io::parse_task_file(content, name);
  TaskFileFacts facts{std::move(task.branch), std::move(task.provides)};
  const auto branch = ref_names::parse_task_branch(facts.branch);
  if (!branch || !same_task(branch->id, task.id)) return facts;
  facts.session = std::move(task.session_id);
  facts.number = *task_number(branch->id);
  return facts;
}

std::vector<git::TreeEntry> session_folders(const git::Repository& repository,
                                            const git::Oid& commit) {
  const auto folder =
      git::entry_at(repository, git::tree_of(repository, commit), ref_names::metadata_folder);
  if (!folder || !folder->is_tree()) return {};
  auto folders = git::list_tree(repository, folder->oid);
  std::erase_if(folders, [](const git::TreeEntry& entry) { return !entry.is_tree(); });
  return folders;
}

}  // namespace

TaskFileFacts read_task_facts(const git::Repository& repository, const git::Oid& blob,
                              const std::string& name) {
  std::string content;
  try {
    content = git::read_blob(repository, blob, name);
  } catch (const Error&) {
    TaskFileFacts none;
    none.absent = true;
    return none;
  }
  try {
    return parse_facts(content, name);
  } catch (const Error&) {
    return {};
  }
}

SessionTrees::SessionTrees(const git::Repository& repository) : repository_(&repository) {
  recall();
}

SessionTrees::~SessionTrees() {
  if (learned_ && complete_) save();
}

void SessionTrees::recall() {
  const auto payload = cache::load(*repository_, cache_name);
  if (!payload) return;
  cache::Reader in(payload->bytes());
  decltype(in_flow_) known;
  for (std::size_t left = in.count(); left > 0 && in.ok(); --left) {
    std::string session = in.text();
    const git::Oid tree = in.oid();
    auto tasks = read_tasks(in, session);
    known.insert_or_assign(std::move(session), Known{tree, std::move(tasks)});
  }
  if (!in.ok()) return;
  in_flow_ = std::move(known);
  for (const auto& [session, folder] : in_flow_) {
    trees_.emplace(folder.tree, folder.tasks);
    for (const SessionTask& task : *folder.tasks) files_.emplace(task.blob, task.facts);
  }
}

void SessionTrees::save() const {
  cache::Writer out;
  out.number(in_flow_.size());
  for (const auto& [session, folder] : in_flow_) {
    out.text(session);
    out.oid(folder.tree);
    out.number(folder.tasks->size());
    for (const SessionTask& task : *folder.tasks) write_task(out, task, session);
  }
  cache::save(*repository_, cache_name, out.bytes());
}

void SessionTrees::for_each(const git::Oid& commit, const Visit& visit) {
  for (const auto& entry : session_folders(*repository_, commit))
    visit(entry.name, *tasks_of(entry.oid));
}

void SessionTrees::for_each_in_flow(const git::Oid& commit, const Visit& visit) {
  for (const auto& entry : session_folders(*repository_, commit)) {
    Known& known = in_flow_[entry.name];
    if (!known.tasks || known.tree != entry.oid) {
      known = {entry.oid, tasks_of(entry.oid)};
      learned_ = true;
    }
    visit(entry.name, *known.tasks);
  }
}

std::shared_ptr<const SessionTasks> SessionTrees::tasks_of(const git::Oid& tree) {
  if (const auto known = trees_.find(tree); known != trees_.end()) return known->second;
  SessionTasks tasks;
  for (const auto& entry : git::list_tree(*repository_, tree)) {
    const auto name = ref_names::parse_task_file(entry.name);
    if (!name || !entry.is_regular_file()) continue;
    tasks.push_back(
        {*task_number(name->id), entry.name, entry.oid, facts_of(entry.oid, entry.name)});
  }
  std::stable_sort(tasks.begin(), tasks.end(),
                   [](const SessionTask& a, const SessionTask& b) { return a.number < b.number; });
  return trees_.emplace(tree, std::make_shared<const SessionTasks>(std::move(tasks))).first->second;
}

std::shared_ptr<const TaskFileFacts> SessionTrees::facts_of(const git::Oid& blob,
                                                            const std::string& name) {
  auto& known = files_[blob];
  if (known) return known;
  known = std::make_shared<const TaskFileFacts>(read_task_facts(*repository_, blob, name));
  if (known->absent) complete_ = false;
  return known;
}

}  // namespace gitplan
