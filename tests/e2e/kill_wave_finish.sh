#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `wave finish` makes: merged tasks stay completed, the worktree that
# is not merged stays as it is, and the same command run again removes the others and records them in one version.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

wave_is_finished() {
  same "$(plan_version)" 2
  same "$(git rev-list --count "$plan_ref")" 2
  same "$(plan_toml | grep -c '^status = "completed"')" 2
  same_lines worker-3 ls .worktrees
  same_lines worker-3 ls .git/worktrees
  same "$(git -C .worktrees/worker-3 status --porcelain | tr '\n' ';')" ' M README.md;?? draft.txt;'
  same "$(cat .worktrees/worker-3/draft.txt)" draft
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  same "$(count_tasks completed)" 2
  same "$(count_tasks in_progress)" 1
  run git wave finish
  exits 0
  wave_is_finished
  same_checkout
  fsck_clean
}

new_repo
as Ada
independent_plan 3
git wave start -q -j 3 >/dev/null
work_in .worktrees/worker-1 1
work_in .worktrees/worker-2 2
# Merged as plain git does it, so that nothing is recorded yet.
git checkout -q flow
git merge -q --no-ff -m 'Merge 1' task/001-part-1
git merge -q --no-ff -m 'Merge 2' task/002-part-2
git checkout -q main
echo unfinished >>.worktrees/worker-3/README.md
echo draft >.worktrees/worker-3/draft.txt
echo dirty >>README.md
checkout_snapshot

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-wave finish
  wave_is_finished
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
