#!/bin/bash
# timeout: 300
# `git task done --verify` in many shells at once: one verifies for all that ask by the same command, nobody starves, and
# who leads may die.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada

hand_leaves_nothing() {
  no_processes
  nothing_left_over
  same "$(tasks_done)" ''
  same "$(find .git/git-plan/landing -type f)" ''
  fsck_clean
}

# All ten wait before the first verification ends.
new_repo
independent_plan 10
base=$(git rev-parse main)
for id in $(task_ids 10); do work_on_branch "$id"; done
fresh_verify
script check <<'END'
until [ -e "$HOME/ten" ]; do
  [ "$(git for-each-ref refs/git-plan/done | wc -l)" -lt 10 ] || touch "$HOME/ten"
  sleep 0.05
done
END
dirty_checkout
for id in $(task_ids 10); do spawn git task done "$id" --verify="$verify"; done
all_exit 0
same_checkout
mapfile -t all < <(task_ids 10)
merged_once "${all[@]}"
same "$(count_tasks completed)" 10
expect test "$(asked_count)" -le 3
flow_only_green "$base"
none_green_twice
hand_leaves_nothing

# Two commands side by side: each has its turn.
new_repo two_commands
independent_plan 8
base=$(git rev-parse main)
for id in $(task_ids 8); do work_on_branch "$id"; done
fresh_verify
cp "$verify" "$HOME/other"
for id in $(task_ids 8); do
  [[ ${id#00} -le 4 ]] && command=$verify || command=$HOME/other
  spawn git task done "$id" --verify="$command"
done
all_exit 0
mapfile -t all < <(task_ids 8)
merged_once "${all[@]}"
flow_only_green "$base"
hand_leaves_nothing

# Who leads is killed, and with it what it verified: the others go on.
new_repo killed
independent_plan 4
base=$(git rev-parse main)
for id in $(task_ids 4); do work_on_branch "$id"; done
fresh_verify
script check <<'END'
[ ! -e "$HOME/go" ] || exit 0
echo $$ >>"$HOME/held"
until [ -e "$HOME/go" ]; do sleep 0.05; done
END
"$GITPLAN_BIN/git-task" done 001 --verify="$verify" >"$state/first.out" 2>&1 &
first=$!
wait_until test -s "$HOME/held"
for id in 002 003 004; do spawn git task done "$id" --verify="$verify"; done
wait_until are_done 4
kill -KILL "$first"
wait "$first" 2>/dev/null || true
wait_until bash -c '! kill -0 "$(head -n 1 "$HOME/held")" 2>/dev/null'
touch "$HOME/go"
all_exit 0
merged_once 002 003 004
flow_only_green "$base"
# What it had handed in is as it was before; the same command again lands it.
run git task done 001 --verify="$verify"
exits 0
merged_once 001
none_green_twice
same "$(tasks_done)" ''
hand_leaves_nothing

# One that is bad among those that wait: only its shell is told.
new_repo one_bad
independent_plan 4
base=$(git rev-parse main)
for id in $(task_ids 4); do work_on_branch "$id"; done
git worktree add -q ../bad task/002-part-2
(cd ../bad && commit_file bad-2.txt bad Bad)
git worktree remove ../bad
fresh_verify
for id in $(task_ids 4); do
  [[ $id != 002 ]] || continue
  spawn git task done "$id" --verify="$verify"
done
run git task done 002 --verify="$verify"
exits 1
prints_like '^002 failed its verification: exit status 7; nothing was merged$'
all_exit 0
merged_once 001 003 004
flow_only_green "$base"
expect_not git cat-file -e flow:bad-2.txt
expect git cat-file -e refs/git-plan/red/session-20250102-030405/002:bad-2.txt
hand_leaves_nothing

# Ctrl-C: it ends, with what it verified, and the task is as it was.
new_repo interrupted
independent_plan 1
work_on_branch 001
fresh_verify
rm "$HOME/go" "$HOME/held"
script check <<'END'
[ ! -e "$HOME/go" ] || exit 0
echo $$ >"$HOME/held"
until [ -e "$HOME/go" ]; do sleep 0.05; done
END
for number in INT TERM; do
  rm -f "$HOME/held"
  env --default-signal=INT setsid "$GITPLAN_BIN/git-task" done 001 --verify="$verify" \
    >"$state/first.out" 2>&1 &
  first=$!
  wait_until test -s "$HOME/held"
  kill "-$number" "$first"
  ended=0
  wait "$first" 2>/dev/null || ended=$?
  same "$number $ended" "$number $([[ $number == INT ]] && echo 130 || echo 143)"
  wait_until bash -c '! kill -0 "$(cat "$HOME/held")" 2>/dev/null'
  same "$(tasks_done)" ''
  same "$(find .git/git-plan/landing -type f)" ''
  run git wave next --json
  json '[.tasks[].id]' '["001"]'
done
touch "$HOME/go"
run git task done 001 --verify="$verify"
exits 0
hand_leaves_nothing
