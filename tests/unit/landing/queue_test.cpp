#include "landing/queue.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <set>

using namespace gitplan::landing;

namespace {

/// A queue with somebody who carries out merges and landings at once. States are written as flow
/// and the tasks on it: "flow", "flow a b"; "flow'" is flow's tree, committed again. Decisions are
/// noted as words.
class Played {
 public:
  explicit Played(const QueuePolicy& policy = {}) : queue_(policy) { moved("flow"); }

  std::map<std::string, std::string> conflicts;  ///< a task, and the one that it cannot follow

  void done(const std::string& tasks, int attempt = 1) {
    for (const char task : tasks) queue_.on(Done{Task{{task}}, attempt});
  }
  void left(char task, int attempt = 1) { queue_.on(Left{Task{{task}}, attempt}); }
  void moved(const std::string& flow, FlowMoved::Trust trust = FlowMoved::Trust::unasked) {
    queue_.on(FlowMoved{point(flow), trust});
  }
  void remembered(const std::string& state) { queue_.on(Remembered{Tree{state}}); }
  void green(const std::string& state) { verdict(state, Verdict::green); }
  void red(const std::string& state) { verdict(state, Verdict::red); }

  /// What was decided since.
  std::string said() {
    std::string words;
    for (auto all = queue_.decide(); !all.empty(); all = queue_.decide()) {
      for (const Decision& one : all) {
        const std::string word = std::visit([this](const auto& is) { return play(is); }, one);
        words += (words.empty() || word.empty() ? "" : ", ") + word;
      }
    }
    return words;
  }

  Queue& queue() { return queue_; }

 private:
  /// A commit that was made again has the tree that it had.
  static Point point(const std::string& text) {
    std::string tree = text;
    if (const auto again = tree.find("'"); again != std::string::npos) tree.erase(again, 1);
    return {Commit{text}, Tree{tree}};
  }

  void verdict(const std::string& state, Verdict verdict) {
    for (const auto& [job, tree] : running_) {
      if (tree != state) continue;
      queue_.on(Verified{job, verdict});
      running_.erase(job);
      return;
    }
    FAIL("nobody verifies '" << state << "'");
  }

  std::string play(const Merge& merge) {
    Merged merged{merge.merge, {}, {}};
    std::string state = merge.onto.text;
    for (const Task& task : merge.tasks) {
      const auto conflict = conflicts.find(task.text);
      const auto has = [&](const std::string& text) {
        return text.find(" " + conflict->second) != std::string::npos;
      };
      if (conflict != conflicts.end() && has(state)) {
        merged.conflict = has(merge.flow.text) ? Merged::Conflict::with_flow
                                               : Merged::Conflict::with_earlier_tasks;
        break;
      }
      state += " " + task.text;
      merged.points.push_back(point(state));
    }
    queue_.on(merged);
    return "";
  }
  std::string play(const Verify& verify) {
    running_[verify.job] = verify.point.tree.text;
    return "verify " + verify.point.tree.text;
  }
  std::string play(const Cancel& cancel) {
    return "cancel " + running_.extract(cancel.job).mapped();
  }
  std::string play(const Land& land) {
    queue_.on(Landed{land.landing});
    std::string word = "land";
    for (const auto& one : land.tasks) word += " " + one.task.text + (one.flaky ? "(flaky)" : "");
    return word;
  }
  std::string play(const SendBack& back) {
    std::string word = (back.why == SendBack::Why::red ? "red " : "conflict ") + back.task.text;
    for (const Task& task : back.with) word += " with " + task.text;
    return word;
  }
  std::string play(const FlowRed& red) { return "flow red " + red.flow.tree.text; }

  Queue queue_;
  std::map<int, std::string> running_;
};

QueuePolicy with_jobs(int jobs, int batch = 0) {
  QueuePolicy policy;
  policy.jobs = jobs;
  policy.batch = batch;
  return policy;
}

}  // namespace

TEST_CASE("without verification all that wait land in one move") {
  QueuePolicy policy;
  policy.verification = QueuePolicy::Verification::none;
  Played played(policy);
  played.done("abc");
  CHECK(played.said() == "land a b c");
  CHECK(played.queue().is_idle());
}

TEST_CASE("a green prefix lands whole; what came meanwhile is verified on top of it") {
  Played played;
  played.done("a");
  CHECK(played.said() == "verify flow a");
  played.done("bc");
  CHECK(played.said().empty());
  played.green("flow a");
  CHECK(played.said() == "land a, verify flow a b c");
  played.green("flow a b c");
  CHECK(played.said() == "land b c");
  CHECK(played.queue().is_idle());
}

