#!/bin/bash
# Eight `task done` at once: eight merges in flow, all recorded, wherever flow is checked out.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

# Flow holds the eight parts, by eight merges of two parents, and the plan knows.
eight_are_merged() {
  same "$(git rev-list --count --first-parent --merges main..flow)" 8
  same "$(git ls-tree --name-only flow | grep -c '^part-')" 8
  same "$(plan_toml | grep -c '^status = "completed"')" 8
  expect test "$(plan_version)" -le 9 # one may record another's with its own
  same "$(count_tasks completed)" 8
  fsck_clean
  no_locks
  no_processes
}

eight_done_at_once() {
  local id
  for id in $(task_ids 8); do
    spawn git task done "$id"
  done
  all_exit 0
}

as Ada

# Checked out nowhere: refs alone move.
new_repo nowhere
independent_plan 8
for id in $(task_ids 8); do work_on_branch "$id"; done
echo dirty >>README.md
checkout_snapshot
eight_done_at_once
same_checkout
eight_are_merged

# Checked out in the main worktree, which has changes of its own: it follows, and keeps them.
new_repo here
independent_plan 8
for id in $(task_ids 8); do work_on_branch "$id"; done
git checkout -q flow
echo dirty >>README.md
echo untracked >notes.txt
eight_done_at_once
eight_are_merged
same "$(git symbolic-ref HEAD)" refs/heads/flow
same "$(git status --porcelain | tr '\n' ';')" ' M README.md;?? notes.txt;'
