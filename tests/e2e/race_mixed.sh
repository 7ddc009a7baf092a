#!/bin/bash
# Starting, finishing and cleaning up different tasks at once, by several processes.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

# A worker from its first command to its last: others do the same beside it.
live() { # ID
  local id=$1 worktree
  worktree=$(git task start "$id" --json | jq -r .absolute_path)
  work_in "$worktree" "$((10#$id))"
  git task done "$id" --remove-worktree
}

# Somebody who cleans up behind all of them.
clean_up() {
  local i
  for i in 1 2 3 4; do
    git wave finish
  done
}

new_repo
as Ada
independent_plan 9
echo dirty >>README.md
checkout_snapshot

for id in 001 002 003; do
  git task start -q "$id" >/dev/null
  work_in ".worktrees/worker-$((10#$id))" "$((10#$id))"
done

for id in 001 002 003; do spawn git task done "$id"; done
for id in 004 005 006; do spawn live "$id"; done
for id in 007 008 009; do spawn git task start "$id" --json; done
spawn clean_up
all_exit 0

run git wave finish
same "$(count_tasks completed)" 6
same "$(count_tasks in_progress)" 3
same "$(git rev-list --count --first-parent --merges main..flow)" 6
same "$(git ls-tree --name-only flow | grep -c '^part-')" 6
run git wave status --json
json '[.workers[].task] | sort | join(" ")' '007 008 009'
same "$(git for-each-ref refs/git-plan/rescue)" ''
same_checkout
fsck_clean
no_locks
no_processes
