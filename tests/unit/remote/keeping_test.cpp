// Runs that renew, wait, look and take over as Keeping says, in simulated time, through a remote in
// memory: answers get lost, pushes arrive late or never, links are cut, runs are killed and come
// back, machines are lost for ever.
#include "remote/keeping.hpp"

#include <catch2/catch.hpp>
#include <deque>
#include <memory>
#include <random>
#include <set>

#include "base/text.hpp"
#include "remote/transact.hpp"
#include "unit/remote/memory_hub.hpp"

using namespace gitplan;
using namespace gitplan::remote;
using namespace gitplan::remote::tests;
using Time = Keeping::Time;

namespace {

constexpr Time second{1000};

struct Story {
  unsigned seed = 1;
  int machines = 4;
  int tasks = 12;
  int workers = 2;        ///< of each
  int lost_answers = 0;   ///< percent of pushes
  int late = 0;           ///< percent: arrive when nobody waits any more, or never
  int cuts = 0;           ///< percent of minutes in which a link is cut, for up to two leases
  int kills = 0;          ///< percent of minutes in which a run is killed
  int lost_machines = 0;  ///< of all, at any time
  int most_pushes = 0;
  Time lease = 180 * second;
};

class World {
 public:
  explicit World(const Story& story) : story_(story), random_(story.seed) {
    remote_.refs[flow] = oid_of(0);
    for (int i = 0; i < story.machines; ++i)
      machines_.push_back(std::make_unique<Machine>(*this, i));
    for (int i = 0; i < story.lost_machines; ++i)
      machines_[static_cast<std::size_t>(i)]->dies = second * below(3000);
  }

  std::vector<std::string> play() {
    constexpr Time no_faults_from = 3600 * second;
    for (; now_ < 20 * no_faults_from && !is_over(); now_ += second / 2) {
      if (now_ == no_faults_from)
        story_.lost_answers = story_.late = story_.cuts = story_.kills = 0;
      arrive();
      const std::size_t first = static_cast<std::size_t>(below(story_.machines));
      for (std::size_t i = 0; i < machines_.size(); ++i)
        machines_[(first + i) % machines_.size()]->live();
    }
    if (landed_.size() != static_cast<std::size_t>(story_.tasks)) fault("not all have landed");
    for (const auto& [ref, oid] : remote_.refs) {
      if (claim_of(names_, ref)) fault("a claim is left");
    }
    return faults_;
  }

  [[nodiscard]] int pushes() const { return static_cast<int>(pushes_.size()); }
  [[nodiscard]] Time took() const { return now_; }

 private:
  static constexpr const char* flow = "refs/heads/flow";

