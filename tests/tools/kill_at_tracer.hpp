// Follows a command and all that come of it, and kills, or has the disk full, before the Nth change
// to the file system.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

namespace kill_at {

/// Who dies.
enum class Victims {
  nobody,      ///< only count
  whole_tree,  ///< all at once, as in a power cut
  root_only,   ///< the command itself; what it started lives on
  no_space,    ///< no process; but from there on all that needs space fails with ENOSPC
};

struct Request {
  Victims victims = Victims::nobody;
  long at = 0;                 ///< which change, from 1
  bool settle = false;         ///< after root_only, wait for those who live on
  std::vector<char*> command;  ///< ends in a null pointer
};

/// What happened, up to the moment when the root process was gone.
struct Outcome {
  bool killed = false;  ///< or the disk became full
  long changes = 0;
  int root_status = 0;    ///< as wait(2) gives it
  std::string last_call;  ///< the one that was not let happen
};

/// The run could not begin.
struct CannotTrace {
  enum class Why { not_permitted, no_command, system } why;
  std::string message;
};

/// Runs the command to its end or to the kill. `report` is called once, as soon as the answer is
/// known; this process goes on as long as survivors must be traced. Throws CannotTrace.
void trace(const Request& request, const std::function<void(const Outcome&)>& report);

}  // namespace kill_at
