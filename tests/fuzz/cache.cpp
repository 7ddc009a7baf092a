// Files of the cache: damaged, a file is as good as none; with a right checksum over nonsense it
// does no harm. All readers of it are tried.
#include "store/cache.hpp"

#include <cstring>

#include "base/fd.hpp"
#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"
#include "store/ledger.hpp"
#include "store/plan_cache.hpp"
#include "store/plan_outlines.hpp"
#include "store/plan_store.hpp"
#include "store/repository_facts.hpp"

namespace gitplan::fuzz {
namespace {

const Scratch& scratch() {
  static const Scratch made;
  return made;
}

const git::Repository& repository() {
  static const git::Repository opened = [] {
    scratch().make_repository("r");
    return git::Repository::open(scratch().path("r/.git"));
  }();
  return opened;
}

const StoredPlan& truth() {
  static const StoredPlan stored = [] {
    StoredPlan made;
    made.session = "s";
    made.plan.session_id = "s";
    made.plan.provides = {"x", "y"};
    made.plan.tasks.resize(2);
    made.plan.tasks[0].id = "001";
    made.plan.tasks[0].description = "first";
    made.plan.tasks[1].id = "002";
    made.plan.tasks[1].priority = Priority::high;
    made.task_lines = {3, 9};
    return made;
  }();
  return stored;
}

const std::string& whole_file() {
  static const std::string file = [] {
    remember_plan(repository(), truth());
    return read_file(scratch().path("r/.git/git-plan/cache/plan-s")).value();
  }();
  return file;
}

// Under every name that something of ours reads; what stands before the payload is as it should be.
void put(std::string_view payload) {
  for (const char* name : {"plan-s", "facts-s", "plans", "branches", "sessions"}) {
    cache::save(repository(), name, payload);
  }
}

std::optional<StoredPlan> recalled() {
  StoredPlan stored;
  stored.session = "s";
  if (!recall_plan(repository(), stored)) return std::nullopt;
  return stored;
}

bool is_truth(const StoredPlan& stored) {
  return stored.plan == truth().plan && stored.task_lines == truth().task_lines;
}

// Bytes of a whole file changed, or its end cut off.
void damaged(Input& input) {
  std::string file = whole_file();
  while (!input.at_end() && !file.empty()) {
    const std::size_t place = (input.below(256) * 256 + input.below(256)) % file.size();
    const auto change = static_cast<char>(input.below(256));
    if (change == 0) file.resize(place);
    if (change != 0) file[place] = static_cast<char>(file[place] ^ change);
  }
  scratch().write("r/.git/git-plan/cache/plan-s", file);
  const auto stored = recalled();
  require(!stored || is_truth(*stored), "a damaged file is not believed", {file});
  require(file != whole_file() || stored, "a whole file is believed");
}

// Every value must be one that the program can show.
void require_sound(const StoredPlan& stored) {
  for (const Task& task : stored.plan.tasks) {
    require(!to_string(task.status).empty(), "a status is one of ours");
    require(!to_string(task.effective_priority()).empty(), "a priority is one of ours");
  }
}

void nonsense(const std::string& payload) {
  put(payload);
  if (const auto stored = recalled()) require_sound(*stored);
  accepts([&] {
    RepositoryFacts facts(repository());
    Ledger ledger(facts, "s");
    const FlowFacts flow = ledger.flow("main");
    ledger.other_provides(flow);
    ledger.task_branches(flow);
    static_cast<void>(facts.branches().claims_of("s"));
  });
  accepts([&] { outline_plans(repository(), PlanStore(repository())); });
}

// What reads a payload ends, whatever it holds, and has not read past it.
void values(const std::string& payload, Input& kinds) {
  cache::Reader reader(payload);
  while (!kinds.at_end()) {
    const std::size_t kind = kinds.below(6);
    if (kind == 0) reader.number();
    if (kind == 1) reader.text();
    if (kind == 2) reader.texts();
    if (kind == 3) reader.optional_text();
    if (kind == 4) reader.oid();
    if (kind == 5) require(reader.count() <= payload.size(), "a count can be true");
  }
}

}  // namespace

void play(Input& input) {
  whole_file();
  const std::size_t kind = input.below(4);
  if (kind == 0) return damaged(input);
  if (kind == 1) return nonsense(input.rest());
  // Behind the object id of a plan that has none, as recall_plan() wants it.
  if (kind == 2) return nonsense(std::string(20, '\0') + input.rest());
  Input kinds(input.piece());
  values(input.rest(), kinds);
}

}  // namespace gitplan::fuzz
