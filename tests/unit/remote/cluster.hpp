// Machines that take tasks, renew, land, give back and take over through one remote, in memory; and
// what must hold after each push, whatever goes wrong: the properties of the protocol's model.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "remote/transact.hpp"
#include "unit/remote/memory_hub.hpp"

namespace gitplan::remote::tests {

struct Story {
  unsigned seed = 1;
  int machines = 3;
  int tasks = 4;
  int actions = 14;  ///< of each machine while things go wrong
  Faults faults;
  int dies = 0;                   ///< percent of machines that never come back
  int hand_merges = 0;            ///< percent of actions: a person lands a task by plain git
  bool takes_over_early = false;  ///< from machines that live, as after a long pause
  bool binds_claims = true;       ///< false: claims do not move beat (what goes wrong then)
};

class Cluster : MemoryRemote::Watcher {
 public:
  explicit Cluster(const Story& story) : story_(story), turns_(story.seed), remote_(this) {
    flow_content_[oid_of(0)] = {};
    remote_.refs[flow_ref] = remote_.refs[plan_ref] = oid_of(0);
    for (int i = 0; i < story.machines; ++i) {
      machines_.push_back(std::make_unique<Machine>(*this, i));
    }
  }

  /// What broke, in words; empty if nothing did.
  std::vector<std::string> play() {
    std::vector<std::function<void()>> players;
    for (auto& machine : machines_) players.emplace_back([&] { machine->live(); });
    turns_.play(players);
    while (!remote_.under_way.empty()) remote_.arrive(0);
    if (landed_by_tools_.size() + landed_by_hand_.size() != static_cast<std::size_t>(story_.tasks))
      fault("not all tasks have landed");
    if (flow_content_.at(remote_.refs.at(plan_ref)) != in_flow()) fault("the plan lags");
    for (const auto& [ref, oid] : remote_.refs) {
      if (task_of(ref)) fault("a claim is left: " + ref);
    }
    return faults_;
  }
  [[nodiscard]] int pushes() const { return pushes_; }

 private:
  static constexpr const char* flow_ref = "refs/heads/flow";
  static constexpr const char* plan_ref = "refs/heads/plan/s";

  struct Machine {
    Machine(Cluster& cluster, int number)
        : all(cluster), me(number), hub(all.remote_, all.turns_, number, all.story_.faults) {}

    void live() {
      for (int i = 0; i < all.story_.actions; ++i) {
        if (me > 0 && all.turns_.chance(all.story_.dies)) return die();
        survive([&] { act(); });
      }
      hub.set_faults({});
      all.turns_.yield();
      // With nothing going wrong any more all of it ends.
      for (int i = 0; i < 400 && !is_over(); ++i) survive([&] { act(); });
    }

    void die() {
      is_dead = true;
      held.clear();
    }

    template <class Act>
    void survive(const Act& act_once) {
      try {
        act_once();
      } catch (const Killed&) {
        held.clear();
        watched.clear();
        known.reset();
        is_settled = false;
      }
    }

    bool is_over() {
      settle();
      const bool has_ended = all.in_flow().size() == static_cast<std::size_t>(all.story_.tasks);
      return has_ended && all.claims().empty() && held.empty() &&
             all.flow_content_.at(all.remote_.refs.at(plan_ref)) == all.in_flow();
    }

    void act() {
      all.disturb();
      if (!is_settled) settle();
      switch (all.turns_.below(8)) {
        case 0:
        case 1:
          return start();
        case 2:
        case 3:
          return land();
        case 4:
          return renew();
        case 5:
          return all.turns_.chance(30) ? give_back() : land();
        case 6:
          return take_over();
        default:
          return sweep();
      }
    }

    // --- what a client makes of what it sees ---

