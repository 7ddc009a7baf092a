#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `plan merge` makes while flow is checked out: the same command run
# again ends with one merge, and that checkout has followed and kept what was the user's.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

is_merged() {
  same "$(git log --first-parent --format=%s "$old_flow..flow")" "Merge branch 'main' into flow"
  same "$(cat more.txt)" more
  same "$(git status --porcelain | tr '\n' ';')" ' M README.md;?? notes.txt;'
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  same "$(cat notes.txt)" notes
  run git plan merge main -q
  exits 0
  is_merged
}

new_repo
as Ada
independent_plan 1
work_on_branch 001
git task done -q 001 >/dev/null
commit_file more.txt more "Write more"
git checkout -q flow
old_flow=$(git rev-parse flow)
echo edited >>README.md
echo notes >notes.txt

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-plan merge main -q
  is_merged
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
