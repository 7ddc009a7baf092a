#!/bin/bash
# timeout: 300
# A done task waits to land, and somebody moves its branch with plain git: what lands as done is what was done.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada

# Waits at the first verification until the story says so.
hold_verification() {
  rm -f "$HOME/go" "$HOME/verifying"
  script check <<'END'
[ ! -e "$HOME/go" ] || exit 0
touch "$HOME/verifying"
until [ -e "$HOME/go" ]; do sleep 0.05; done
END
}
# Two commits a task, by one worker; the second task keeps the slot.
begin() { # REPOSITORY
  new_repo "$1"
  independent_plan 2
  fresh_verify
  hold_verification
  rm -f "$HOME/second"
  script work <<'END'
[ "$GIT_TASK_ID" != 002 ] || { touch "$HOME/second"; until [ -e "$HOME/go" ]; do sleep 0.05; done; }
echo "by attempt" >>"first-$GIT_TASK_ID.txt"
git add . && git commit -q -m "First of $GIT_TASK_ID" && "$MAKE"
END
  "$GITPLAN_BIN/git-wave" run -j 1 --keep-going --json=lines --verify="$verify" -- "$HOME/work" >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
  wait_until test -e "$HOME/verifying" -a -e "$HOME/second"
  same "$(tasks_done)" 001
  branch=$(git for-each-ref --format='%(refname:short)' 'refs/heads/task/001-*')
  second=$(git for-each-ref --format='%(refname:short)' 'refs/heads/task/002-*')
  tip=$(git rev-parse "$branch")
}
go_on() { # [STATUS]
  local run_status=0
  touch "$HOME/go"
  wait "$run_id" || run_status=$?
  same "$run_status" "${1:-0}"
}
said_of_001() { jq -rc 'select(.task == "001" and .event != "started") | [.event, .reason // ""]' "$state/run.out"; }
kept() { git for-each-ref --contains "$tip" --format='%(refname)' refs/git-plan/attempts; }

# Set back to where it began, or by one commit: it starts over, with what was done kept.
for back in 2 1; do
  begin "back$back"
  git branch -qf "$branch" "$branch~$back"
  go_on
  same "$(said_of_001 | grep skipped)" "[\"skipped\",\"its branch was set back meanwhile, from ${tip:0:10}\"]"
  expect test -n "$(kept)"
  merged_once 001 002
  expect git cat-file -e flow:first-001.txt
  landing_leaves_nothing
done

# Other commits in their place land.
begin amended
git worktree add -q ../late "$branch"
(cd ../late && echo amended >amended.txt && git add . && git commit -q --amend -m Amended)
git worktree remove ../late
go_on
same "$(said_of_001 | grep -c skipped || true)" 0
expect git cat-file -e flow:amended.txt
merged_once 001 002
landing_leaves_nothing

# Set to another's, it is not this task's any more: it cannot be made anew either, which is said.
begin other
git branch -qf "$branch" "$second"
go_on 1
same "$(said_of_001 | grep skipped)" "[\"skipped\",\"its branch was set back meanwhile, from ${tip:0:10}\"]"
expect test -n "$(kept)"

# Deleted, as if it were merged: what was done lands.
begin deleted
git branch -qD "$branch"
go_on
same "$(said_of_001 | grep -c skipped || true)" 0
same "$(git merge-base "$tip" flow)" "$tip"
merged_once 001 002
landing_leaves_nothing
