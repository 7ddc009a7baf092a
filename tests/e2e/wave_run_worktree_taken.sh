#!/bin/bash
# timeout: 200
# Somebody takes a worker's worktree away, or gives it to something else, while the worker is at work.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

begin() { # REPOSITORY ARGUMENT…
  new_repo "$1"
  independent_plan 1
  git branch other
  rm -f "$HOME/go" "$HOME"/half.*
  "$GITPLAN_BIN/git-wave" run -j 1 --json=lines "${@:2}" -x '
    "$MAKE" && echo half >half.txt && touch "$HOME/half.$GIT_TASK_ATTEMPT"
    until [ -e "$HOME/go" ]; do sleep 0.05; done
    git add half.txt && git commit -q -m Half || exit 3' >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
  wait_until test -e "$HOME/half.1"
}
ends_with() { # STATUS
  local run_status=0
  wait "$run_id" || run_status=$?
  same "$run_status" "$1"
}

# Our verbs refuse it, and say who has it; the run goes on as if nothing had been.
begin refused
hints="hint: to see how far it is, run: git wave status
hint: to take the task from it, run: git task reset session-20250102-030405/001"
run git wave worker remove 1
exits 3
complains "error: worker 1 of a run is at task '001'
$hints"
run git wave worker add 1 other
exits 3
complains "error: worker 1 of a run is at task '001'
$hints"
run git task start 001
exits 3
run git wave next --json
json '[.available, (.tasks | length)]' '[[],0]'
touch "$HOME/go"
ends_with 0
merged_once 001
expect git cat-file -e flow:half.txt
leaves_nothing

# Taken all the same: that attempt failed, and the next one is given a new worktree.
for taken in 'wave finish -f 001' 'worktree remove -f .worktrees/worker-1'; do
  begin "${taken%% *}" --retries=1
  # shellcheck disable=SC2086 # words
  run git $taken
  wait_until test -e "$HOME/half.2"
  touch "$HOME/go"
  ends_with 0
  same "$(jq -rc 'select(.event == "retried") | [.task, .attempt, .reason]' "$state/run.out")" \
    '["001",2,"its worktree was removed while it was at work"]'
  merged_once 001
  expect git cat-file -e flow:half.txt
  git wave worker prune --expire=now -q >"$out"
  leaves_nothing
done
begin last --retries=0
git worktree remove -f .worktrees/worker-1
ends_with 1
same "$(git task show 001 --json | jq -r '[.status, .reason] | join(": ")')" 'failed: its worktree was removed while it was at work'

# Moved by hand: what it has not committed is where nobody looks. Moved by git, it is looked for there.
begin moved --retries=0
mv .worktrees elsewhere
touch "$HOME/go"
ends_with 1
same "$(git task show 001 --json | jq -r '[.status, .reason] | join(": ")')" \
  "failed: its worktree was moved to '$PWD/elsewhere/worker-1' while it was at work"
expect test -e elsewhere/worker-1/half.txt
begin moved_by_git
git worktree move .worktrees/worker-1 "$scratch/there"
touch "$HOME/go"
ends_with 0
merged_once 001
git worktree remove -f "$scratch/there" 2>/dev/null

# Merged by its worker, but that is at it still: left alone.
new_repo merged
independent_plan 1
rm -f "$HOME/go"
git wave run -q -x '"$MAKE" && git update-ref refs/heads/flow HEAD && touch "$HOME/merged" && until [ -e "$HOME/go" ]; do sleep 0.05; done' >"$out" 2>"$err" &
run_id=$!
wait_until test -e "$HOME/merged"
run git wave finish
complains_like "^warning: task '001' is merged, but worker 1 of a run is at it still"
run git wave finish 001
exits 3
complains_like "^error: worker 1 of a run is at task '001'"
touch "$HOME/go"
ends_with 0
leaves_nothing
