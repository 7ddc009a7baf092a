// damaged_repository --programs=<folder> [--every=<n>]
//
// Changes, cuts off and doubles each byte of the objects of a small repository in turn, loose and
// in a pack, and asks our programs each time: they must end soon, by no signal, and either answer
// as if nothing were wrong or exit 128 and name what is. --every looks at one damage of n, each
// with one of the commands; without it all commands see all damages.
//
// Exits 0 if all went well, 1 if something did not, 2 for wrong usage.
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "chaos/damage.hpp"
#include "chaos/process.hpp"
#include "chaos/world.hpp"

namespace {

using namespace chaos;
namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr int fatal = 128;

const std::vector<Words> questions = {
    {"git-plan", "show", "--json"},
    {"git-task", "list", "--json"},
    {"git-wave", "status"},
    {"git-plan", "check"},
    {"git-plan", "log"},
    {"git-plan", "report"},
    {"git-task", "show", "001"},
    {"git-wave", "next"},
    {"git-plan", "doctor"},
};

/// These write, each in a copy.
const std::vector<Words> orders = {
    {"git-task", "start", "004"}, {"git-task", "done", "002"}, {"git-plan", "update", "--note=x"}};

struct Totals {
  long damages = 0;
  long answers = 0;
  long refusals = 0;
  long faults = 0;
};

void must(const World& world, const Words& words) {
  const Ran ran = world.run(world.main(), words);
  if (ran.status != 0) throw std::runtime_error(quoted(words) + ": " + ran.errors);
}

/// One task done, one with work of its own, one just begun.
void make_history(World& world) {
  world.begin_story();
  for (const char* task : {"001", "002"}) {
    must(world, {"git-task", "create", task});
    const std::string branch = task == std::string("001") ? "task/001-one" : "task/002-two";
    must(world, {"git", "switch", "-q", branch});
    write_file(world.main() + "/" + task, "made\n");
    must(world, {"git", "add", "."});
    must(world, {"git", "commit", "-q", "-m", "Make it"});
    must(world, {"git", "switch", "-q", "main"});
  }
  must(world, {"git-task", "done", "001"});
}

/// Paths of the files that hold objects.
Words object_files(const World& world) {
  Words found;
  for (const auto& entry : fs::recursive_directory_iterator(world.main() + "/.git/objects")) {
    const std::string path = entry.path();
    if (entry.is_regular_file() && path.find("/info/") == std::string::npos) found.push_back(path);
  }
  std::sort(found.begin(), found.end());
  return found;
}

/// What was learned before would hide the damage.
void forget_cache(const World& world) { fs::remove_all(world.main() + "/.git/git-plan/cache"); }

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

bool names_a_fault(const std::string& errors) {
  return ("\n" + errors).find("\nerror: ") != std::string::npos ||
         errors.starts_with(R"({"schema":1,"error":{)");
}

/// These answer with what is wrong, or without it.
bool answers_with_fault(const Words& words, const Ran& ran) {
  if (words[1] == "log") return ran.output.find("unreadable: ") != std::string::npos;
  if (words[1] == "report") return ran.status == 0;  // without the figures that it cannot count
  return (words[1] == "doctor" || words[1] == "check") && ran.status == 1 && !ran.output.empty();
}

/// Empty if the command ended as it should.
std::string what_is_wrong(const Words& words, const Ran& ran, const Ran& sound, bool writes) {
  if (ran.too_long) return "did not end";
  if (ran.signalled) return "died of a signal: exit " + std::to_string(ran.status);
  if (ran.status == fatal) {
    return names_a_fault(ran.errors) ? "" : "exit 128 without a word: " + ran.errors;
  }
  if (answers_with_fault(words, ran)) return "";
  if (ran.status == sound.status && (writes || ran.output == sound.output)) return "";
  return "exit " + std::to_string(ran.status) + ", not as before: " + first_line(ran.errors);
}

class Inquiry {
 public:
  explicit Inquiry(World& world) : world_(world) {
    for (const Words& words : questions) sound_.push_back(ask(words));
    for (const Words& words : orders) sound_.push_back(order(words));
  }

