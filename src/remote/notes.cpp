#include "remote/notes.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstring>
#include <map>

#include "base/error.hpp"
#include "base/text.hpp"
#include "git/objects.hpp"
#include "git/refs.hpp"
#include "git/repository.hpp"

namespace gitplan::remote {
namespace {

constexpr std::size_t longest_note = 16384;

using Fields = std::map<std::string, std::string, std::less<>>;

Fields fields_of(std::string_view text) {
  Fields fields;
  for (const std::string_view line : text::split(text, '\n')) {
    const auto space = line.find(' ');
    if (space == std::string_view::npos) continue;
    fields.emplace(line.substr(0, space), text::from_one_line(line.substr(space + 1)));
  }
  return fields;
}

std::string field(const Fields& fields, std::string_view name) {
  const auto found = fields.find(name);
  return found == fields.end() ? "" : found->second;
}

std::optional<git::Oid> oid_field(const Fields& fields, std::string_view name) {
  return git::Oid::parse(field(fields, name));
}

std::string oid_line(std::string_view name, const std::optional<git::Oid>& oid) {
  return oid ? fmt::format("{} {}\n", name, oid->hex()) : "";
}

std::string ref_of(const Note& note) {
  if (const auto* claim = std::get_if<ClaimName>(&note.of)) return mine_claim(*claim, note.claim);
  return mine_landing(std::get<LandingName>(note.of), note.claim);
}

std::optional<std::string> content(const git::Repository& repository, const git::Ref& ref) {
  try {
    return git::read_blob(repository, ref.target, ref.name, longest_note);
  } catch (const Error&) {  // another's, or damaged
    return std::nullopt;
  }
}

/// Its push was never carried out, or is under way: as far as is known, nothing that it leased has
/// moved.
bool is_open(const Note& note, const Facts& facts) {
  const bool may_decide = !facts.is_beat_known || facts.beat == note.beat;
  return facts.standing == note.from && (note.is_renewal || may_decide);
}

}  // namespace

std::optional<ClaimOf> claim_of(const Names& names, std::string_view ref) {
  const auto name = names.parse(ref);
  if (!name) return std::nullopt;
  if (const auto* claim = std::get_if<ClaimName>(&*name)) return *claim;
  if (const auto* landing = std::get_if<LandingName>(&*name)) return *landing;
  return std::nullopt;
}

CloneIdentity identity_of(const git::Repository& repository) {
  const std::string& folder = repository.common_dir();
  struct stat status {};
  if (stat(folder.c_str(), &status) != 0) {
    throw Error(ErrorKind::fatal, fmt::format("'{}': {}", folder, std::strerror(errno)));
  }
  return {folder, status.st_ino};
}

std::string note_text(const Note& note, const CloneIdentity& clone) {
  return fmt::format("format 1\nkind {}\nremote {}\n{}{}{}folder {}\ninode {}\n",
                     note.is_renewal ? "renews" : "decides", text::on_one_line(note.remote),
                     oid_line("from", note.from), oid_line("beat", note.beat),
                     oid_line("lands", note.lands), text::on_one_line(clone.folder), clone.inode);
}

std::optional<Note> read_note(const MineName& name, std::string_view text,
                              const CloneIdentity& clone) {
  const Fields fields = fields_of(text);
  const bool is_ours = field(fields, "format") == "1" && field(fields, "folder") == clone.folder &&
                       field(fields, "inode") == std::to_string(clone.inode);
  if (!is_ours) return std::nullopt;
  return Note{name.of,
              name.object,
              field(fields, "remote"),
              field(fields, "kind") == "renews",
              oid_field(fields, "from"),
              oid_field(fields, "beat"),
              oid_field(fields, "lands")};
}

Fate judge(const Note& note, const Facts& facts) {
  if (facts.standing == note.claim) return Fate::stands;
  if (is_open(note, facts)) return Fate::may_come;
  return !facts.standing && facts.is_in_flow ? Fate::landed : Fate::lost;
}

GitNotebook::GitNotebook(const git::Repository& repository)
    : repository_(&repository), clone_(identity_of(repository)) {}

std::vector<Note> GitNotebook::notes() {
  std::vector<Note> notes;
  for (const git::Ref& ref : git::list_refs(*repository_, std::string(mine_prefix))) {
    const auto name = parse_mine(ref.name);
    const auto text = name ? content(*repository_, ref) : std::nullopt;
    if (!text) continue;
    if (auto note = read_note(*name, *text, clone_)) notes.push_back(*std::move(note));
  }
  return notes;
}

void GitNotebook::write(std::span<const Note> notes) {
  for (const Note& note : notes) {
    const git::Oid blob = git::write_blob(*repository_, note_text(note, clone_));
    auto result = git::SwapResult::lost_race;
    while (result == git::SwapResult::lost_race) {
      const auto before = git::read_ref(*repository_, ref_of(note));
      if (before == blob) break;
      result = git::compare_and_swap(*repository_, ref_of(note), before, blob, "note a claim");
    }
  }
}

void GitNotebook::forget(std::span<const Note> notes) {
  std::vector<git::Ref> refs;
  for (const Note& note : notes) {
    if (const auto value = git::read_ref(*repository_, ref_of(note))) {
      refs.push_back({ref_of(note), *value});
    }
  }
  if (!refs.empty()) git::delete_refs(*repository_, refs);
}

}  // namespace gitplan::remote
