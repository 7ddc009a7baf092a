// Putting a checkout right whose fast-forward was cut off.
#pragma once

#include "git/checkout_journal.hpp"

namespace gitplan::git {

class Repository;

/// Call it with the lock "checkout" held and the journal's programs ended. Each path that the
/// fast-forward changes is made what the index has, where its content is one that git wrote (the
/// old one, the new one, the start of one, or nothing); any other content is the user's and stays.
/// Where git had come as far as the index, the branch follows; if a hook refuses that, the checkout
/// goes back. Throws Error(fatal) if git itself stands in the way, Error(lost_race) on a lock.
void repair_checkout(const Repository& repository, const CheckoutJournal& journal);

}  // namespace gitplan::git
