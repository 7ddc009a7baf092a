#!/bin/bash
# `wave finish`: what it removes, what it leaves alone, and what -f does.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 5
git wave start -q -j 4
for n in 1 2 3 4; do work $n "file$n"; done
git task done 001 -q >/dev/null
# 002 is merged by hand.
git worktree add -q ../flow flow && git -C ../flow merge -q --no-edit task/002-task-2
echo "dirty" >.worktrees/worker-3/dirty

run git wave finish 003
exits 3
prints_nothing
complains "error: task '003' is not merged: it is in progress
hint: to merge it, run: git task done 003"
run git wave finish 001 004
exits 3
expect test -d .worktrees/worker-1

run git wave finish
prints "completed  001, 002
removed    .worktrees/worker-1, .worktrees/worker-2
unmerged   003, 004
next       005
plan       v3, ready, 2 of 5 tasks completed"
expect test -f .worktrees/worker-3/dirty

# A write that changes nothing makes no version.
before=$(git rev-parse plan/s1)
run git wave finish --json
json '.completed, .unmerged, .removed_worktrees, .plan_version' '[]
["003","004"]
[]
v3'
same "$(git rev-parse plan/s1)" "$before"

# -f removes the worktree only.
run git wave finish -f 003 --json
json '.completed, .removed_worktrees' '[]
[".worktrees/worker-3"]'
complains_like "^rescued uncommitted changes of '.worktrees/worker-3'"
expect git rev-parse -q --verify task/003-task-3
run git wave next --json
json '[.tasks[].id]' '["003","005"]'
run git wave finish -f 009
exits 2
# The slot of a merged task that has new work in it is rescued, not lost.
git task done 004 -q >/dev/null
echo "late" >.worktrees/worker-4/late
run git wave finish 004
complains_like "^rescued uncommitted changes of '.worktrees/worker-4'"

# A clean-up of .plan/ from flow does not make a merged task unmerged.
git task start 005 -q >/dev/null
work "$(git task show 005 --json | jq -r .worker)" five
git task done 005 -q >/dev/null
git -C ../flow rm -rq .plan && git -C ../flow commit -q -m "Clean up"
run git wave status --json
json '[.workers[] | select(.task == "005").state]' '["merged"]'
run git wave finish 005 --json
json '[.completed, .removed_worktrees | length]' '[1,1]'
fsck_clean
no_locks
