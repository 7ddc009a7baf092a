// A remote in memory, and machines that share it, one step at a time in an order that a seed
// decides. Between any two reads and writes of one machine others may take their turn; answers get
// lost, pushes arrive late, never or in part, machines are killed.
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <random>
#include <semaphore>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "remote/hub.hpp"
#include "remote/names.hpp"
#include "remote/notes.hpp"

namespace gitplan::remote::tests {

inline git::Oid oid_of(int number) {
  git::Oid oid;
  for (std::size_t i = 0; i < 4; ++i) {
    oid.bytes.at(i) = static_cast<std::uint8_t>(static_cast<unsigned>(number) >> (24 - 8 * i));
  }
  oid.bytes.back() = 1;
  return oid;
}

/// Threads of which one runs.
class Turns {
 public:
  explicit Turns(unsigned seed) : random(seed) {}

  int below(int n) { return static_cast<int>(random() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }

  /// Runs them all to their end.
  void play(const std::vector<std::function<void()>>& players) {
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < players.size(); ++i) {
      waiting_.push_back(&doors_.emplace_back(0));
      threads.emplace_back([this, door = waiting_.back(), play_on = players[i]] {
        door->acquire();
        play_on();
        std::erase(waiting_, door);
        if (!waiting_.empty()) next()->release();
      });
    }
    turn_ = next();
    turn_->release();
    for (std::thread& thread : threads) thread.join();
  }

  /// Others may take their turn here.
  void yield() {
    Door* const me = turn_;
    if (chance(75) || next() == me) return;
    turn_->release();
    me->acquire();
  }

  std::mt19937 random;

 private:
  using Door = std::binary_semaphore;

  Door* next() {
    turn_ = waiting_[static_cast<std::size_t>(below(static_cast<int>(waiting_.size())))];
    return turn_;
  }

  std::deque<Door> doors_;
  std::vector<Door*> waiting_;
  Door* turn_ = nullptr;
};

struct Killed {};

/// In percent of the occasions.
struct Faults {
  int unreachable = 0;
  int answer_lost = 0;
  int never_arrives = 0;
  int late = 0;     ///< arrives when its client has given up
  int in_part = 0;  ///< the host is killed in the middle
  int locked = 0;
  int killed = 0;  ///< the machine, before and after each access
};

/// What the remote holds.
class MemoryRemote {
 public:
  /// Told of each push that is about to move refs, and after it did.
  struct Watcher {
    virtual ~Watcher() = default;
    virtual void before(int machine, const std::vector<RefMove>& moves) = 0;
    virtual void after(int machine) = 0;
  };
  explicit MemoryRemote(Watcher* watcher = nullptr) : watcher_(watcher) {}

  [[nodiscard]] std::optional<git::Oid> at(const std::string& ref) const {
    const auto found = refs.find(ref);
    return found == refs.end() ? std::nullopt : std::optional(found->second);
  }

  [[nodiscard]] std::vector<std::string> stale(const Push& push) const {
    std::vector<std::string> names;
    for (const RefMove& move : push.moves) {
      if (at(move.ref) != move.from) names.push_back(move.ref);
    }
    return names;
  }

  /// What is there and moves goes first, in order of name, then what is new, last what goes.
  static std::vector<RefMove> in_order(std::vector<RefMove> moves) {
    const auto rank = [](const RefMove& move) { return !move.to ? 2 : move.from ? 0 : 1; };
    std::ranges::sort(moves, [&](const RefMove& a, const RefMove& b) {
      return std::pair(rank(a), a.ref) < std::pair(rank(b), b.ref);
    });
    return moves;
  }

  /// As many of the moves as are carried out.
  void apply(int machine, const Push& push, std::size_t how_many) {
    std::vector<RefMove> moves = in_order(push.moves);
    moves.resize(std::min(moves.size(), how_many));
    if (watcher_ != nullptr) watcher_->before(machine, moves);
    for (const RefMove& move : moves) {
      if (move.to) {
        refs[move.ref] = *move.to;
      } else {
        refs.erase(move.ref);
      }
    }
    if (watcher_ != nullptr) watcher_->after(machine);
  }

