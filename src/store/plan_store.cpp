#include "store/plan_store.hpp"

#include <fmt/format.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/branch_word.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "git/unchecked_blob.hpp"
#include "plan/ids.hpp"
#include "plan/toml_edited.hpp"
#include "store/cache.hpp"
#include "store/plan_cache.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr int max_attempts = 1000;

std::string quoted_name(std::string_view session) {
  return fmt::format("plan '{}'", text::printable(session));
}

git::TreeEntry plan_entry(const git::Repository& repository, std::string_view session,
                          const git::Oid& commit) {
  const auto entry =
      git::entry_at(repository, git::tree_of(repository, commit), ref_names::plan_file);
  const Hint hint{fmt::format(
      "to see what the branch holds, run: git ls-tree {}",
      text::shell_quote(git::branch_word(repository, ref_names::plan_branch(session))))};
  if (!entry) {
    throw Error(ErrorKind::fatal, fmt::format("{} has no plan.toml", quoted_name(session)), hint);
  }
  if (!entry->is_regular_file()) {
    throw Error(ErrorKind::fatal,
                fmt::format("{}: plan.toml is {}, not a file; refused", quoted_name(session),
                            entry->is_symlink() ? "a symbolic link" : "a folder or a submodule"),
                hint);
  }
  return *entry;
}

std::string_view subject_of(std::string_view message) {
  return message.substr(0, message.find('\n'));
}

}  // namespace

std::vector<std::string> remote_plans(const git::Repository& repository) {
  constexpr std::string_view remotes = "refs/remotes/";
  std::vector<std::string> names;
  for (const auto& ref : git::list_refs(repository, std::string(remotes))) {
    std::string name = ref.name.substr(remotes.size());
    if (is_session(session_of_remote_plan(name))) names.push_back(std::move(name));
  }
  return names;
}

std::string session_of_remote_plan(std::string_view name) {
  constexpr std::string_view folder = "/plan/";
  const auto at = name.rfind(folder);
  return at == std::string_view::npos ? "" : std::string(name.substr(at + folder.size()));
}

std::string how_to_take_up(std::string_view remote_plan) {
  return fmt::format("to have it here, run: git branch {} {}",
                     text::shell_quote(ref_names::plan_branch(session_of_remote_plan(remote_plan))),
                     text::shell_quote(remote_plan));
}

std::vector<PlanTip> PlanStore::list() const {
  std::vector<PlanTip> plans;
  for (const auto& ref : git::list_refs(*repository_, std::string(ref_names::plan_prefix))) {
    std::string session = ref_names::session_of(ref.name);
    if (!is_session(session)) continue;
    const git::Oid commit = mover_ != nullptr ? mover_->tip(session, ref.target) : ref.target;
    plans.push_back({std::move(session), commit});
  }
  return plans;
}

std::optional<git::Oid> PlanStore::tip(std::string_view session) const {
  if (!is_session(session)) return std::nullopt;
  const auto here = git::read_ref(*repository_, ref_names::plan_ref(session));
  return here && mover_ != nullptr ? mover_->tip(std::string(session), *here) : here;
}

std::optional<StoredPlan> PlanStore::find(std::string_view session) const {
  const auto commit = tip(session);
  if (!commit) return std::nullopt;
  return load_at(session, *commit);
}

StoredPlan PlanStore::load(std::string_view session) const {
  if (auto found = find(session)) return std::move(*found);
  refuse_unknown(session);
}

void PlanStore::refuse_unknown(std::string_view session) const {
  std::vector<std::string> names;
  for (const auto& plan : list()) names.push_back(plan.session);
  std::string message = fmt::format("no plan named '{}'", text::printable(session));
  for (const auto& remote : remote_plans(*repository_)) {
    if (session_of_remote_plan(remote) != session) continue;
    throw Error(ErrorKind::not_found,
                fmt::format("{} here, but '{}' is", message, text::printable(remote)),
                Hint{how_to_take_up(remote)});
  }
  if (const auto near = text::did_you_mean(session, names)) {
    message += fmt::format("; did you mean '{}'?", *near);
  }
  throw Error(ErrorKind::not_found, message, Hint{"to see all plans, run: git plan list"});
}

