#!/bin/bash
# Four `wave start -j 12` at once on twelve ready tasks: every task gets one slot, and every slot one task.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

new_repo
as Ada
independent_plan 12
echo dirty >>README.md
checkout_snapshot

for _ in 1 2 3 4; do
  spawn git wave start -j 12 --json
done
all_exit 0

# What the four say they started, together: each task once, each worker once.
cat "$state"/spawn.?.out | jq -r '.started[] | .task' | sort >"$state/tasks"
cat "$state"/spawn.?.out | jq -r '.started[] | .worker' | sort -n >"$state/workers"
same "$(cat "$state/tasks")" "$(task_ids 12)"
same "$(cat "$state/workers")" "$(seq 1 12)"

# And what stands there: each on its own branch, whole and clean.
same "$(git worktree list --porcelain | grep '^branch refs/heads/task/' | sort -u | wc -l)" 12
for worker in $(seq 1 12); do
  same "$(git -C ".worktrees/worker-$worker" status --porcelain)" ''
  expect test -f ".worktrees/worker-$worker/README.md"
done
run git wave status --json
json '.workers | length' 12
json '[.workers[].task] | unique | length' 12
json '.workers | map(.state == "working") | all'
same_checkout
fsck_clean
no_locks
no_processes

# A fifth finds nothing to do.
run git wave start -j 12 --json
json '.started' '[]'
