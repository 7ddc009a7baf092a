#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `task done` makes, flow being checked out nowhere: at every moment
# the task is in flow or it is not, the plan says so or will, and the same command run again ends with both.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

task_is_done() {
  same "$(git log --first-parent --format=%s main..flow)" 'Merge task 001: Make part 1'
  same "$(git ls-tree --name-only flow | tr '\n' ' ')" '.plan README.md part-1.txt '
  same "$(plan_version)" 2
  same "$(git rev-list --count "$plan_ref")" 2
  same "$(plan_toml | grep -c '^status = "completed"')" 1
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  # Flow moves before the plan, and the status is right after each step.
  if [[ -n $(git ls-tree flow part-1.txt) ]]; then
    same "$(count_tasks completed)" 1
  else
    same "$(plan_version)" 1
    same "$(count_tasks in_progress)" 1
  fi
  run git task done 001 -q
  exits 0
  task_is_done
  same_checkout
  fsck_clean
}

new_repo
as Ada
independent_plan 2
work_on_branch 001
echo dirty >>README.md
checkout_snapshot

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-task done 001 -q
  task_is_done
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
