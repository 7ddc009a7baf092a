#!/bin/bash
# A tree that was verified is not verified again by the same command, for 30 days; what failed is.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
git worktree add -q -b flow ../flow main
free_plan 2
git wave start -q
work 1 a
work 2 b

# Verified, but flow cannot move: what its worktree has is in the way.
echo mine >../flow/a
verified() { wc -l <"$state/verified" | tr -d ' '; }
check="echo checked >>'$state/verified'; test -f a"
run git task done 001 --verify="$check"
exits 3
same "$(verified)" 1
run git task done 001 --verify="$check"
exits 3
complains_like '^tree [0-9a-f]{10} was verified by this command before$'
same "$(verified)" 1

# Another command, and 30 days, are another matter.
run git task done 001 --verify="$check && true"
exits 3
same "$(verified)" 2
at 2025-02-12T14:30:00Z
run git task done 001 --verify="$check"
exits 3
same "$(verified)" 3
rm ../flow/a
run git task done 001 --verify="$check"
prints_like '^001 merged into flow'
same "$(verified)" 3

# What failed is asked again, twice each time, flow too; and so is what nobody remembers.
for _ in 1 2; do
  run git task done 002 --verify="echo checked >>'$state/verified'; test -f '$state/ready'"
  exits 1
done
same "$(verified)" 11
touch "$state/ready"
echo mine >../flow/b
run git task done 002 --verify="echo checked >>'$state/verified'; test -f '$state/ready'"
exits 3
rm -r "$(git rev-parse --git-common-dir)/git-plan"
rm ../flow/b
run git task done 002 --verify="echo checked >>'$state/verified'; test -f '$state/ready'"
prints_like '^002 merged into flow'
same "$(verified)" 13
fsck_clean
