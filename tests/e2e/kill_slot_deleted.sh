#!/bin/bash
# timeout: 900
# kill -9 while a slot is deleted, before each file of it: the same command again removes what is left.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

nothing_is_left() {
  same "$(ls -A .worktrees 2>/dev/null)" ''
  same "$(git worktree list | wc -l)" 1
  same "$(git for-each-ref refs/git-plan/rescue/)" ''
  same "$(count_tasks completed)" 1
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify_done() {
  run git task done 001 --remove-worktree
  nothing_is_left
}
# shellcheck disable=SC2317 # called by kill_sweep
verify_finish() {
  run git wave finish
  nothing_is_left
}

new_repo
as Ada
independent_plan 1
git wave start -q >/dev/null
work_in .worktrees/worker-1 1
git task done -q 001 >/dev/null 2>&1
kill_sweep --root-only --step 1 verify_done git-task done 001 --remove-worktree
cd "$scratch"
rm -rf repo
cp -a "$state/pristine" repo
cd repo
kill_sweep --root-only --step 1 verify_finish git-wave finish
