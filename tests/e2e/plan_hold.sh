#!/bin/bash
# A plan on hold: nothing of it starts, by whichever verb, and what is under way lands.
source "$(dirname "$0")/lib.sh"
as Ada
new_repo
git plan create session-20250102-030405 -q >/dev/null
git task add One --provides one -q >/dev/null
git task add Two -q >/dev/null
git task add Three --needs one -q >/dev/null
git task start 001 -q >/dev/null
(cd .worktrees/worker-1 && commit_file one.txt one One)

run git plan update --set hold='the API is about to change'
exits 0
for words in 'task start 002' 'task create 002' 'wave start' 'wave run -x true'; do
  # shellcheck disable=SC2086 # words
  run git $words
  exits 3
  complains_like "^error: plan 'session-20250102-030405' is on hold: the API is about to change$"
  complains_like '^hint: to let it go on, run: git plan update --set hold=$'
done
run git task start 002 --json
exits 3
json_error .error.code on_hold
same "$(git branch --list 'task/002*')" ''
run git wave next --json
exits 0
json .tasks '[]'
json '[.blocked[] | select(.id == "002") | .reason]' '["on hold: the API is about to change"]'
run git wave next
exits 0
complains_like '^the plan is on hold: the API is about to change$'
run git plan show
exits 0
prints_like '^on hold: the API is about to change$'
run git plan show --json
json .hold 'the API is about to change'

# What was begun goes on.
run git task done 001
exits 0
run git plan update --set hold=
exits 0
expect_not git grep -q '^hold' plan/session-20250102-030405 -- plan.toml
run git wave next --json
json '[.tasks[].id]' '["002","003"]'

# A run that is under way starts nothing more.
run git wave run -j 1 -x 'git plan update --set hold=wait -q; echo "$GIT_TASK_ID" >"$GIT_TASK_ID.txt"; git add .; git commit -q -m Work'
exits 1
same "$(git task list --json | jq -c '[.tasks[].status]')" '["completed","completed","pending"]'
prints_like '^003  pending: on hold: wait$'