  /// With every `stride`-th damage; 1: each, with all commands.
  void run(std::size_t stride) {
    for (const std::string& file : object_files(world_)) {
      const std::string content = read_file(file);
      for (const Damage& damage : all_damages(file, content.size())) {
        if (count_++ % stride != 0) continue;
        fs::permissions(file, fs::perms::owner_write, fs::perm_options::add);
        write_file(file, damaged(content, damage));
        look_at(damage, stride == 1);
        write_file(file, content);
      }
    }
  }

  [[nodiscard]] const Totals& totals() const { return totals_; }

 private:
  Ran ask(const Words& words) {
    forget_cache(world_);
    return world_.run(world_.main(), words);
  }

  /// In a copy, so that what it writes does not stay.
  Ran order(const Words& words) {
    const std::string kept = world_.top() + ".kept";
    fs::copy(world_.top(), kept, fs::copy_options::recursive);
    const Ran ran = ask(words);
    fs::remove_all(world_.top());
    fs::rename(kept, world_.top());
    return ran;
  }

  void look_at(const Damage& damage, bool all) {
    ++totals_.damages;
    const std::size_t count = questions.size() + orders.size();
    const std::size_t first = all ? 0 : static_cast<std::size_t>(totals_.damages) % count;
    for (std::size_t i = first; i < (all ? count : first + 1); ++i) try_command(damage, i);
  }

  void try_command(const Damage& damage, std::size_t i) {
    const bool writes = i >= questions.size();
    const Words& words = writes ? orders[i - questions.size()] : questions[i];
    const Ran ran = writes ? order(words) : ask(words);
    ++(ran.status == fatal ? totals_.refusals : totals_.answers);
    const std::string wrong = what_is_wrong(words, ran, sound_[i], writes);
    if (wrong.empty()) return;
    ++totals_.faults;
    std::printf("%s: %s: %s\n", world_.shown(in_words(damage)).c_str(), quoted(words).c_str(),
                wrong.c_str());
  }

  World& world_;
  std::vector<Ran> sound_;
  Totals totals_;
  std::size_t count_ = 0;
};

Totals look_at_all(World& world, std::size_t stride) {
  make_history(world);
  Inquiry loose(world);
  loose.run(stride);
  must(world, {"git", "repack", "-a", "-d", "-q"});
  Inquiry packed(world);
  packed.run(stride);
  Totals totals = loose.totals();
  totals.damages += packed.totals().damages;
  totals.answers += packed.totals().answers;
  totals.refusals += packed.totals().refusals;
  totals.faults += packed.totals().faults;
  return totals;
}

int run(int argc, char** argv) {
  Programs programs;
  std::size_t stride = 1;
  for (int i = 1; i < argc; ++i) {
    const std::string_view word = argv[i];
    const auto value = std::string(word.substr(word.find('=') + 1));
    if (word.starts_with("--programs=")) {
      programs.folder = value;
    } else if (word.starts_with("--every=")) {
      stride = std::stoul(value);
    } else {
      throw std::invalid_argument("'" + std::string(word) + "' is not understood");
    }
  }
  World world(programs);
  world.set_time_limit(10);  // what takes a loaded machine so long takes others a second or two
  const Totals totals = look_at_all(world, stride);
  std::printf("%ld damages: %ld answers, %ld refusals, %ld wrong\n", totals.damages, totals.answers,
              totals.refusals, totals.faults);
  return totals.faults == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace

int main(int argc, char** argv) {
  try {
    return run(argc, argv);
  } catch (const std::exception& problem) {
    std::fprintf(stderr, "damaged_repository: %s\n", problem.what());
    return 2;
  }
}
