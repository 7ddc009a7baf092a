#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `wave start` makes: the repository is valid, the user's checkout as
# it was, the same command run again starts the wave, and nothing is left over from the half of it.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

# Two slots, each with its own task, whole and clean; nothing beside them.
wave_stands() {
  local worker
  run git wave status --json
  json '[.workers[] | .worker + " " + .task + " " + .state] | join(", ")' '1 001 working, 2 002 working'
  for worker in 1 2; do
    same "$(git -C ".worktrees/worker-$worker" status --porcelain)" ''
    same "$(git -C ".worktrees/worker-$worker" symbolic-ref --short HEAD)" "task/00$worker-part-$worker"
    same "$(cat ".worktrees/worker-$worker/README.md")" '# A project'
    expect test -f ".worktrees/worker-$worker/.plan/session-20250102-030405/00$worker-part-$worker.toml"
  done
  same_lines $'worker-1\nworker-2' ls .worktrees
  same_lines $'worker-1\nworker-2' ls .git/worktrees
  same "$(git for-each-ref --format='%(refname)' refs/heads/task | wc -l)" 2
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  same_checkout
  fsck_clean
  same "$(count_tasks completed)" 0
  run git wave start -j 2
  exits 0
  wave_stands
  same_checkout
  fsck_clean
}

new_repo
as Ada
independent_plan 2
echo dirty >>README.md
checkout_snapshot

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-wave start -j 2
  same_checkout
  wave_stands
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
