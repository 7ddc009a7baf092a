#!/bin/bash
# `wave status`: what each worker is at, whatever happened to its worktree.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
run git wave status
prints_nothing
free_plan 7
git branch side
git wave start -q -j 6 >/dev/null
state() { jq -r --arg n "$1" '.workers[] | select(.worker == $n) | .state' "$out"; }
field() { jq -c --arg n "$1" ".workers[] | select(.worker == \$n) | $2" "$out"; }

work 2 b && git task done 002 -q >/dev/null
git task fail 003 -q >/dev/null
git wave worker add 4 side -q >/dev/null
rm -r .worktrees/worker-5
(cd .worktrees/worker-6 && commit_file f f "Fix f" && echo x >x)
git worktree add -q .worktrees/worker-8 -b task/900-somebody-elses
repository_snapshot
run git wave status --json
same_repository
same "$(for n in 1 2 3 4 5 6 8; do state $n; done | xargs)" "working merged failed idle broken working idle"
same "$(field 6 '[.task, .branch, .dirty, .commits_ahead, .last_commit]')" '["006","task/006-task-6",true,1,"Fix f"]'
same "$(field 4 '[.branch, has("task"), .dirty]')" '["side",false,false]'
json '[.workers[].worktree_path]' \
  '[".worktrees/worker-1",".worktrees/worker-2",".worktrees/worker-3",".worktrees/worker-4",".worktrees/worker-5",".worktrees/worker-6",".worktrees/worker-8"]'
run git wave status
prints_like '^worker-2  merged '
run git wave worker list --json
same "$(state 2)" merged

# A worker that reset, rebased, or left its branch still has its task: the slot says so.
git -C .worktrees/worker-6 checkout -q --detach
run git wave status --json
same "$(field 6 '[.task, .state]')" '["006","working"]'
git -C .worktrees/worker-6 checkout -q -f -b elsewhere
run git wave status --json
same "$(field 6 '[.task, .branch]')" '["006","elsewhere"]'
run git wave start -j 9 --json
same "$(jq -c '[.started[].task]' "$out")" '["004","005","007"]'
git -C .worktrees/worker-1 reset -q --hard main
run git task show 001 --json
json '.status, .worker' 'in_progress
1'
(cd .worktrees/worker-1 && commit_file one one "One")
run git task done 001
expect git cat-file -e flow:.plan/s1/001-task-1.toml
