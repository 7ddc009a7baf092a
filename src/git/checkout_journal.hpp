// "<common>/git-plan/checkout-journal": stands while a fast-forward changes a checkout, so that
// whoever comes after a kill knows what was under way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/fd.hpp"
#include "base/process_identity.hpp"
#include "git/checkout.hpp"
#include "git/oid.hpp"

namespace gitplan::git {

class Repository;

struct CheckoutJournal {
  std::string branch;  ///< full name
  Oid before;
  Oid after;
  Checkout checkout;
  std::string reflog_message;
  std::vector<ProcessIdentity> programs;  ///< the git that was started, once it was
};

bool has_checkout_journal(const Repository& repository);

/// Nothing if there is none, or none that was written whole: nothing had begun then.
std::optional<CheckoutJournal> read_checkout_journal(const Repository& repository);

/// Writes it through to the disk. The descriptor, for Command::note_fd, holds flock(2) on it, and
/// so does the program that is started with it.
Fd write_checkout_journal(const Repository& repository, const CheckoutJournal& journal);

/// The program that was started lives, here or in another container.
bool is_at_work(const Repository& repository, const CheckoutJournal& journal);

void remove_checkout_journal(const Repository& repository);

}  // namespace gitplan::git
