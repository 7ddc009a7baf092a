#!/bin/bash
# `wave start`: how many, which ones, and what it says when there is nothing to start.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 8
started() { jq -c '[.started[].task]' "$out"; }

run git wave start --json # three, by default
same "$(started)" '["001","002","003"]'
run git wave start --json # they have one
same "$(started)" '[]'
exits 0
git config wave.maxParallel 4
run git wave start --json
same "$(started)" '["004"]'
export GIT_WAVE_MAX_PARALLEL=5
run git wave start --json
same "$(started)" '["005"]'
run git wave start -j 6 --json
same "$(started)" '["006"]'
for bad in 0 -2 x ''; do
  run git wave start -j "$bad"
  fails
  prints_nothing
done
GIT_WAVE_MAX_PARALLEL=many run git wave start
exits 128
complains_like "GIT_WAVE_MAX_PARALLEL"
unset GIT_WAVE_MAX_PARALLEL

# Tasks by name; one that cannot start does not hold back the others.
run git wave start -j 9 008 001 --json
same "$(started)" '["008"]'
complains_like "^warning: task '001' was not started: task '001' is with worker 1 already"
run git wave start -j 9 001
exits 3
run git wave start -j 9 042
exits 2
run git wave start -j 7 007
prints_nothing
complains_like "task '007' waits: 7 tasks have a worker \(-j 7\)"
run git wave next --json
json '[.tasks[].id]' '["007"]'
run git wave start -j 9
prints "007  task/007-task-7  .worktrees/worker-8"
run git wave next --exit-code
exits 1
prints_nothing
run git wave next
prints_nothing
expect test -z "$(git status --porcelain)" # .worktrees/ is excluded
same "$(grep -c '^/.worktrees/$' .git/info/exclude)" 1