  int below(int n) { return static_cast<int>(random_() % static_cast<unsigned>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  double fraction() { return std::uniform_real_distribution<double>(0, 1)(random_); }
  void fault(std::string what) { faults_.push_back(std::move(what)); }

  [[nodiscard]] bool is_over() const {
    const bool is_any_left = std::ranges::any_of(
        remote_.refs, [&](const auto& one) { return claim_of(names_, one.first).has_value(); });
    return landed_.size() == static_cast<std::size_t>(story_.tasks) && !is_any_left;
  }

  void arrive() {
    for (std::size_t i = 0; i < late_.size();) {
      if (late_[i].first > now_) {
        ++i;
        continue;
      }
      const Push push = late_[i].second;
      late_.erase(late_.begin() + static_cast<std::ptrdiff_t>(i));
      if (remote_.stale(push).empty()) carry_out(push);
    }
  }

  void carry_out(const Push& push) {
    for (const RefMove& move : push.moves) {
      if (const auto landed = landings_.find(move.to.value_or(git::Oid{}));
          landed != landings_.end()) {
        if (!landed_.insert(landed->second).second) fault("a task landed twice");
      }
      if (move.from && move.to && claim_of(names_, move.ref)) judge_replaced(*move.from, *move.to);
      if (move.to) put_at_[*move.to] = now_;
    }
    remote_.apply(0, push, push.moves.size());
  }

  void judge_replaced(const git::Oid& from, const git::Oid& to) {
    const int before = claims_.at(from);
    if (before == claims_.at(to)) return;
    if (now_ - put_at_.at(from) < story_.lease) fault("taken over before its lease was over");
    const Machine& loser = *machines_[static_cast<std::size_t>(before)];
    if (!loser.is_dead() && now_ - loser.disturbed > story_.lease)
      fault("lost though nothing was wrong");
  }

  struct Machine : Hub {
    Machine(World& of, int number)
        : world(of), me(number), name("m" + std::to_string(number)), keeping(policy(), name) {}

    [[nodiscard]] KeepingPolicy policy() const {
      return {world.story_.lease, 15 * second, world.story_.most_pushes};
    }
    [[nodiscard]] bool is_dead() const { return dies && world.now_ >= *dies; }
    [[nodiscard]] bool is_cut() const { return world.now_ < cut_until; }
    [[nodiscard]] Time now() const { return world.now_; }

    void live() {
      if (is_dead() || now() < sleeps_until) return;
      disturb();
      if (now() < sleeps_until || !keeping.may_try(now())) return;
      if (keeping.must_look(now())) look();
      if (keeping.may_try(now())) act();
    }

    void disturb() {
      constexpr int steps_a_minute = 120;
      if (world.below(steps_a_minute) != 0) return;
      if (world.chance(world.story_.cuts)) {
        cut_until = now() + second * world.below(360);
        disturbed = std::max(disturbed, cut_until);
      }
      if (world.chance(world.story_.kills)) {
        keeping = Keeping(policy(), name);
        working.clear();
        is_settled = false;
        sleeps_until = now() + second * world.below(200);
        disturbed = std::max(disturbed, sleeps_until);
      }
    }

    // --- a run ---

    void look() {
      const Time began = now();
      const auto found = fetch(patterns());
      if (std::holds_alternative<NotReached>(found))
        return keeping.not_reached(now(), world.fraction());
      keeping.reached();
      take_in(std::get<SeenRefs>(found), began);
      keeping.wait_to_look(now(), world.fraction());
    }

    void take_in(const SeenRefs& refs, Time began) {
      StandingClaims claims;
      std::set<std::string> own;
      std::set<git::Oid> noted;
      for (const Note& note : notebook.notes()) noted.insert(note.claim);
      for (const auto& [ref, oid] : refs) {
        if (!claim_of(world.names_, ref)) continue;
        Claim claim;
        claim.machine = "m" + std::to_string(world.claims_.at(oid));
        claim.run = "r";
        claim.lease = std::chrono::duration_cast<std::chrono::seconds>(world.story_.lease);
        claims[ref] = {oid, claim};
        if (noted.contains(oid)) own.insert(ref);
      }
      keeping.looked(began, began + second / 10, claims, own);
      settle(own);
    }

    /// What is noted and stands is ours; what is not there any more is lost.
    void settle(const std::set<std::string>& own) {
      std::erase_if(working, [&](const auto& one) { return !own.contains(one.first); });
      for (const std::string& ref : own) {
        if (!working.contains(ref)) working[ref] = now() + second * (20 + world.below(600));
      }

      is_settled = true;
    }

    void act() {
      if (!is_settled) return keeping.look_soon();
      if (!working.empty() && keeping.must_renew(now())) renew();
      if (!keeping.may_try(now()) || !keeping.may_push(now())) return;
      write();
    }

    void renew() {
      const auto ended = transact_with(Request::Kind::renews, [this](const Seen& now_seen) {
        Transaction made;
        for (const auto& [ref, until] : working) put_claim(now_seen, ref, made);
        return std::optional(made);
      });
      if (ended.kind == Ended::Kind::pushed) keeping.renewed(now());
    }

    void put_claim(const Seen& now_seen, const std::string& ref, Transaction& made) {
      const auto at = now_seen.at(ref);
      if (!at || !is_noted(*at)) return;
      make_claim(ref, at, made);
    }

    [[nodiscard]] bool is_noted(const git::Oid& oid) {
      const auto notes = notebook.notes();
      return std::ranges::find(notes, oid, &Note::claim) != notes.end();
    }

    void make_claim(const std::string& ref, const std::optional<git::Oid>& from,
                    Transaction& made) {
      const git::Oid oid = world.new_oid();
      world.claims_[oid] = me;
      Note note;
      note.of = *claim_of(world.names_, ref);
      note.claim = oid;
      made.moves.push_back({ref, from, oid});
      made.notes.push_back(note);
    }

    /// Landings, and the claims that follow.
    void write() {
      const bool held_any = !working.empty();
      bool decides = false;
      const auto ended = transact_with(Request::Kind::decides, [&](const Seen& now_seen) {
        Transaction made;
        land(now_seen, made);
        claim(now_seen, made);
        decides = !made.moves.empty();
        return decides ? std::optional(made) : std::nullopt;
      });
      if (ended.kind == Ended::Kind::pushed && !held_any) keeping.renewed(now());
    }

    void land(const Seen& now_seen, Transaction& made) {
      for (const auto& [ref, until] : working) {
        const auto at = now_seen.at(ref);
        if (until > now() || !at || !is_noted(*at) || !made.moves.empty()) continue;
        const git::Oid tip = world.new_oid();
        world.landings_[tip] = ref;
        made.moves.push_back({flow, now_seen.at(flow), tip});
        made.moves.push_back({ref, at, std::nullopt});
      }
    }

    void claim(const Seen& now_seen, Transaction& made) {
      int room = world.story_.workers - static_cast<int>(working.size());
      if (!made.moves.empty()) ++room;
      const auto expired = keeping.expired();
      for (int task = 1; task <= world.story_.tasks && room > 0; ++task) {
        const std::string ref = world.names_.claim("s", static_cast<std::uint32_t>(task));
        if (world.landed_.contains(ref) || moves(made, ref)) continue;
        const auto at = now_seen.at(ref);
        const bool is_over =
            std::ranges::find(expired, ref) != expired.end() && at == keeping.watched(ref);
        if (at && !is_over) continue;
        make_claim(ref, at, made);
        --room;
      }
      for (const std::string& ref : expired) {  // of a task that has landed
        const auto at = now_seen.at(ref);
        if (world.landed_.contains(ref) && at == keeping.watched(ref) && at && !moves(made, ref))
          made.moves.push_back({ref, at, std::nullopt});
      }
    }

    static bool moves(const Transaction& made, const std::string& ref) {
      return std::ranges::find(made.moves, ref, &RefMove::ref) != made.moves.end();
    }

    Ended transact_with(Request::Kind kind, const Decide& decide) {
      Request request{"origin", "flow", patterns()};
      request.kind = kind;
      request.tries = 1;
      const Means means{*this,
                        notebook,
                        world.names_,
                        [this](const auto&) { return world.new_oid(); },
                        [this] { return world.fraction(); },
                        [](auto) {}};
      Ended ended = transact(means, request, decide);
      if (ended.pushes > 0) keeping.pushed(now());
      using Kind = Ended::Kind;
      if (ended.kind == Kind::unreachable || ended.kind == Kind::unknown) {
        keeping.not_reached(now(), world.fraction());
        is_settled = false;
      } else if (ended.kind != Kind::nothing) {
        take_in(ended.seen.refs, now());
      }
      if (ended.kind == Kind::lost) keeping.look_soon();
      return ended;
    }

    static std::vector<std::string> patterns() { return {flow, Names().claims("s")}; }

    // --- its way to the remote ---

    std::variant<SeenRefs, NotReached> list(std::span<const std::string> asked) override {
      return fetch(asked);
    }
    std::variant<SeenRefs, NotReached> fetch(std::span<const std::string> asked) override {
      if (is_cut()) return NotReached{"no route"};
      SeenRefs found;
      for (const auto& ref : world.remote_.refs) {
        if (std::ranges::any_of(asked, [&](const auto& one) { return matches(one, ref.first); }))
          found.insert(ref);
      }
      return found;
    }
    PushOutcome push(const Push& push) override {
      using Kind = PushOutcome::Kind;
      if (is_cut()) return {Kind::unreachable, {}, {}, "no route"};
      world.pushes_.push_back(now());
      if (world.chance(world.story_.late)) {
        disturbed = std::max(disturbed, now() + world.story_.lease);
        if (world.chance(80)) world.late_.emplace_back(now() + second * world.below(400), push);
        return {Kind::unknown, {}, {}, "hung up"};
      }
      if (auto stale = world.remote_.stale(push); !stale.empty())
        return {Kind::rejected, std::move(stale), {}, "stale info"};
      world.carry_out(push);
      if (!world.chance(world.story_.lost_answers)) return {Kind::pushed, {}, {}, ""};
      disturbed = std::max(disturbed, now() + world.story_.lease);
      return {Kind::unknown, {}, {}, "hung up"};
    }

    World& world;
    int me;
    std::string name;
    Keeping keeping;
    MemoryNotebook notebook;
    std::map<std::string, Time> working;  ///< claims that are ours, and when the work is done
    bool is_settled = false;
    std::optional<Time> dies;
    Time sleeps_until{0};
    Time cut_until{0};
    Time disturbed{0};  ///< until then something went wrong
  };

  git::Oid new_oid() { return oid_of(++last_oid_); }

 public:
  /// The most in any minute.
  [[nodiscard]] int most_in_a_minute() const {
    int most = 0;
    for (std::size_t i = 0, first = 0; i < pushes_.size(); ++i) {
      while (pushes_[i] - pushes_[first] >= 60 * second) ++first;
      most = std::max(most, static_cast<int>(i - first) + 1);
    }
    return most;
  }

 private:
  Story story_;
  std::mt19937 random_;
  Names names_;
  MemoryRemote remote_;
  Time now_{0};
  int last_oid_ = 0;
  std::map<git::Oid, int> claims_;  ///< whose
  std::map<git::Oid, Time> put_at_;
  std::map<git::Oid, std::string> landings_;  ///< of which task, by what flow becomes
  std::set<std::string> landed_;
  std::deque<std::pair<Time, Push>> late_;
  std::vector<Time> pushes_;
  std::vector<std::string> faults_;
  std::vector<std::unique_ptr<Machine>> machines_;
};

void play_many(unsigned first, unsigned count, Story story) {
  for (unsigned seed = first; seed < first + count; ++seed) {
    story.seed = seed;
    World world(story);
    const auto faults = world.play();
    INFO("seed " << seed);
    REQUIRE(text::join(faults, "; ") == "");
  }
}

}  // namespace

TEST_CASE("runs that nothing happens to keep what they have, and all tasks land") {
  play_many(1, 20, {});
}

TEST_CASE("the same with lost answers, late pushes, cut links, and runs that are killed") {
  Story story;
  story.lost_answers = 10;
  story.late = 8;
  story.cuts = 10;
  story.kills = 10;
  play_many(101, 60, story);
}

TEST_CASE("what a lost machine had is taken over, and costs about a lease") {
  Story story;
  story.lost_machines = 2;
  story.cuts = 4;
  play_many(301, 40, story);
}

TEST_CASE("machines together push no more than plan.maxPushRate a minute") {
  Story story;
  story.most_pushes = 6;
  story.lease = 900 * second;
  story.tasks = 30;
  story.machines = GENERATE(1, 4);
  for (unsigned seed = 501; seed < 511; ++seed) {
    story.seed = seed;
    World world(story);
    CHECK(text::join(world.play(), "; ") == "");
    INFO("seed " << seed << ", machines " << story.machines);
    CHECK(world.most_in_a_minute() <= story.most_pushes);
  }
}

TEST_CASE("the wait for a remote that is away grows from a second to a minute") {
  CHECK(wait_while_away(1, 0.0) == second);
  CHECK(wait_while_away(1, 0.999) == second);
  CHECK(wait_while_away(3, 0.0) == 2 * second);
  CHECK(wait_while_away(100, 0.0) == 30 * second);
  CHECK(wait_while_away(100, 1.0) == 60 * second);
}
