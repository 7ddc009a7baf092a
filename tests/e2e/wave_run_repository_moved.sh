#!/bin/bash
# A repository that is moved under a live run: it ends, says so, and blames nobody; nothing is made where it was.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

new_repo before
independent_plan 2
moved=${PWD%/*}/after
before=$PWD
cd ..
GIT_PLAN_SESSION='' git -C "$before" wave run -j 1 --keep-going --retries=0 -x '
  "$MAKE"; echo half >half.txt; touch "$HOME/half"; sleep 100' >"$state/run.out" 2>"$state/run.err" &
run_id=$!
wait_until test -e "$HOME/half"
mv "$before" "$moved"
run_status=0
wait "$run_id" || run_status=$?
same "$run_status" 128
cp "$state/run.err" "$err"
complains_like "^error: the repository is not at '$before/.git' any more: its workers were ended, and what they did is left as it stands$"
complains_like '^hint: if it was moved, to mend its worktrees, run there: git worktree repair$'
no_processes
expect_not test -e "$before"

cd "$moved"
same "$(git task list --json | jq -c '[.tasks[].status]')" '["in_progress","pending"]'
same "$(cat .worktrees/worker-1/half.txt)" half
git worktree repair .worktrees/worker-1 >"$out" 2>&1
run git wave run -j 1 --keep-going --retries=0 -x '"$MAKE"; git add . && git commit -q -m "All of it" || true'
exits 0
merged_once 001 002
expect git cat-file -e flow:half.txt