    /// What is noted and stands is mine; what a push of mine may yet end is held only once it was
    /// renewed.
    void understand(const Seen& seen) {
      std::vector<Note> over;
      found.clear();
      for (const Note& note : notebook.notes()) {
        const int task = static_cast<int>(std::get<ClaimName>(note.of).task);
        const Facts facts = facts_of(note, seen, all.names_, all.content(seen).contains(task));
        const Fate fate = judge(note, facts);
        if (fate == Fate::stands) found[task] = note.claim;
        if (fate == Fate::landed || fate == Fate::lost) over.push_back(note);
      }
      notebook.forget(over);
      std::erase_if(held, [&](const auto& one) {
        const auto mine = found.find(one.first);
        return mine == found.end() || mine->second != one.second;
      });
    }

    void settle() {
      const Ended ended = run({}, [&](const Seen& seen) {
        understand(seen);
        return std::optional<Transaction>();
      });
      is_settled = ended.kind == Ended::Kind::nothing;
      if (is_settled && held != found) renew();
    }

    Ended run(std::optional<Seen> start_with, const Decide& decide,
              Request::Kind kind = Request::Kind::decides) {
      const Means means{hub,
                        notebook,
                        all.names_,
                        [&](const auto&) { return all.new_oid(); },
                        [&] { return all.turns_.below(1000) / 1000.0; },
                        [&](auto) { all.turns_.yield(); }};
      const Request request{
          "origin", "flow", {all.names_.claims("s"), flow_ref, plan_ref}, std::move(start_with),
          kind,     6};
      Ended ended = transact(means, request, decide);
      all.pushes_ += ended.pushes;
      known.reset();
      if (ended.kind == Ended::Kind::pushed && kind == Request::Kind::decides) known = ended.seen;
      if (ended.kind == Ended::Kind::unknown) is_settled = false;
      return ended;
    }

    std::optional<Seen> sometimes_known() { return all.turns_.chance(70) ? known : std::nullopt; }

    bool may_start(const Seen& seen, int task) const {
      if (all.content(seen).contains(task) || seen.at(all.claim_ref(task))) return false;
      for (const auto& [ref, object] : seen.refs) {
        const auto other = all.task_of(ref);
        if (other && overlap(*other, task)) return false;
      }
      return true;
    }

    std::optional<Transaction> claim(const Seen& seen, int task) {
      const git::Oid object = all.new_claim(me);
      chosen = {task, object};
      Transaction one;
      one.moves = {{all.claim_ref(task), seen.at(all.claim_ref(task)), object}};
      one.notes = {Note{ClaimName{"s", static_cast<std::uint32_t>(task)}, object}};
      return one;
    }

    void start() {
      const auto kind = all.story_.binds_claims ? Request::Kind::decides : Request::Kind::renews;
      const Ended ended = run(
          sometimes_known(),
          [&](const Seen& seen) -> std::optional<Transaction> {
            for (int task = 0; task < all.story_.tasks; ++task) {
              const int one = (task + me) % all.story_.tasks;
              if (may_start(seen, one)) return claim(seen, one);
            }
            return std::nullopt;
          },
          kind);
      if (ended.kind == Ended::Kind::pushed) held[chosen.first] = chosen.second;
    }

    /// Only what stands there as it is held here.
    bool is_mine(const Seen& seen, int task) const {
      const auto mine = held.find(task);
      return mine != held.end() && seen.at(all.claim_ref(task)) == mine->second;
    }

    void land() {
      if (held.empty()) return;
      const int task = held.begin()->first;
      const Ended ended =
          run(sometimes_known(), [&](const Seen& seen) -> std::optional<Transaction> {
            understand(seen);
            if (!is_mine(seen, task)) return std::nullopt;
            std::set<int> content = all.content(seen);
            const bool is_in_flow = !content.insert(task).second;
            const git::Oid to = is_in_flow ? seen.refs.at(flow_ref) : all.new_flow(content);
            Transaction one;
            one.moves = {{flow_ref, seen.at(flow_ref), to},
                         {plan_ref, seen.at(plan_ref), to},
                         {all.claim_ref(task), held.at(task), std::nullopt}};
            return one;
          });
      if (ended.kind == Ended::Kind::pushed) held.erase(task);
    }

