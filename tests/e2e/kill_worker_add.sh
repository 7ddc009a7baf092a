#!/bin/bash
# timeout: 1800
# kill -9, or a full disk, before each change that `worker add` makes on a slot that holds unsaved work: the work
# stands in the slot or in a rescue ref, never nowhere, and the same command run again ends with the other branch in a
# clean slot.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"

# The edit, the staged file and the untracked one are in some rescue commit; and no rescue holds anything else.
# All of it stands in one commit; what a checkout had written of a file when it was cut off may stand in another.
work_is_rescued() {
  local ref
  for ref in $(git for-each-ref --format='%(refname)' refs/git-plan/rescue); do
    if [[ $(git ls-tree --name-only "$ref" | tr '\n' ' ') == '.gitignore .plan README.md notes.txt staged.txt ' &&
      $(git show "$ref:README.md" "$ref:staged.txt" "$ref:notes.txt" | tr '\n' ';') == '# A project;edited;staged;notes;' ]]; then
      return
    fi
  done
  fail "what stood in the slot is in no rescue ref"
}

slot_is_replaced() {
  same "$(git -C .worktrees/worker-1 symbolic-ref --short HEAD)" other
  same "$(git -C .worktrees/worker-1 status --porcelain --ignored)" ''
  same "$(cat .worktrees/worker-1/other.txt)" other
  same_lines worker-1 ls .worktrees
  same_lines worker-1 ls .git/worktrees
  work_is_rescued
  no_leftovers
}

# shellcheck disable=SC2317 # called by kill_sweep
verify() {
  fsck_clean
  run git wave worker add 1 other
  exits 0
  slot_is_replaced
  same_checkout
  fsck_clean
}

new_repo
as Ada
commit_file .gitignore '*.o' "Ignore what is built"
git branch other
independent_plan 1
git task start -q 001 >/dev/null
(
  git worktree add -q ../aside other
  cd ../aside
  commit_file other.txt other "Other"
)
git worktree remove ../aside
(
  cd .worktrees/worker-1
  echo edited >>README.md
  echo staged >staged.txt
  git add staged.txt
  echo notes >notes.txt
  echo object >built.o
)
echo dirty >>README.md
checkout_snapshot

for mode in --whole-tree --root-only --disk-full; do
  kill_sweep "$mode" verify git-wave worker add 1 other
  slot_is_replaced
  cd "$scratch"
  rm -rf repo
  cp -a "$state/pristine" repo
  cd repo
done
