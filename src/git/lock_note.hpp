// The form of a note on disk, shared by those who write notes and those who clear up after the
// dead.
//
//   note   = owner *lock *child
//   owner  = "owner " pid " " start-time " " boot " " pid-namespace NUL
//   lock   = ("lock " | "once ") inode " " path NUL
//   child  = "child " pid " " start-time NUL
//
// The inode is that of a lock that was already there, somebody else's; else 0. A lock that is taken
// "once" becomes, renamed, the file that it locks. Each child adds itself between fork and exec.
//
// The owner holds flock(2) on the note, and every child inherits it: who can take it knows that all
// of them, and their children, have ended. A name that starts with a dot is not yet a note.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/process_identity.hpp"

namespace gitplan::git {

class Repository;

struct NotedLock {
  std::string path;
  std::uint64_t foreign_inode = 0;
  bool is_taken_once = false;
};

struct NoteText {
  std::vector<ProcessIdentity> processes;  ///< the owner first
  std::vector<NotedLock> locks;
};

std::string notes_folder(const Repository& repository);
std::string render_note(const NoteText& note);
/// What can be understood of it; a last record without its NUL is left out.
NoteText parse_note(std::string_view text);

}  // namespace gitplan::git
