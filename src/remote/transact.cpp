#include "remote/transact.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/text.hpp"
#include "remote/claim.hpp"

namespace gitplan::remote {
namespace {

using Kind = Ended::Kind;

/// Another push on the host may hold its lock for a moment; one that died holds it for ever.
constexpr int tries_at_a_lock = 4;

Kind kind_of(PushOutcome::Kind kind) {
  switch (kind) {
    case PushOutcome::Kind::pushed:
      return Kind::pushed;
    case PushOutcome::Kind::rejected:
      return Kind::lost;
    case PushOutcome::Kind::locked:
      return Kind::locked;
    case PushOutcome::Kind::unreachable:
      return Kind::unreachable;
    case PushOutcome::Kind::unknown:
      return Kind::unknown;
    case PushOutcome::Kind::refused:
    case PushOutcome::Kind::unsupported:
      break;
  }
  return Kind::refused;
}

/// One call of transact.
class Course {
 public:
  Course(const Means& means, const Request& request, const Decide& decide)
      : means_(means), request_(request), decide_(decide), beat_(means.names.beat(request.flow)) {}

  Ended run() {
    if (request_.known) {
      ended_.seen = *request_.known;
    } else if (!look(request_.patterns)) {
      return ended_;
    }
    while (!step()) {
    }
    return ended_;
  }

 private:
  /// True: it has ended.
  bool step() {
    const auto transaction = decide_(ended_.seen);
    const Push push = transaction ? push_of(*transaction) : Push{};
    if (push.moves.empty()) return end(Kind::nothing);
    const auto noted = note(*transaction, push);
    const PushOutcome outcome = means_.hub.push(push);
    ++ended_.pushes;
    ended_.words = outcome.words;
    ended_.moved = outcome.moved;
    settle(outcome, push, noted);
    if (outcome.kind == PushOutcome::Kind::pushed) return end(Kind::pushed);
    const bool may_go_on =
        outcome.kind == PushOutcome::Kind::rejected || outcome.kind == PushOutcome::Kind::locked;
    return may_go_on && outcome.moved.empty() ? !look_again(outcome, push)
                                              : end(kind_of(outcome.kind));
  }

  bool end(Kind kind) {
    ended_.kind = kind;
    return true;
  }

  [[nodiscard]] bool decides() const { return request_.kind == Request::Kind::decides; }

  Push push_of(const Transaction& transaction) {
    Push push{transaction.moves, transaction.pre_push};
    std::erase_if(push.moves, [](const RefMove& move) { return !changes(move); });
    const bool beats = std::ranges::find(push.moves, beat_, &RefMove::ref) != push.moves.end();
    if (!push.moves.empty() && decides() && !beats) {
      const auto& before = ended_.seen.beat;
      push.moves.insert(push.moves.begin(), {beat_, before, means_.new_beat(before)});
    }
    return push;
  }

  /// The move of a note's claim to where it stands, or away from it.
  [[nodiscard]] const RefMove* move_of(const Push& push, const ClaimOf& of) const {
    const auto move = std::ranges::find_if(
        push.moves, [&](const RefMove& one) { return claim_of(means_.names, one.ref) == of; });
    return move == push.moves.end() ? nullptr : &*move;
  }

  /// Returns those of claims that are made.
  std::vector<Note> note(const Transaction& transaction, const Push& push) {
    std::vector<Note> notes = transaction.notes;
    std::vector<Note> made;
    for (Note& note : notes) {
      const RefMove* move = move_of(push, note.of);
      if (move == nullptr || move->to != note.claim) continue;
      note.remote = request_.remote;
      note.is_renewal = !decides();
      note.from = move->from;
      note.beat = decides() ? ended_.seen.beat : std::nullopt;
      made.push_back(note);
    }
    means_.notebook.write(notes);
    return made;
  }

  void settle(const PushOutcome& outcome, const Push& push, const std::vector<Note>& made) {
    if (outcome.kind == PushOutcome::Kind::pushed) {
      apply(push);
      forget_replaced(push, made);
    } else if (outcome.kind != PushOutcome::Kind::unknown && outcome.moved.empty()) {
      means_.notebook.forget(made);
    }
  }

  void apply(const Push& push) {
    for (const RefMove& move : push.moves) {
      if (move.to) {
        ended_.seen.refs[move.ref] = *move.to;
      } else {
        ended_.seen.refs.erase(move.ref);
      }
      if (move.ref == beat_) ended_.seen.beat = move.to;
    }
  }

  /// Notes of the claims that were moved, but for those that stand there now.
  void forget_replaced(const Push& push, const std::vector<Note>& made) {
    const bool moves_claims = std::ranges::any_of(push.moves, [&](const RefMove& move) {
      return claim_of(means_.names, move.ref).has_value();
    });
    if (!moves_claims) return;
    std::vector<Note> old = means_.notebook.notes();
    std::erase_if(old, [&](const Note& note) {
      const bool stands = std::ranges::find(made, note.claim, &Note::claim) != made.end();
      return stands || move_of(push, note.of) == nullptr;
    });
    means_.notebook.forget(old);
  }