  SeenRefs refs;
  std::vector<std::pair<int, Push>> under_way;  ///< pushes that outlived their clients

  /// One of those arrives.
  void arrive(std::size_t which) {
    const auto [machine, push] = under_way[which];
    under_way.erase(under_way.begin() + static_cast<std::ptrdiff_t>(which));
    if (stale(push).empty()) apply(machine, push, push.moves.size());
  }

 private:
  Watcher* watcher_;
};

/// One machine's way to the remote.
class MemoryHub : public Hub {
 public:
  MemoryHub(MemoryRemote& remote, Turns& turns, int machine, const Faults& faults)
      : remote_(remote), turns_(turns), machine_(machine), faults_(faults) {}

  std::variant<SeenRefs, NotReached> list(std::span<const std::string> patterns) override {
    return fetch(patterns);
  }

  /// One ref after the other, in any order.
  std::variant<SeenRefs, NotReached> fetch(std::span<const std::string> patterns) override {
    ++connections;
    step();
    if (happens(faults_.unreachable)) return NotReached{"no route"};
    std::vector<std::string> names;
    for (const auto& [ref, oid] : remote_.refs) names.push_back(ref);
    std::ranges::shuffle(names, turns_.random);
    SeenRefs seen;
    for (const std::string& name : names) {
      const auto asks = [&](const std::string& pattern) { return matches(pattern, name); };
      if (std::ranges::none_of(patterns, asks)) continue;
      step();
      if (const auto oid = remote_.at(name)) seen[name] = *oid;
    }
    return seen;
  }

  PushOutcome push(const Push& push) override {
    ++connections;
    step();
    if (happens(faults_.unreachable)) return {PushOutcome::Kind::unreachable, {}, {}, "no route"};
    if (auto stale = remote_.stale(push); !stale.empty()) return rejected(std::move(stale));
    step();  // the host's hooks
    if (happens(faults_.never_arrives)) return no_answer();
    if (happens(faults_.late)) {
      remote_.under_way.emplace_back(machine_, push);
      return no_answer();
    }
    if (happens(faults_.locked)) return {PushOutcome::Kind::locked, {}, {}, "File exists"};
    if (auto stale = remote_.stale(push); !stale.empty()) return rejected(std::move(stale));
    if (happens(faults_.in_part)) {
      const int part = turns_.below(static_cast<int>(push.moves.size()));
      remote_.apply(machine_, push, static_cast<std::size_t>(part));
      return no_answer();
    }
    remote_.apply(machine_, push, push.moves.size());
    step();
    return happens(faults_.answer_lost) ? no_answer() : PushOutcome{PushOutcome::Kind::pushed};
  }

  void set_faults(const Faults& faults) { faults_ = faults; }
  int connections = 0;

 private:
  void step() {
    turns_.yield();
    if (happens(faults_.killed)) throw Killed{};
  }
  bool happens(int percent) { return turns_.chance(percent); }
  static PushOutcome no_answer() { return {PushOutcome::Kind::unknown, {}, {}, "hung up"}; }
  static PushOutcome rejected(std::vector<std::string> refs) {
    return {PushOutcome::Kind::rejected, std::move(refs), {}, "stale info"};
  }

  MemoryRemote& remote_;
  Turns& turns_;
  int machine_;
  Faults faults_;
};

class MemoryNotebook : public Notebook {
 public:
  std::vector<Note> notes() override { return notes_; }
  void write(std::span<const Note> notes) override {
    forget(notes);
    notes_.insert(notes_.end(), notes.begin(), notes.end());
  }
  void forget(std::span<const Note> notes) override {
    for (const Note& gone : notes) {
      std::erase_if(notes_, [&](const Note& note) { return note.claim == gone.claim; });
    }
  }

 private:
  std::vector<Note> notes_;
};

}  // namespace gitplan::remote::tests
