#!/bin/bash
# A slot whose .git was deleted, or leads elsewhere, never lets a command reach the main worktree.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-02T03:04:05Z
new_repo
free_plan 3
git branch other
echo "dirty" >README.md && echo "new" >untracked
checkout_snapshot

lost() { # by deleting it, by a link to the main one, by a copy of it, or by a .git of the main repository
  git task start 001 --worker=1 -q >/dev/null
  echo "worker's" >.worktrees/worker-1/work
  case $1 in
    deleted) rm .worktrees/worker-1/.git ;;
    linked) ln -sfn ../../.git .worktrees/worker-1/.git ;;
    elsewhere) echo "gitdir: $scratch/repo/.git" >.worktrees/worker-1/.git ;;
    folder) rm .worktrees/worker-1/.git && mkdir .worktrees/worker-1/.git ;;
  esac
}
again() {
  same_checkout
  same "$(cat .worktrees/aside-*/work)" "worker's" # moved aside, not lost
  rm -rf .worktrees/aside-*
  git task reset 001 -q >/dev/null || true
  rm -rf .worktrees/worker-1 .worktrees/aside-*
  git worktree prune
}

for way in deleted linked elsewhere folder; do
  lost "$way"
  run git wave status --json
  json '.workers[0].state' broken
  run git task done 001
  exits 3
  complains_like "^hint: .* run: git wave worker remove 1$"
  same_checkout
  expect test -f .worktrees/worker-1/work
  run git wave finish
  exits 0
  same_checkout
  run git wave worker remove 1
  complains_like "^moved '.worktrees/worker-1' aside to '.worktrees/aside-worker-1-1'"
  expect_not test -e .worktrees/worker-1
  again

  lost "$way"
  run git wave worker add 1 other
  same "$(git -C .worktrees/worker-1 branch --show-current)" other
  again

  lost "$way"
  run git task reset 001
  expect_not test -e .worktrees/worker-1
  again

  lost "$way"
  run git wave finish 001
  exits 3
  run git wave finish -f 001
  again
done
expect_not git show-ref --verify -q refs/stash
fsck_clean
