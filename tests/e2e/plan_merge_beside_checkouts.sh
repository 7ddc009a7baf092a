#!/bin/bash
# timeout: 300
# `git plan merge` and `git plan deliver` move no checkout but one that has the branch which they move: that one follows,
# or nothing moves.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# Main has a.c changed and new.c, flow has a task with part.c.
begin() { # NAME
  new_repo "$1"
  commit_file a.c "a" "Add a"
  commit_file b.c "b" "Add b"
  printf '*.o\n' >.gitignore && git add .gitignore && git commit -q -m "Ignore objects"
  free_plan 1
  git task start 001 -q >/dev/null
  work 1 part.c
  git task done 001 -q >/dev/null
  git wave finish -q >/dev/null
}
main_goes_on() {
  git checkout -q main
  echo "aa" >a.c && git add a.c && commit_file new.c "new" "Change a"
}
refused() { # MESSAGE COMMAND…
  local message=$1 tips
  shift
  tips=$(git for-each-ref refs/heads)
  checkout_snapshot
  run git "$@"
  exits 3
  prints_nothing
  complains_like "$message"
  complains_like "^hint: then run again: git $1 $2 (main|--into=main)$"
  same "$(git for-each-ref refs/heads)" "$tips"
  same_checkout
}

# Flow is checked out here.
begin here
main_goes_on
git checkout -q flow
echo "mine" >b.c
echo "other" >untracked
run git plan merge main
same "$(cat a.c b.c new.c part.c | tr '\n' ' ')" "aa mine new content of part.c "
same "$(git status --porcelain)" " M b.c
?? untracked"

for way in edited staged untracked ignored; do
  begin "in_the_way_$way"
  main_goes_on
  git checkout -q flow
  case $way in
    edited) echo "mine" >a.c ;;
    staged) echo "mine" >a.c && git add a.c ;;
    untracked) echo "mine" >new.c ;;
    ignored) echo "new.c" >>.git/info/exclude && echo "mine" >new.c ;;
  esac
  refused "^error: local changes in '$PWD', which has 'flow' checked out, are in the way; nothing was merged$" plan merge main
done
run git plan merge main --verify='exit 0' --plan=s1
exits 3
complains_like "^hint: then run again: git plan merge main --verify='exit 0' --plan=s1$"

begin rebasing
git checkout -q -b other && echo "other" >b.c && git commit -q -a -m "Other b"
main_goes_on
git checkout -q flow
echo "flow" >b.c && git commit -q -a -m "Flow's b"
expect_not git rebase -q other
refused "^error: 'flow' is in the middle of a merge, rebase or bisection in '$PWD'; nothing was merged$" plan merge main
git rebase --abort

# In a linked worktree: that one follows, the main one does not move.
begin linked
main_goes_on
git worktree add -q ../linked-flow flow
echo "dirty" >>README.md
checkout_snapshot .
run git plan merge main
same_checkout
same "$(cat ../linked-flow/a.c)" "aa"
same "$(git -C ../linked-flow status --porcelain)" ""

# What is delivered into, in the same way. Main is checked out here, and clean where it matters.
begin deliver_here
echo "mine" >b.c
run git plan deliver
prints "delivered flow merged into main as $(git rev-parse --short=10 main): 1 task
001  Task 1"
same "$(git branch --show-current)" main
same "$(cat b.c part.c)" "mine
content of part.c"
same "$(git status --porcelain)" " M b.c"
expect_not test -e .plan

begin deliver_in_the_way
echo "mine" >part.c
refused "^error: local changes in '$PWD', which has 'main' checked out, are in the way; nothing was merged$" plan deliver
complains_like "^error: in the way: 'part.c'$"
complains_like "^hint: to put them aside, run: git -C $PWD stash --include-untracked$"
git stash -q --include-untracked
run git plan deliver --squash
same "$(cat part.c)" "content of part.c"

begin deliver_linked
git checkout -q -b elsewhere
git worktree add -q ../linked-main main
echo "dirty" >>README.md
checkout_snapshot .
run git plan deliver
same_checkout
same "$(cat ../linked-main/part.c)" "content of part.c"
same "$(git -C ../linked-main status --porcelain)" ""

begin deliver_nowhere
git checkout -q --detach
checkout_snapshot
run git plan deliver --into=main
same_checkout
same "$(git show main:part.c)" "content of part.c"

begin deliver_while_merging
git checkout -q -b other && echo "other" >a.c && git commit -q -a -m "Other a"
main_goes_on
expect_not git merge -q other
refused "^error: 'main' is in the middle of a merge, rebase or bisection in '$PWD'; nothing was merged$" plan deliver
fsck_clean
no_locks
