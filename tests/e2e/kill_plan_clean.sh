#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `plan clean` makes: the plan has all that its files in flow said
# before they go, every status is right at every moment, and the same command run again does what is left.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

is_clean() {
  same "$(git log --first-parent --format=%s "$old_flow..flow")" 'Clean up plan session-20250102-030405'
  same "$(git ls-tree --name-only flow | tr '\n' ' ')" 'README.md part-1.txt part-2.txt '
  same "$(plan_toml | grep -cE '^(status = "completed"|cleaned_at = )')" 3
  same "$(git for-each-ref --format='%(refname)' refs/heads/task refs/git-plan)" ''
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  same "$(count_tasks completed)" 2
  run git plan check
  exits 0
  prints_unlike 'does not have it'
  run git plan clean -q
  exits 0
  is_clean
  same_checkout
}

new_repo
as Ada
at 2025-01-02T03:04:05Z
independent_plan 2
git task create -q 001 >/dev/null
git task reset -q 001 >/dev/null
work_on_branch 001
work_on_branch 002
git task done -q 001 >/dev/null
# Merged as plain git does it, so that the plan does not say so yet.
git checkout -q flow
git merge -q --no-ff -m 'Merge 2' task/002-part-2
git checkout -q main
old_flow=$(git rev-parse flow)
echo dirty >>README.md
checkout_snapshot
at 2025-03-02T03:04:05Z

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-plan clean -q
  is_clean
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
