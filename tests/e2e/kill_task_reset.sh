#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `task reset` makes on a task whose slot holds unsaved work: the
# same command run again ends with the work rescued, the old branch kept as an attempt, and the task pending.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

task_is_reset() {
  local ref
  same "$(count_tasks pending)" 1
  same "$(git for-each-ref refs/heads/task)" ''
  same "$(git for-each-ref --format='%(objectname)' refs/git-plan/attempts)" "$tip"
  expect test -n "$(git for-each-ref refs/git-plan/rescue)"
  for ref in $(git for-each-ref --format='%(refname)' refs/git-plan/rescue); do
    same "$(git show "$ref:README.md" "$ref:notes.txt" | tr '\n' ';')" '# A project;edited;notes;'
    same "$(git rev-parse "$ref^1")" "$tip"
  done
  same "$(ls .worktrees)" ''
  same "$(ls .git/worktrees 2>/dev/null || true)" ''
  no_leftovers
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  # The commits are on the branch or in the attempt.
  same "$(git for-each-ref --format='%(objectname)' refs/heads/task refs/git-plan/attempts | sort -u)" "$tip"
  run git task reset 001
  exits 0
  task_is_reset
  same_checkout
  fsck_clean
}

new_repo
as Ada
independent_plan 1
git task start -q 001 >/dev/null
work_in .worktrees/worker-1 1
tip=$(git rev-parse task/001-part-1)
echo edited >>.worktrees/worker-1/README.md
echo notes >.worktrees/worker-1/notes.txt
echo dirty >>README.md
checkout_snapshot

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-task reset 001
  task_is_reset
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
