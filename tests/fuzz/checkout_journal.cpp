// The journal of a fast-forward: what was written whole comes back the same, what was cut short is
// no journal, and anything else that stands there does no harm.
#include "git/checkout_journal.hpp"

#include <array>

#include "fuzz/fuzz.hpp"
#include "fuzz/scratch.hpp"
#include "git/lock.hpp"
#include "git/repository.hpp"

namespace gitplan::fuzz {
namespace {

const Scratch& scratch() {
  static const Scratch made;
  return made;
}

const git::Repository& repository() {
  static const git::Repository opened = [] {
    scratch().make_repository("r");
    git::Repository found = git::Repository::open(scratch().path("r/.git"));
    git::make_state_folder(found);
    return found;
  }();
  return opened;
}

constexpr const char* kFile = "r/.git/git-plan/checkout-journal";

bool is_same(const git::CheckoutJournal& a, const git::CheckoutJournal& b) {
  return a.branch == b.branch && a.before == b.before && a.after == b.after &&
         a.checkout.path == b.checkout.path && a.checkout.admin_folder == b.checkout.admin_folder &&
         a.reflog_message == b.reflog_message;
}

std::string read_file_of_journal() { return read_file(scratch().path(kFile)).value_or(""); }

void require_comes_back(const git::CheckoutJournal& journal) {
  { const Fd held = git::write_checkout_journal(repository(), journal); }
  const auto again = git::read_checkout_journal(repository());
  require(again && is_same(*again, journal), "a journal comes back the same",
          {journal.branch, journal.checkout.path});
  require(!git::is_at_work(repository(), *again), "nobody is at work who was not started");
}

// Fields of any bytes but NUL, which ends one.
git::CheckoutJournal journal_of(Input& input) {
  git::Oid before;
  git::Oid after;
  before.bytes[0] = static_cast<std::uint8_t>(input.below(256));
  after.bytes[19] = static_cast<std::uint8_t>(input.below(256));
  std::array<std::string, 4> fields;
  for (std::string& field : fields) {
    field = input.piece();
    field.resize(std::min(field.find('\0'), field.size()));
  }
  return {fields[0], before, after, {fields[1], fields[2]}, fields[3], {}};
}

void cut_short(const git::CheckoutJournal& journal, std::size_t kept) {
  require_comes_back(journal);
  const std::string whole = read_file_of_journal();
  const std::string part = whole.substr(0, kept % whole.size());
  scratch().write(kFile, part);
  require(!git::read_checkout_journal(repository()), "what was cut short is no journal", {part});
}

// What /proc says of a program follows; its name may hold anything.
void with_program(const git::CheckoutJournal& journal, const std::string& line) {
  require_comes_back(journal);
  scratch().write(kFile, read_file_of_journal() + line);
  const auto again = git::read_checkout_journal(repository());
  require(again && is_same(*again, journal), "a program's line changes nothing else", {line});
  for (const auto& program : again->programs)
    require(program.pid > 0, "a program has an id", {line});
  git::is_at_work(repository(), *again);
}

void anything(const std::string& content) {
  scratch().write(kFile, content);
  require(git::has_checkout_journal(repository()), "a file is a file");
  const auto journal = git::read_checkout_journal(repository());
  if (journal) require_comes_back(*journal);
}

}  // namespace

void play(Input& input) {
  repository();
  const std::size_t kind = input.below(3);
  if (kind == 0) return anything(input.rest());
  const std::size_t kept = input.below(256);
  const git::CheckoutJournal journal = journal_of(input);
  if (kind == 1) return cut_short(journal, kept);
  with_program(journal, input.rest());
}

}  // namespace gitplan::fuzz