StoredPlan PlanStore::locate(std::string_view session) const {
  const auto commit = tip(session);
  if (!commit) refuse_unknown(session);
  return locate_at(session, *commit);
}

StoredPlan PlanStore::locate_at(std::string_view session, const git::Oid& commit) const {
  StoredPlan stored;
  stored.session = session;
  stored.commit = commit;
  stored.blob = plan_entry(*repository_, session, commit).oid;
  return stored;
}

StoredPlan PlanStore::load_at(std::string_view session, const git::Oid& commit) const {
  StoredPlan stored = locate_at(session, commit);
  if (recall_plan(*repository_, stored)) return stored;
  stored = read_at(session, commit);
  remember_plan(*repository_, stored);
  return stored;
}

StoredPlan PlanStore::peek_at(std::string_view session, const git::Oid& commit) const {
  StoredPlan stored = locate_at(session, commit);
  if (recall_plan(*repository_, stored)) return stored;
  return read_at(session, commit);
}

StoredPlan PlanStore::read_at(std::string_view session, const git::Oid& commit) const {
  StoredPlan stored = locate_at(session, commit);
  auto parsed = toml_io::parse_plan(text(stored), quoted_name(session));
  stored.plan = std::move(parsed.plan);
  stored.diagnostics = std::move(parsed.diagnostics);
  stored.task_lines = std::move(parsed.task_lines);
  return stored;
}

std::vector<git::Commit> PlanStore::history(const git::Oid& tip, std::size_t limit) const {
  std::vector<git::Commit> commits;
  for (std::optional<git::Oid> next = tip; next && commits.size() < limit;) {
    commits.push_back(git::read_commit(*repository_, *next));
    const auto& parents = commits.back().parents;
    next.reset();
    if (!parents.empty() && git::object_exists(*repository_, parents.front()))
      next = parents.front();
  }
  return commits;
}

std::string PlanStore::text(const StoredPlan& stored) const {
  if (const auto sum = recall_text_sum(*repository_, stored)) {
    auto known = git::read_unchecked_blob(*repository_, stored.blob, toml_io::max_bytes);
    if (known && cache::checksum(*known) == sum) return *std::move(known);
  }
  const std::string name =
      fmt::format("{}:{}", ref_names::plan_branch(stored.session), ref_names::plan_file);
  return git::read_blob(*repository_, stored.blob, text::printable(name), toml_io::max_bytes);
}

StoredPlan PlanStore::create(std::string_view session, std::string_view toml,
                             std::string_view message) const {
  const git::Oid blob = git::write_blob(*repository_, toml);
  const git::Oid tree = git::tree_with_file(*repository_, std::nullopt, ref_names::plan_file, blob);
  const git::Oid commit = git::create_commit(*repository_, tree, {}, message);
  const Plan plan =
      mover_ != nullptr ? toml_io::parse_plan(toml, quoted_name(session)).plan : Plan();
  if (move({std::string(session), std::nullopt, commit, nullptr, &plan, std::string(message)}) ==
      git::SwapResult::lost_race) {
    throw Error(ErrorKind::wrong_state,
                fmt::format("plan '{}' already exists", text::printable(session)),
                Hint{fmt::format("to see it, run: git plan show {}", text::shell_quote(session))});
  }
  git::heal_after_gc(*repository_);
  return load_at(session, commit);
}

git::SwapResult PlanStore::move(const PlanMove& move) const {
  if (mover_ != nullptr) return mover_->move(move);
  return git::compare_and_swap(*repository_, ref_names::plan_ref(move.session), move.from, move.to,
                               move.reflog);
}

