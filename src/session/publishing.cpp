#include "session/publishing.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/lock.hpp"
#include "git/objects.hpp"
#include "git/repository.hpp"
#include "plan/ids.hpp"
#include "remote/git_hub.hpp"
#include "session/overtaken.hpp"
#include "session/push_pace.hpp"
#include "session/unshared.hpp"
#include "store/ref_names.hpp"

namespace gitplan {
namespace {

constexpr auto patience = std::chrono::minutes(5);

bool is_over(const Task& task) {
  return task.status == Status::completed || task.status == Status::failed ||
         task.status == Status::cancelled;
}

}  // namespace

struct Publishing::State {
  State(const git::Repository& in, const SharedRemote& of)
      : repository(&in),
        shared(&of),
        turn(in, remote::push_lock, patience),
        hub(in, of.remote(), of.names()),
        notebook(in) {}

  const git::Repository* repository;
  const SharedRemote* shared;
  git::NamedLock turn;
  remote::HubOverGit hub;
  remote::GitNotebook notebook;
};

Publishing::Publishing(const git::Repository& repository, const SharedRemote& shared)
    : state_(std::make_unique<State>(repository, shared)) {}

Publishing::~Publishing() = default;

remote::Ended Publishing::write(const std::string& flow_branch, std::vector<std::string> patterns,
                                const remote::Decide& decide, Asking asking) {
  return carry_out({{}, flow_branch, std::move(patterns)}, decide, asking);
}

remote::Ended Publishing::renew(const std::string& flow_branch, std::vector<std::string> patterns,
                                const remote::Decide& decide) {
  remote::Request request{{}, flow_branch, std::move(patterns)};
  request.kind = remote::Request::Kind::renews;
  return carry_out(std::move(request), decide, Asking::where_needed);
}

remote::Ended Publishing::carry_out(remote::Request request, const remote::Decide& decide,
                                    Asking asking) {
  const SharedRemote& shared = *state_->shared;
  request.remote = shared.remote();
  // What renews is bound by the claims that it moves alone.
  const bool renews = request.kind == remote::Request::Kind::renews;
  if (renews ||
      (asking == Asking::where_needed && shared.is_current(request.flow, request.patterns))) {
    request.known = remote::Seen{
        shared.seen(shared.names().beat(request.flow)),
        remote::last_seen(*state_->repository, shared.remote(), shared.names(), request.patterns)};
  }
  const auto means = remote::real_means(state_->hub, state_->notebook, *state_->repository,
                                        shared.names(), shared.machine());
  remote::Ended ended = remote::transact(means, request, decide);
  if (ended.pushes > 0) note_push(git::make_state_folder(*state_->repository));
  remote::throw_unless_done(ended, shared.remote());
  if (!renews) note(request, ended);
  return ended;
}

/// What is current now. Nothing has been asked where the first push went through, or none was made.
void Publishing::note(const remote::Request& request, const remote::Ended& ended) const {
  const bool is_pushed = ended.kind == remote::Ended::Kind::pushed;
  const int rejected = ended.pushes - (is_pushed ? 1 : 0);
  if (!request.known || rejected > 0) {
    state_->shared->note_current(request.flow, request.patterns);
  } else if (is_pushed) {
    state_->shared->note_pushed(request.flow);
  }
}

void refuse_unpublished(const SharedRemote& shared, const std::string& branch) {
  throw Error(ErrorKind::wrong_state,
              fmt::format("'{}' has what remote '{}' does not have", text::printable(branch),
                          text::printable(shared.remote())),
              Hint{"to bring both together, run: git plan sync"})
      .with_code("unpublished");
}

remote::SeenRefs Publishing::look(const std::vector<std::string>& patterns) {
  auto looked = state_->hub.fetch(patterns);
  if (auto* seen = std::get_if<remote::SeenRefs>(&looked)) {
    return std::move(*seen);
  }
  remote::Ended ended;
  ended.kind = remote::Ended::Kind::unreachable;
  ended.words = std::get<remote::NotReached>(looked).words;
  remote::throw_unless_done(ended, state_->shared->remote());
  return {};
}

Followed follow_seen(const git::Repository& repository, const SharedRemote& shared,
                     const std::string& ref) {
  for (;;) {
    const auto seen = shared.seen(ref);
    const auto here = git::read_ref(repository, ref);
    if (!seen || seen == here) return Followed::is_same;
    if (here && git::is_ancestor(repository, *seen, *here)) return Followed::is_ahead;
    if (here && !git::is_ancestor(repository, *here, *seen)) return Followed::has_diverged;
    if (git::compare_and_swap(repository, ref, here, *seen, "as on " + shared.remote()) ==
        git::SwapResult::swapped)
      return Followed::has_moved;
  }
}

/// What stands here was seen on the remote, or the remote has moved on from it.
bool SharedPlans::is_published(const PlanMove& move) const {
  const std::string ref = ref_names::plan_ref(move.session);
  const auto seen = shared_->seen(ref);
  if (seen == move.from) return true;
  if (!seen) refuse_unshared(*shared_, move.session);
  const auto followed = follow_seen(*repository_, *shared_, ref);
  if (followed == Followed::is_ahead || followed == Followed::has_diverged)
    refuse_unpublished(*shared_, ref_names::plan_branch(move.session));
  return false;
}

/// The plan's branch, and the ends of own claims of what it records as over.
remote::Transaction SharedPlans::transaction(const PlanMove& move, const remote::Seen& seen) const {
  remote::Transaction made;
  made.moves.push_back({ref_names::plan_ref(move.session), move.from, move.to});
  if (move.after == nullptr) return made;
  const auto own = remote::GitNotebook(*repository_).notes();
  for (const Task& task : move.after->tasks) {
    const auto number = task_number(task.id);
    if (!number || !is_over(task)) continue;
    const std::string claim = shared_->names().claim(move.session, *number);
    const auto standing = seen.at(claim);
    if (standing && std::ranges::find(own, *standing, &remote::Note::claim) != own.end())
      made.moves.push_back({claim, standing, std::nullopt});
  }
  return made;
}

git::Oid SharedPlans::tip(const std::string& session, const git::Oid& here) const {
  const auto seen = shared_->seen(ref_names::plan_ref(session));
  const bool is_further = seen && seen != here && git::is_ancestor(*repository_, here, *seen);
  return is_further ? *seen : here;
}

namespace {
/// Of the writes of this thread, which are made one after the other.
thread_local Overtaken overtaken;
}  // namespace

git::SwapResult SharedPlans::move(const PlanMove& move) {
  const std::string ref = ref_names::plan_ref(move.session);
  Publishing publishing(*repository_, *shared_);
  if (!is_published(move)) return git::SwapResult::lost_race;
  const std::string flow = move.after != nullptr ? move.after->flow_branch : "flow";
  const auto ended =
      publishing.write(flow, {ref, shared_->names().claims(move.session)},
                       [&](const remote::Seen& seen) -> std::optional<remote::Transaction> {
                         if (seen.at(ref) != move.from) return std::nullopt;
                         return transaction(move, seen);
                       });
  if (ended.kind == remote::Ended::Kind::pushed) {
    overtaken.reset();
    if (git::compare_and_swap(*repository_, ref, move.from, move.to, move.reflog) ==
        git::SwapResult::lost_race)
      follow_seen(*repository_, *shared_, ref);  // it was behind
    return git::SwapResult::swapped;
  }
  follow_seen(*repository_, *shared_, ref);
  overtaken.once_more(shared_->remote());
  return git::SwapResult::lost_race;
}

}  // namespace gitplan
