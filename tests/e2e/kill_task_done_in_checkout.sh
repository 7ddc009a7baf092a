#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `task done` makes while flow is checked out in the main worktree,
# which has changes of its own: once the command is run again that checkout has followed flow, and kept what was the
# user's.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

task_is_done() {
  same "$(git log --first-parent --format=%s main..flow)" 'Merge task 001: Make part 1'
  same "$(plan_version)" 2
  same "$(count_tasks completed)" 1
  # The user's: an edit, a staged file, an untracked one and an ignored one; and no trace of the merge in status.
  same "$(git symbolic-ref HEAD)" refs/heads/flow
  same "$(git status --porcelain --ignored | tr '\n' ';')" ' M README.md;A  staged.txt;?? notes.txt;!! .worktrees/;!! key.pem;'
  same "$(cat README.md staged.txt notes.txt key.pem part-1.txt | tr '\n' ';')" '# A project;edited;staged;notes;secret;Part 1;'
  nothing_left_over
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  same "$(cat README.md staged.txt notes.txt key.pem | tr '\n' ';')" '# A project;edited;staged;notes;secret;'
  run git task done 001 -q
  exits 0
  task_is_done
  fsck_clean
}

new_repo
as Ada
commit_file .gitignore '*.pem' "Ignore keys"
independent_plan 2
git task start -q 001 >/dev/null
work_in .worktrees/worker-1 1
git checkout -q flow
echo edited >>README.md
echo staged >staged.txt
git add staged.txt
echo notes >notes.txt
echo secret >key.pem

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-task done 001 -q
  task_is_done
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
