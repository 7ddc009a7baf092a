#!/bin/bash
# `wave finish`: what it removes, what it leaves alone, and what -f does.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"
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

# A task names its plan, whichever is chosen: by session and id, or by its branch.
free_plan 3 s2
git plan use -q s1
run git wave start s2/1 s2/002 --json
json '[.plan_branch, (.started | map(.task))]' '["plan/s2",["001","002"]]'
work "$(jq -r '.started[0].worker' "$out")" of-s2
run git wave start task/001-task-1-2
exits 3
run git wave finish task/001-task-1-2
exits 3
complains_like "^error: task '001' is not merged: it is in progress$"
git task done task/001-task-1-2 -q >/dev/null
run git wave finish task/001-task-1-2 --json
json '[.plan_branch, .completed, (.removed_worktrees | length)]' '["plan/s2",["001"],1]'
run git wave finish -f 002 --plan=s2
run git wave start refs/heads/task/002-task-2-2 --json
json '[.plan_branch, (.started | map(.task))]' '["plan/s2",["002"]]'
# Of several plans it is nobody's guess.
git branch feature/x
repository_snapshot
run git wave start s2/3 s1/5
exits 129
complains "error: tasks of two plans: 's2/3' is of plan 's2', 's1/5' of 's1'
hint: name those of one plan; to see them, run: git task list --plan=s2"
run git wave start 3 s2/3
exits 129
complains_like "^error: tasks of two plans: 's2/3' is of plan 's2', '3' of 's1'$"
run git wave finish --plan=s1 s2/1
exits 129
complains_like "^error: 's2/1' is no task of plan 's1'$"
run git wave start s3/1
exits 2
complains_like "^error: no plan named 's3'"
run git wave finish s2/9
exits 2
complains_like "^error: no task '9' in plan 's2'"
# What is meant as a branch is called one.
for verb in 'task show' 'wave start' 'wave finish'; do
  # shellcheck disable=SC2086
  run git $verb task/nosuch
  exits 2
  complains_like "^error: no branch named 'task/nosuch'$"
  # shellcheck disable=SC2086
  run git $verb feature/x
  exits 2
  complains_like "^error: branch 'feature/x' is no task branch$"
done
same_repository

# So do the tools' tasks.
serve
call finish_wave '{"task_ids": ["s2/2"], "force": true}'
json '[.plan_branch, .completed, (.removed_worktrees | length)]' '["plan/s2",[],1]'
call start_wave '{"task_ids": ["task/002-task-2-2"], "plan_branch": "s2"}'
json '.started | map(.task)' '["002"]'
call parse_plan '{"branch": "s1"}'
call start_wave '{"task_ids": ["s2/3", "s1/1"]}'
refuses usage "tasks of two plans"
# How the wave is answers as the shell does.
call wave_status '{"plan_branch": "s2"}'
jq 'del(.notes)' "$out" >"$state/of_tool"
run git wave status --plan=s2 --json
same "$(jq -c . "$state/of_tool")" "$(jq -c . "$out")"
json '[.plan_version, .state, .total_tasks, .completed_tasks, .next]' '["v2","ready",3,1,["003"]]'
hang_up

# What flow took back is not merged again as it is: it starts over.
new_repo reverted
free_plan 1
git wave start -q
work 1 taken-back
git task done 001 -q >/dev/null
git worktree add -q ../taker flow && git -C ../taker revert -m 1 --no-edit flow >/dev/null
work 1 later
run git wave finish 001
exits 3
complains_like '^hint: to start it over, run: git task reset 001$'
run git task reset 001 -q
exits 0
fsck_clean
no_locks
