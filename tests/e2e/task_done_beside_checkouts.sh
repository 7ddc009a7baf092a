#!/bin/bash
# A checkout of the flow branch that could not follow keeps it where it is, as for `git branch -f`; one that is only hard to find follows.
# timeout: 240
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

begin() { # NAME: flow is checked out in the main worktree, and task 001 changes a.c and adds new.c
  new_repo "$1"
  commit_file a.c "a" "Add a"
  commit_file b.c "b" "Add b"
  git checkout -q -b flow
  free_plan 1
  git task start 001 -q >/dev/null
  (cd .worktrees/worker-1 && echo "aa" >a.c && git add a.c && commit_file new.c "new" "Change a")
}

# Conflicts that nobody has resolved: those of a revert, and those that no command is in the middle of.
begin revert
echo "one" >b.c && git commit -q -am "One" && echo "two" >b.c && git commit -q -am "Two"
expect_not git revert HEAD~1
checkout_snapshot .
run git task done 001
exits 3
complains "error: 'flow' is in the middle of a merge, rebase or bisection in '$PWD'; nothing was merged
error: in conflict: 'b.c'
hint: to see how far it is, run: git -C $PWD status
hint: then run again: git task done 001"
same_checkout
git revert --abort
run git task done 001

begin stash_pop
echo "stashed" >b.c && git stash -q && echo "two" >b.c && git commit -q -am "Two"
expect_not git stash pop
checkout_snapshot .
run git task done 001
exits 3
complains "error: '$PWD', which has 'flow' checked out, has unresolved conflicts; nothing was merged
error: in conflict: 'b.c'
hint: to see them, run: git -C $PWD status
hint: then run again: git task done 001"
same_checkout
git checkout -q -f && run git task done 001

# Checked out on a disk that is not there now.
begin away
git checkout -q main
git worktree add -q "$scratch/disk/flow" flow && git worktree lock "$scratch/disk/flow"
mv "$scratch/disk" "$scratch/unplugged"
run git task done 001
exits 3
complains "error: 'flow' is checked out in worktree '$scratch/disk/flow', which is not there; nothing was merged
hint: if it never comes back, run: git worktree remove -f -f $scratch/disk/flow
hint: then run again: git task done 001"
mv "$scratch/unplugged" "$scratch/disk"
run git task done 001
same "$(git -C "$scratch/disk/flow" status --porcelain)" ""
expect test -f "$scratch/disk/flow/new.c"

# Checked out twice: one of them would be left behind.
begin twice
git worktree add -q -f "$scratch/second" flow
run git task done 001
exits 3
complains "error: 'flow' is checked out in several worktrees, and one alone can follow it; nothing was merged
error: checked out in: '$PWD'
error: checked out in: '$scratch/second'
hint: to see all worktrees, run: git worktree list
hint: then run again: git task done 001"
git worktree remove "$scratch/second"
run git task done 001
same "$(git status --porcelain)" ""

# .git is a link to a folder elsewhere, and the command is typed in the slot.
begin git_is_a_link
mkdir "$scratch/store" && mv .git "$scratch/store/linked.git" && ln -s "$scratch/store/linked.git" .git
(cd .worktrees/worker-1 && run git task done)
same "$(cat a.c)" "aa"
same "$(git status --porcelain)" ""

# A separate git folder, and a worktree from which nothing leads to the main one.
git init -q -b flow --separate-git-dir="$scratch/store/separate.git" "$scratch/separate" && cd "$scratch/separate"
commit_file a.c "a" "Add a"
free_plan 1
git task create 001 -q
git worktree add -q "$scratch/review" task/001-task-1
(cd "$scratch/review" && commit_file new.c "new" "Work")
flow=$(git rev-parse flow)
cd "$scratch/review"
run git task done 001
exits 3
complains "error: 'flow' is checked out in the main worktree of '$scratch/store/separate.git', and nothing tells where that stands; nothing was merged
hint: to say where it stands, run: git config core.worktree '<path>'
hint: then run again: git task done 001"
same "$(git rev-parse flow)" "$flow"
git config core.worktree "$scratch/separate"
run git task done 001
same "$(git -C "$scratch/separate" status --porcelain)" ""
expect test -f "$scratch/separate/new.c"
fsck_clean
no_locks