TEST_CASE("a red prefix is narrowed down to one task, which goes back once its red is proven") {
  Played played;
  played.done("abcd");
  CHECK(played.said() == "verify flow a b c d");
  played.red("flow a b c d");
  CHECK(played.said() == "verify flow a b");
  played.green("flow a b");
  CHECK(played.said() == "land a b, verify flow a b c");
  played.red("flow a b c");
  CHECK(played.said() == "verify flow a b c");
  played.red("flow a b c");
  CHECK(played.said() == "red c with a with b, verify flow a b d");
  played.green("flow a b d");
  CHECK(played.said() == "land d");
}

TEST_CASE("a tree that is green at the second try lands, marked flaky") {
  Played played;
  played.done("a");
  played.said();
  played.red("flow a");
  CHECK(played.said() == "verify flow a");
  played.green("flow a");
  CHECK(played.said() == "land a(flaky)");
}

TEST_CASE("what is verified on top of a commit that was made anew is not verified twice") {
  Played played;
  played.done("ab");
  CHECK(played.said() == "verify flow a b");
  played.moved("flow'");
  CHECK(played.said().empty());
  played.green("flow a b");
  CHECK(played.said() == "land a b");
}

TEST_CASE("nor is a suspect on top of it") {
  Played played;
  played.done("ab");
  CHECK(played.said() == "verify flow a b");
  played.red("flow a b");
  CHECK(played.said() == "verify flow a");
  played.red("flow a");
  CHECK(played.said() == "verify flow a");
  played.green("flow a");
  CHECK(played.said() == "land a(flaky), verify flow a b");
  played.moved("flow a'");
  CHECK(played.said().empty());
  played.green("flow a b");
  CHECK(played.said() == "land b(flaky)");
}

TEST_CASE("nobody is blamed before flow itself is known to be green") {
  Played played;
  played.done("a");
  played.said();
  played.red("flow a");
  played.said();
  played.red("flow a");
  CHECK(played.said() == "verify flow");
  SECTION("it is") {
    played.green("flow");
    CHECK(played.said() == "red a");
  }
  SECTION("it was flaky, and is") {
    played.red("flow");
    CHECK(played.said() == "verify flow");
    played.green("flow");
    CHECK(played.said() == "red a");
  }
  SECTION("it is not: nothing lands until it has moved") {
    played.red("flow");
    played.said();
    played.red("flow");
    CHECK(played.said() == "flow red flow");
    played.done("b");
    CHECK(played.said().empty());
    played.moved("mended");
    CHECK(played.said() == "verify mended a b");
    played.green("mended a b");
    CHECK(played.said() == "land a b");
  }
}

TEST_CASE("what is remembered is not asked again") {
  Played played;
  played.remembered("flow");
  played.remembered("flow a b");
  played.done("ab");
  CHECK(played.said() == "land a b");
  played.done("c");
  played.said();
  played.red("flow a b c");
  played.said();
  played.red("flow a b c");
  CHECK(played.said() == "red c");
}

TEST_CASE("several jobs verify several prefixes; what no longer matters is cancelled") {
  Played played(with_jobs(2));
  played.done("abcd");
  CHECK(played.said() == "verify flow a b, verify flow a b c d");
  played.green("flow a b c d");
  CHECK(played.said() == "land a b c d, cancel flow a b");
  played.done("ef");
  CHECK(played.said() == "verify flow a b c d e, verify flow a b c d e f");
  played.red("flow a b c d e");
  CHECK(played.said() == "cancel flow a b c d e f, verify flow a b c d e, verify flow a b c d f");
  played.green("flow a b c d f");
  CHECK(played.said() == "land f");
  played.green("flow a b c d e");
  CHECK(played.said() == "verify flow a b c d f e");
  played.green("flow a b c d f e");
  CHECK(played.said() == "land e(flaky)");
}

TEST_CASE("with a bound of one each step of flow is verified") {
  Played played(with_jobs(3, 1));
  played.done("abc");
  CHECK(played.said() == "verify flow a, verify flow a b, verify flow a b c");
  played.green("flow a b c");
  CHECK(played.said().empty());
  played.green("flow a");
  CHECK(played.said() == "land a");
  played.green("flow a b");
  CHECK(played.said() == "land b c");
}

TEST_CASE("a task in conflict with those before it waits behind them") {
  Played played;
  played.conflicts["b"] = "a";
  played.done("abc");
  CHECK(played.said() == "verify flow a c");
  SECTION("with flow, it goes back") {
    played.green("flow a c");
    CHECK(played.said() == "land a c, conflict b with a with c");
  }
  SECTION("once they are gone it is merged") {
    played.left('a');
    CHECK(played.said() == "cancel flow a c, verify flow c b");
  }
}

TEST_CASE("what others merged is verified before anything else lands") {
  Played played(with_jobs(2));
  played.done("a");
  played.said();
  played.moved("theirs", FlowMoved::Trust::verify_first);
  CHECK(played.said() == "cancel flow a, verify theirs, verify theirs a");
  played.green("theirs a");
  CHECK(played.said().empty());
  SECTION("green") {
    played.green("theirs");
    CHECK(played.said() == "land a");
  }
  SECTION("red") {
    played.red("theirs");
    CHECK(played.said() == "verify theirs");
    played.red("theirs");
    CHECK(played.said() == "flow red theirs");
  }
}

