#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `plan deliver --squash` makes: the plan says what git shows before
# anything moves, and the same command run again ends with one commit, without .plan/.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

is_delivered() {
  same "$(git log --format=%s "$old_main..main")" 'Many things at once'
  same "$(git ls-tree --name-only main | tr '\n' ' ')" 'README.md part-1.txt '
  same "$(plan_version)" 2
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  same "$(count_tasks completed)" 1
  [[ -z $(git ls-tree main part-1.txt) ]] || same "$(plan_toml | grep -c '^status = "completed"')" 1
  run git plan deliver --squash -q
  exits 0
  is_delivered
  same_checkout
}

new_repo
as Ada
independent_plan 1
work_on_branch 001
old_main=$(git rev-parse main)
# Merged as plain git does it, so that nothing is recorded yet.
git checkout -q flow
git merge -q --no-ff -m 'Merge 1' task/001-part-1
git checkout -q --detach main
echo dirty >>README.md
checkout_snapshot

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-plan deliver --squash -q
  is_delivered
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
