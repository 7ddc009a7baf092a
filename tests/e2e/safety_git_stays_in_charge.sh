#!/bin/bash
# Killed halfway, called from hooks, set up oddly: slots end well, and nothing of the caller's leaks into them.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 3
git branch side

# Half-made slots are finished: a claim whose owner is dead, before and after the checkout began.
git task start 001 -q >/dev/null
admin=$(git -C .worktrees/worker-1 rev-parse --absolute-git-dir)
sed -i -e 's/^pid .*/pid 1/' -e 's/^start-time .*/start-time 1/' -e 's/^phase .*/phase filling/' "$admin/git-plan-slot"
rm .worktrees/worker-1/README.md "$admin/index"
run git wave status --json
json '.workers[0].state' broken
run git wave next --json
json '[.tasks[].id]' '["001","002","003"]'
run git task start 001
prints "001  task/001-task-1  .worktrees/worker-1"
complains_unlike rescued
expect test -f .worktrees/worker-1/README.md
same "$(git -C .worktrees/worker-1 status --porcelain)" ""

# Before what stood there was saved: it is saved now.
sed -i -e 's/^pid .*/pid 1/' -e 's/^start-time .*/start-time 1/' -e 's/^phase .*/phase saving/' "$admin/git-plan-slot"
echo "precious" >.worktrees/worker-1/precious
run git task start 001
complains_like "^rescued uncommitted changes of '.worktrees/worker-1'"

# One that is being made by a living process is left to it.
sed -i -e "s/^pid .*/pid $$/" -e "s/^start-time .*/start-time $(cut -d' ' -f22 /proc/$$/stat)/" \
  -e 's/^phase .*/phase filling/' "$admin/git-plan-slot"
run git wave worker add 1 side
exits 5
complains_like "^error: worker 1 is being set up by process $$$"
run git wave worker remove 1
exits 5
run git wave start -j 9 --json
json '[.started[].task]' '["002","003"]'
sed -i 's/^phase .*/phase ready/' "$admin/git-plan-slot"

# A slot whose folder is gone holds nobody up.
rm -r .worktrees/worker-2
run git task show 002 --json
json '.status, has("worker")' 'in_progress
false'
run git task start 002
prints "002  task/002-task-2  .worktrees/worker-2"

# A caller's environment: GIT_DIR, GIT_INDEX_FILE, GIT_WORK_TREE point elsewhere than the slot.
checkout_snapshot .
work 1 a
export GIT_DIR=$PWD/.git GIT_INDEX_FILE=$PWD/.git/index GIT_WORK_TREE=$PWD
run git wave worker add 5 side
run git task done 001
run git wave finish
run git task reset 003
unset GIT_DIR GIT_INDEX_FILE GIT_WORK_TREE
same_checkout
expect test -f .worktrees/worker-5/README.md
same "$(git -C .worktrees/worker-5 status --porcelain)" ""

# A sparse main checkout stays so, and slots are whole or sparse as git makes them.
commit_file deep/er/file file "Deep"
git sparse-checkout set --cone other 2>/dev/null
checkout_snapshot .
run git task start 003 --json
worker=$(jq -r .worker "$out")
same_checkout
work "$worker" three
run git task done 003
same_checkout
fsck_clean
no_locks