TEST_CASE("a task that a gate holds back does not hold up those behind it") {
  Played played;
  played.done("ab");
  played.said();
  played.queue().on(Held{Task{"a"}, 1});
  CHECK(played.said() == "cancel flow a b, verify flow b");
  played.queue().on(Resumed{Task{"a"}, 1});
  CHECK(played.said().empty());
  played.green("flow b");
  CHECK(played.said() == "land b, verify flow b a");
}

TEST_CASE("an attempt that has landed, left or gone back is not taken again") {
  Played played;
  played.done("a");
  played.done("a");
  played.said();
  played.green("flow a");
  CHECK(played.said() == "land a");
  played.done("a");
  played.left('b');
  played.done("b");
  CHECK(played.said().empty());
  played.done("b", 2);
  CHECK(played.said() == "verify flow a b");
  played.left('b', 1);
  CHECK(played.said().empty());
}

TEST_CASE("a lost race is taken up from where flow is now") {
  QueuePolicy policy;
  Queue queue(policy);
  queue.on(FlowMoved{{Commit{"1"}, Tree{"x"}}, FlowMoved::Trust::unasked});
  queue.on(Done{Task{"a"}, 1});
  const auto merge = std::get<Merge>(queue.decide().at(0));
  queue.on(Merged{merge.merge, {{Commit{"2"}, Tree{"y"}}}, {}});
  queue.on(Verified{std::get<Verify>(queue.decide().at(0)).job, Verdict::green});
  const auto land = std::get<Land>(queue.decide().at(0));
  CHECK(land.from == Commit{"1"});
  queue.on(FlowMoved{{Commit{"3"}, Tree{"z"}}, FlowMoved::Trust::unasked});
  queue.on(NotLanded{land.landing});
  const auto again = std::get<Merge>(queue.decide().at(0));
  CHECK(again.onto == Commit{"3"});
  CHECK(again.tasks == std::vector{Task{"a"}});
  SECTION("where the tree is one that was green, it lands at once") {
    queue.on(Merged{again.merge, {{Commit{"4"}, Tree{"y"}}}, {}});
    CHECK(std::get<Land>(queue.decide().at(0)).from == Commit{"3"});
  }
}

namespace {

/// Rounds of verifications, all of a round ending together, until `bad` of these tasks goes back.
int rounds_until_blamed(const std::string& tasks, char bad, int jobs) {
  Queue queue(with_jobs(jobs));
  queue.on(FlowMoved{{Commit{"flow"}, Tree{"flow"}}, FlowMoved::Trust::unasked});
  for (const char task : tasks) queue.on(Done{Task{{task}}, 1});
  std::map<int, std::string> running;
  for (int rounds = 0;; ++rounds) {
    for (auto all = queue.decide(); !all.empty(); all = queue.decide()) {
      for (const Decision& one : all) {
        if (std::holds_alternative<SendBack>(one)) return rounds;
        if (const auto* verify = std::get_if<Verify>(&one))
          running[verify->job] = verify->point.tree.text;
        if (const auto* cancel = std::get_if<Cancel>(&one)) running.erase(cancel->job);
        if (const auto* land = std::get_if<Land>(&one)) queue.on(Landed{land->landing});
        const auto* merge = std::get_if<Merge>(&one);
        if (merge == nullptr) continue;
        Merged merged{merge->merge, {}, {}};
        std::string state = merge->onto.text;
        for (const Task& task : merge->tasks) {
          state += " " + task.text;
          merged.points.push_back({Commit{state}, Tree{state}});
        }
        queue.on(merged);
      }
    }
    for (const auto& [job, state] : running) {
      const bool is_red = state.find(std::string(" ") + bad) != std::string::npos;
      queue.on(Verified{job, is_red ? Verdict::red : Verdict::green});
    }
    running.clear();
  }
}

}  // namespace

TEST_CASE("a bad task among n is blamed after log(n) rounds, and three") {
  const std::string tasks = "abcdefghijklmnopqrstuvwABCDEFGHIJKLMNOPQRSTUVW";
  for (const int jobs : {1, 2, 3, 4}) {
    for (std::size_t count = 1; count <= tasks.size(); count += 5) {
      int most = 0;
      for (int reach = 1; reach < static_cast<int>(count); reach *= jobs + 1) ++most;
      for (std::size_t bad = 0; bad < count; ++bad) {
        // Of the three, one is of all that wait, one of its tree again, one of flow itself.
        REQUIRE(rounds_until_blamed(tasks.substr(0, count), tasks[bad], jobs) <= most + 3);
      }
    }
  }
}