    void renew() {
      std::map<int, git::Oid> renewed;
      const Ended ended = run(
          {},
          [&](const Seen& seen) -> std::optional<Transaction> {
            understand(seen);
            renewed.clear();
            Transaction one;
            for (const auto& [task, object] : found) {
              renewed[task] = all.new_claim(me);
              one.moves.push_back({all.claim_ref(task), object, renewed[task]});
              one.notes.push_back(
                  Note{ClaimName{"s", static_cast<std::uint32_t>(task)}, renewed[task]});
            }
            return one;
          },
          Request::Kind::renews);
      if (ended.kind == Ended::Kind::pushed) {
        held = renewed;
      } else if (ended.kind != Ended::Kind::nothing) {
        is_settled = false;
      }
    }

    /// Its worker has ended before.
    void give_back() {
      if (held.empty()) return;
      const int task = held.begin()->first;
      held.erase(task);
      const Ended ended = run({}, [&](const Seen& seen) -> std::optional<Transaction> {
        understand(seen);
        const auto mine = found.find(task);
        if (mine == found.end()) return std::nullopt;
        return Transaction{{{all.claim_ref(task), mine->second, std::nullopt}}};
      });
      if (ended.kind != Ended::Kind::pushed) is_settled = false;
    }

    /// What was seen unchanged for a lease: from one look of ours to a later one.
    void take_over() {
      const Ended ended = run({}, [&](const Seen& seen) -> std::optional<Transaction> {
        understand(seen);
        for (int task = 0; task < all.story_.tasks; ++task) {
          const auto standing = seen.at(all.claim_ref(task));
          if (!standing || found.contains(task) || all.content(seen).contains(task)) continue;
          const bool is_old = watched[task] == *standing;
          watched[task] = *standing;
          if (is_old && all.has_expired(*standing)) return claim(seen, task);
        }
        return std::nullopt;
      });
      if (ended.kind == Ended::Kind::pushed) held[chosen.first] = chosen.second;
    }

    /// Claims of what is in flow, and a plan that lags behind it.
    void sweep() {
      run({}, [&](const Seen& seen) -> std::optional<Transaction> {
        understand(seen);
        Transaction one;
        for (const int task : all.content(seen)) {
          const auto standing = seen.at(all.claim_ref(task));
          if (standing) one.moves.push_back({all.claim_ref(task), standing, std::nullopt});
        }
        one.moves.push_back({plan_ref, seen.at(plan_ref), seen.at(flow_ref)});
        return one;
      });
      is_settled = false;
    }

    Cluster& all;
    int me;
    MemoryHub hub;
    MemoryNotebook notebook;  ///< survives a kill
    std::map<int, git::Oid> held;
    std::map<int, git::Oid> found;  ///< mine by the notes, at the last look
    std::map<int, git::Oid> watched;
    std::optional<Seen> known;
    std::pair<int, git::Oid> chosen;
    bool is_settled = false;
    bool is_dead = false;
  };

  // --- the world ---

  static bool overlap(int a, int b) { return a != b && a / 2 == b / 2; }

  git::Oid new_oid() { return oid_of(++last_oid_); }
  git::Oid new_claim(int owner) {
    const git::Oid oid = new_oid();
    owner_[oid] = owner;
    return oid;
  }
  git::Oid new_flow(const std::set<int>& content) {
    const git::Oid oid = new_oid();
    flow_content_[oid] = content;
    return oid;
  }
  [[nodiscard]] std::set<int> content(const Seen& seen) const {
    return flow_content_.at(seen.refs.at(flow_ref));
  }
  [[nodiscard]] std::set<int> in_flow() const {
    return flow_content_.at(remote_.refs.at(flow_ref));
  }
  [[nodiscard]] std::string claim_ref(int task) const {
    return names_.claim("s", static_cast<std::uint32_t>(task));
  }
  [[nodiscard]] std::optional<int> task_of(const std::string& ref) const {
    const auto of = claim_of(names_, ref);
    if (!of) return std::nullopt;
    return static_cast<int>(std::get<ClaimName>(*of).task);
  }
  [[nodiscard]] std::map<int, git::Oid> claims() const {
    std::map<int, git::Oid> standing;
    for (const auto& [ref, oid] : remote_.refs) {
      if (const auto task = task_of(ref)) standing[*task] = oid;
    }
    return standing;
  }

