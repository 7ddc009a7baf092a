// Small files that one process of ours leaves for another: workers' records, claims of slots, notes
// of locks, and git's packed refs. What can be read of them means the same once it is written
// again.
#include <algorithm>
#include <map>

#include "fuzz/fuzz.hpp"
#include "git/lock_note.hpp"
#include "git/oid.hpp"
#include "git/packed_refs.hpp"
#include "slots/slot.hpp"
#include "store/ref_names.hpp"
#include "supervisor/worker_record.hpp"

namespace gitplan::fuzz {
namespace {

void worker_record(const std::string& text) {
  const auto record = supervisor::decode_record(text);
  if (!record) return;
  require(record->worker >= 0, "a record is of a worker, or of none", {text});
  const std::string again = supervisor::encode(*record);
  require(supervisor::decode_record(again) == record, "a record comes back", {text, again});
}

void claim(const std::string& text) {
  const auto read = decode_claim(text);
  if (!read) return;
  const std::string written = encode(*read);
  const auto again = decode_claim(written);
  require(again && encode(*again) == written && again->session == read->session &&
              again->task == read->task && again->branch == read->branch &&
              again->phase == read->phase && again->owner == read->owner,
          "a claim comes back", {text, written});
}

void lock_note(const std::string& text) {
  const git::NoteText note = git::parse_note(text);
  if (note.processes.empty()) return;
  const std::string written = git::render_note(note);
  const git::NoteText again = git::parse_note(written);
  require(git::render_note(again) == written && again.processes.size() == note.processes.size() &&
              again.locks.size() == note.locks.size(),
          "a note comes back", {text, written});
}

void process(const std::string& text) {
  const ProcessIdentity read = decode_process(text, ' ');
  if (read.pid == 0) return;
  require(decode_process(encode(read, ' '), ' ') == read, "a process comes back", {text});
}

using Refs = std::vector<std::pair<std::string, git::Oid>>;

// Each once and in order, as git writes them; else a search may miss one.
bool is_sorted(const Refs& refs) {
  return std::ranges::is_sorted(refs, std::ranges::less_equal{}, &Refs::value_type::first) &&
         std::ranges::adjacent_find(refs, {}, &Refs::value_type::first) == refs.end();
}

void packed_refs(const std::string& text) {
  Refs refs;
  const bool whole = accepts([&] {
    git::PackedRefs::of_text(text).for_each("", [&](std::string_view name, const git::Oid& target) {
      refs.emplace_back(name, target);
    });
  });
  for (const char* name : {"refs/heads/main", "refs/heads/plan/x", "", "zz"}) {
    accepts([&] { static_cast<void>(git::PackedRefs::of_text(text).find(name)); });
  }
  if (!whole || !is_sorted(refs)) return;
  const git::PackedRefs packed = git::PackedRefs::of_text(text);
  for (const auto& [name, target] : refs) {
    require(packed.find(name) == target, "a ref is found", {text, name});
  }
  std::size_t heads = 0;
  packed.for_each("refs/heads/", [&](std::string_view name, const git::Oid&) {
    require(name.starts_with("refs/heads/"), "a range has only its own", {text, name});
    ++heads;
  });
  const auto expected = std::ranges::count_if(
      refs, [](const auto& ref) { return ref.first.starts_with("refs/heads/"); });
  require(heads == static_cast<std::size_t>(expected), "a range has all its own", {text});
}

void names(const std::string& text) {
  if (const auto file = ref_names::parse_task_file(text)) {
    require(ref_names::task_file_path("s", file->id, file->slug) == ".plan/s/" + text,
            "a task's file is called as it was", {text});
  }
  if (const auto branch = ref_names::parse_task_branch(text)) {
    require(text.ends_with(ref_names::task_branch(branch->id, branch->slug)),
            "a task's branch is called as it was", {text});
  }
  ref_names::kept_since(text);
  ref_names::session_of(text);
}

}  // namespace

void play(Input& input) {
  const std::size_t kind = input.below(6);
  const std::string text = input.rest();
  if (kind == 0) worker_record(text);
  if (kind == 1) claim(text);
  if (kind == 2) lock_note(text);
  if (kind == 3) process(text);
  if (kind == 4) packed_refs(text);
  if (kind == 5) names(text);
}

}  // namespace gitplan::fuzz
