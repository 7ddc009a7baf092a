#!/bin/bash
# The one exception to "no checkout moves": a worktree that has the flow branch checked out follows it, or nothing moves.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

begin() { # NAME: flow is checked out in the main worktree, and task 001 changes a.c and adds new.c
  new_repo "$1"
  commit_file a.c "a" "Add a"
  commit_file b.c "b" "Add b"
  printf '*.o\n' >.gitignore && git add .gitignore && git commit -q -m "Ignore objects"
  git checkout -q -b flow
  free_plan 2
  git task start 001 -q >/dev/null
  (cd .worktrees/worker-1 && echo "aa" >a.c && git add a.c && commit_file new.c "new" "Change a")
}
blocked() { # PATH [HOW-TO-STASH-IT]
  checkout_snapshot .
  local flow
  flow=$(git rev-parse flow)
  run git task done 001
  exits 3
  prints_nothing
  complains "error: local changes in '$PWD', which has 'flow' checked out, are in the way; nothing was merged
error: in the way: '$1'
hint: to put them aside, run: git -C $PWD stash ${2:---include-untracked}
hint: then run again: git task done 001"
  same "$(git rev-parse flow)" "$flow"
  same_checkout
  run git task show 001 --json
  json .status in_progress
}

begin clean
run git task done 001
same "$(cat a.c new.c)" "aa
new"
same "$(git status --porcelain)" ""
same "$(git branch --show-current)" flow

begin dirty_elsewhere
echo "mine" >b.c && echo "staged" >c.c && git add c.c && echo "u" >untracked
run git task done 001
same "$(cat a.c b.c)" "aa
mine"
same "$(git status --porcelain)" " M b.c
A  c.c
?? untracked"

begin dirty
echo "mine" >a.c
blocked a.c
begin staged
echo "mine" >a.c && git add a.c
blocked a.c
begin untracked
echo "mine" >new.c
blocked new.c
begin ignored
echo "new.c" >>.git/info/exclude && echo "mine" >new.c
blocked new.c "push --all -- new.c"
git stash push -q --all -- new.c
run git task done 001

# In a linked worktree: that one follows, the main one does not move.
begin linked
git checkout -q main
git worktree add -q ../linked-flow flow
checkout_snapshot .
run git task done 001
same_checkout
same "$(cat ../linked-flow/a.c)" "aa"
same "$(git -C ../linked-flow status --porcelain)" ""

# In the middle of a rebase of flow: nothing moves until it is over.
begin rebase
(git checkout -q main && echo "other" >b.c && git commit -q -am "Other b")
git checkout -q flow && echo "flow" >b.c && git commit -q -am "Flow's b"
expect_not git rebase -q main
checkout_snapshot .
run git task done 001
exits 3
complains_like "^error: 'flow' is in the middle of a merge, rebase or bisection in '$PWD'; nothing was merged$"
same_checkout
git rebase --abort
run git task done 001
fsck_clean
no_locks