  /// Beat first. False: it has ended.
  bool look(const std::vector<std::string>& patterns) {
    std::optional<git::Oid> beat;
    if (decides()) {
      auto looked = means_.hub.fetch(std::vector{beat_});  // its object: the next one's parent
      if (const auto* not_reached = std::get_if<NotReached>(&looked)) return stop(*not_reached);
      const auto& refs = std::get<SeenRefs>(looked);
      if (const auto found = refs.find(beat_); found != refs.end()) beat = found->second;
    }
    auto fetched = means_.hub.fetch(patterns);
    if (const auto* not_reached = std::get_if<NotReached>(&fetched)) return stop(*not_reached);
    ended_.seen = {beat, std::get<SeenRefs>(std::move(fetched)), decides()};
    return true;
  }

  bool stop(const NotReached& why) {
    ended_.words = why.words;
    ended_.kind = Kind::unreachable;
    return false;
  }

  /// What decides, and what was to move beside it.
  [[nodiscard]] std::vector<std::string> patterns_with(const Push& push) const {
    std::vector<std::string> patterns = request_.patterns;
    for (const RefMove& move : push.moves) {
      const auto has = [&](const std::string& pattern) { return matches(pattern, move.ref); };
      if (move.ref != beat_ && std::ranges::none_of(patterns, has)) patterns.push_back(move.ref);
    }
    return patterns;
  }

  /// One thing that the push leased is otherwise now.
  [[nodiscard]] bool has_moved(const Push& push) const {
    return std::ranges::any_of(push.moves, [&](const RefMove& move) {
      if (move.ref == beat_) return ended_.seen.beat != move.from;
      return ended_.seen.at(move.ref) != move.from;
    });
  }

  /// False: it has ended.
  bool look_again(const PushOutcome& outcome, const Push& push) {
    means_.sleep(wait_before(++tried_, means_.random()));
    if (!look(patterns_with(push))) return false;
    if (!has_moved(push)) {
      ended_.kind = outcome.kind == PushOutcome::Kind::locked ? Kind::locked : Kind::refused;
      return outcome.kind == PushOutcome::Kind::locked && ++at_a_lock_ < tries_at_a_lock;
    }
    at_a_lock_ = 0;
    ended_.kind = Kind::lost;
    return !request_.tries || tried_ < *request_.tries;
  }

  const Means& means_;
  const Request& request_;
  const Decide& decide_;
  std::string beat_;
  Ended ended_;
  int tried_ = 0;
  int at_a_lock_ = 0;
};

struct Said {
  std::string_view code;
  std::string_view what;
};

Said said(Kind kind) {
  switch (kind) {
    case Kind::refused:
      return {"remote_refused", "remote '{}' refuses the push"};
    case Kind::locked:
      return {"remote_locked", "a ref of remote '{}' is locked"};
    case Kind::unreachable:
      return {"remote_unreachable", "remote '{}' cannot be reached"};
    case Kind::unknown:
      return {"remote_unknown", "remote '{}' did not answer: it may have taken the push"};
    case Kind::pushed:
    case Kind::nothing:
    case Kind::lost:
      break;
  }
  return {"lost_race", "others wrote to remote '{}' at the same time, again and again"};
}

}  // namespace

std::optional<git::Oid> Seen::at(const std::string& ref) const {
  const auto found = refs.find(ref);
  return found == refs.end() ? std::nullopt : std::optional(found->second);
}

Facts facts_of(const Note& note, const Seen& seen, const Names& names, bool is_in_flow) {
  const auto* claim = std::get_if<ClaimName>(&note.of);
  const std::string ref = claim != nullptr ? names.claim(claim->session, claim->task)
                                           : names.landing(std::get<LandingName>(note.of).flow);
  return {seen.at(ref), seen.beat, seen.is_beat_known, is_in_flow};
}

Ended transact(const Means& means, const Request& request, const Decide& decide) {
  return Course(means, request, decide).run();
}

std::chrono::milliseconds wait_before(int next_try, double random) {
  constexpr double first = 40;
  constexpr double growth = 1.5;
  constexpr double longest = 3000;
  const double most = std::min(longest, first * std::pow(growth, std::clamp(next_try, 1, 30)));
  return std::chrono::milliseconds(static_cast<int>(most * random));
}

void throw_unless_done(const Ended& ended, std::string_view remote) {
  if (ended.kind == Kind::pushed || ended.kind == Kind::nothing) return;
  const Said say = said(ended.kind);
  std::string message = fmt::format(fmt::runtime(say.what), text::printable(remote));
  if (!ended.words.empty()) message += ": " + ended.words;
  const bool is_away = ended.kind == Kind::unreachable || ended.kind == Kind::unknown;
  const Hint look{
      fmt::format("to see whether it answers, run: git ls-remote {}", text::shell_quote(remote))};
  const std::vector<Hint> hints = is_away ? std::vector{look} : std::vector<Hint>{};
  throw Error(ErrorKind::lost_race, std::vector{message}, hints).with_code(std::string(say.code));
}

Means real_means(Hub& hub, Notebook& notebook, const git::Repository& repository,
                 const Names& names, std::string machine) {
  const auto engine = std::make_shared<std::mt19937_64>(std::random_device{}());
  return {hub,
          notebook,
          names,
          [&repository, machine = std::move(machine)](const std::optional<git::Oid>& before) {
            return write_beat(repository, before, machine);
          },
          [engine] { return std::uniform_real_distribution<double>(0, 1)(*engine); },
          [](std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }};
}

}  // namespace gitplan::remote