  /// A machine that was killed comes back and goes on; what the dead held expires.
  [[nodiscard]] bool has_expired(const git::Oid& object) const {
    return story_.takes_over_early ||
           machines_.at(static_cast<std::size_t>(owner_.at(object)))->is_dead;
  }

  void disturb() {
    if (!remote_.under_way.empty() && turns_.chance(30)) {
      remote_.arrive(
          static_cast<std::size_t>(turns_.below(static_cast<int>(remote_.under_way.size()))));
    }
    if (!turns_.chance(story_.hand_merges)) return;
    const int task = turns_.below(story_.tasks);
    std::set<int> merged = in_flow();
    if (!merged.insert(task).second) return;
    landed_by_hand_.insert(task);
    remote_.refs[flow_ref] = new_flow(merged);
  }

  void fault(const std::string& what) { faults_.push_back(what); }

  // --- what must hold ---

  void before(int machine, const std::vector<RefMove>& moves) override {
    const bool has_beat = std::ranges::any_of(
        moves, [&](const RefMove& move) { return move.ref == names_.beat("flow"); });
    for (const RefMove& move : moves) {
      if (move.ref == flow_ref) check_landing(move);
      if (const auto task = task_of(move.ref)) check_claim(machine, *task, move, has_beat);
    }
  }

  void check_landing(const RefMove& move) {
    const std::set<int>& old = flow_content_.at(*move.from);
    const std::set<int>& made = flow_content_.at(*move.to);
    if (!std::ranges::includes(made, old)) fault("something that had landed is lost");
    for (const int task : made) {
      if (!old.contains(task) && !landed_by_tools_.insert(task).second) fault("landed twice");
    }
  }

  void check_claim(int machine, int task, const RefMove& move, bool has_beat) {
    const bool is_anothers = move.from && owner_.at(*move.from) != machine;
    if (!move.to) {
      const bool is_swept = in_flow().contains(task);
      if (is_anothers && !is_swept) fault("a release removed another's claim");
    } else if (!move.from || is_anothers) {
      if (landed_by_tools_.contains(task)) fault("what had landed was started again");
      if (!has_beat && story_.binds_claims) fault("a renewal made or took a claim");
    }
  }

  void after(int machine) override {
    const auto standing = claims();
    for (const auto& [task, object] : standing) {
      for (const auto& [other, its] : standing) {
        if (overlap(task, other)) fault("tasks that overlap are both claimed");
      }
    }
    (void)machine;
    check_holders();
  }

  /// Without take-overs from the living nobody else believes to hold a task.
  void check_holders() {
    if (story_.takes_over_early) return;
    std::set<int> seen;
    for (const auto& machine : machines_) {
      for (const auto& [task, object] : machine->held) {
        const bool is_its = owner_.at(object) == machine->me;
        if (!is_its || !seen.insert(task).second) fault("two believe to hold a task");
      }
    }
  }

  Story story_;
  Turns turns_;
  MemoryRemote remote_;
  Names names_;
  std::vector<std::unique_ptr<Machine>> machines_;
  std::map<git::Oid, std::set<int>> flow_content_;
  std::map<git::Oid, int> owner_;  ///< of claim objects
  std::set<int> landed_by_tools_;
  std::set<int> landed_by_hand_;
  std::vector<std::string> faults_;
  int last_oid_ = 0;
  int pushes_ = 0;
};

}  // namespace gitplan::remote::tests
