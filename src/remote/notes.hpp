// What this clone set out to claim: a note for each claim object, written before the push that
// makes it, kept as long as the claim may be ours. A claim is one's own if it is noted here by this
// very clone, and for no other reason: a copy of the clone has the notes, but is not the one that
// they name.
//
// refs/git-plan/mine/claims/<session>/<number>/<oid> is a blob:
//
//   format 1
//   kind decides                 or renews
//   remote origin
//   from <oid>                   the claim that it replaces; left out where it is the first
//   beat <oid>                   what its push leased, if there was a beat
//   lands <oid>                  flow's new tip, in the push that ends this claim
//   folder /home/ada/project/.git     newlines and backslashes escaped
//   inode 4711
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "git/oid.hpp"
#include "remote/names.hpp"

namespace gitplan::git {
class Repository;
}  // namespace gitplan::git

namespace gitplan::remote {

using ClaimOf = std::variant<ClaimName, LandingName>;

/// Of the claim refs of a remote; nothing for others.
std::optional<ClaimOf> claim_of(const Names& names, std::string_view ref);

struct CloneIdentity {
  std::string folder;  ///< the common git folder
  std::uint64_t inode = 0;
  bool operator==(const CloneIdentity&) const = default;
};
/// Throws Error(fatal) if the folder cannot be looked at.
CloneIdentity identity_of(const git::Repository& repository);

struct Note {
  ClaimOf of;
  git::Oid claim;
  std::string remote = {};
  bool is_renewal = false;            ///< its push does not move beat
  std::optional<git::Oid> from = {};  ///< what the remote had in its place
  std::optional<git::Oid> beat = {};  ///< that its push leased
  std::optional<git::Oid> lands = {};
  bool operator==(const Note&) const = default;
};

std::string note_text(const Note& note, const CloneIdentity& clone);
/// Nothing for what another clone wrote, or nobody. `of` and `claim` come from the ref's name.
std::optional<Note> read_note(const MineName& name, std::string_view text,
                              const CloneIdentity& clone);

/// What became of a noted push, by what the remote shows now.
enum class Fate {
  /// The claim is there: it is ours. Where a push that ends it had no answer, or this process has
  /// not made it, it is renewed before anything is built on it: then that push cannot come any
  /// more.
  stands,
  landed,    ///< it is gone, and its task is in flow
  may_come,  ///< not there, but nothing has moved that its push leased: it may be under way yet
  lost,      ///< neither, and it can never come
};
struct Facts {
  std::optional<git::Oid> standing;  ///< at the claim's ref
  std::optional<git::Oid> beat;      ///< looked at before; nothing: there was none
  bool is_beat_known = false;        ///< false: nobody looked, so what decides may come yet
  bool is_in_flow = false;           ///< the claim's task
};
Fate judge(const Note& note, const Facts& facts);

/// Where notes are kept.
class Notebook {
 public:
  Notebook() = default;
  Notebook(const Notebook&) = delete;
  Notebook& operator=(const Notebook&) = delete;
  virtual ~Notebook() = default;

  /// This clone's, in order of name.
  virtual std::vector<Note> notes() = 0;
  /// Writes them over what was noted of the same claim objects; on disk when it returns.
  virtual void write(std::span<const Note> notes) = 0;
  virtual void forget(std::span<const Note> notes) = 0;
};

/// In refs of this repository. Notes of other clones, and what cannot be read, stay and are not
/// seen.
class GitNotebook : public Notebook {
 public:
  explicit GitNotebook(const git::Repository& repository);
  std::vector<Note> notes() override;
  void write(std::span<const Note> notes) override;
  void forget(std::span<const Note> notes) override;

 private:
  const git::Repository* repository_;
  CloneIdentity clone_;
};

}  // namespace gitplan::remote