StoredPlan PlanStore::commit_text(const StoredPlan& current, std::string_view toml,
                                  const Plan& after, std::int64_t version, std::string_view message,
                                  git::SwapResult& result) const {
  const std::string_view subject = subject_of(message);
  std::string_view rest = message.substr(subject.size());
  if (!rest.empty()) rest.remove_prefix(1);
  const git::Oid base = git::tree_of(*repository_, current.commit);
  const git::Oid blob = git::write_blob(*repository_, toml);
  const git::Oid tree = git::tree_with_file(*repository_, base, ref_names::plan_file, blob);
  const git::Oid commit = git::create_commit(*repository_, tree, std::span(&current.commit, 1),
                                             fmt::format("{} (v{})\n{}", subject, version, rest));
  result =
      move({current.session, current.commit, commit, &current.plan, &after, std::string(subject)});
  StoredPlan written;
  written.session = current.session;
  written.commit = commit;
  written.blob = blob;
  remember_text(*repository_, written, toml);
  return written;
}

std::optional<StoredPlan> PlanStore::replace(const StoredPlan& current, std::string_view toml,
                                             const Plan& plan, std::string_view message) const {
  const git::NamedLock turn(*repository_, "plans");
  auto result = git::SwapResult::lost_race;
  const StoredPlan written = commit_text(current, toml, plan, plan.version, message, result);
  if (result == git::SwapResult::lost_race) return std::nullopt;
  git::heal_after_gc(*repository_);
  return load_at(current.session, written.commit);
}

PlanWrite PlanStore::update(std::string_view session, std::string_view message,
                            const Edit& edit) const {
  return write(session, message, [&](const StoredPlan& current) -> std::optional<Next> {
    Plan after = edit(current);
    if (after == current.plan) return std::nullopt;
    after.version = current.plan.version + 1;
    const std::int64_t version = after.version;
    auto edited = toml_io::edit_and_read(text(current), quoted_name(session), current.plan,
                                         current.diagnostics, std::move(after));
    return Next{std::move(edited.text), version, std::move(edited.parsed)};
  });
}

PlanWrite PlanStore::annotate(std::string_view session, std::string_view message,
                              const TextEdit& edit) const {
  return write(session, message, [&](const StoredPlan& current) -> std::optional<Next> {
    const std::string before = text(current);
    std::string after = edit(current, before);
    if (after == before) return std::nullopt;
    return Next{std::move(after), current.plan.version};
  });
}

/// The edit has read what it wrote: nobody needs to read it again.
StoredPlan PlanStore::reread(StoredPlan written, Next next) const {
  if (!next.read) return load_at(written.session, written.commit);
  written.plan = std::move(next.read->plan);
  written.diagnostics = std::move(next.read->diagnostics);
  written.task_lines = std::move(next.read->task_lines);
  remember_plan(*repository_, written);
  return written;
}

PlanWrite PlanStore::write(
    std::string_view session, std::string_view message,
    const std::function<std::optional<Next>(const StoredPlan& current)>& next) const {
  const git::NamedLock turn(*repository_, "plans");
  for (int attempt = 0; attempt < max_attempts; ++attempt) {
    StoredPlan current = load(session);
    auto after = next(current);
    if (!after) return {std::move(current), false};
    auto result = git::SwapResult::lost_race;
    const Plan& plan = after->read ? after->read->plan : current.plan;
    StoredPlan written = commit_text(current, after->toml, plan, after->version, message, result);
    if (result == git::SwapResult::lost_race) continue;
    git::heal_after_gc(*repository_);
    return {reread(std::move(written), std::move(*after)), true};
  }
  throw Error(ErrorKind::lost_race,
              fmt::format("{} changes too fast; gave up after {} tries", quoted_name(session),
                          max_attempts),
              Hint{fmt::format("to see who writes it, run: git log {}",
                               text::shell_quote(git::branch_word(
                                   *repository_, ref_names::plan_branch(session))))});
}

}  // namespace gitplan
