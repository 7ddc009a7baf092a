#!/bin/bash
# Status is derived from git facts, whoever did the step: a merge by hand, a squash, a rebase; a revert; a clean-up.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
free_plan 8
status_of() { git task show "s1/$1" --json | jq -r .status; }
state_is() { same "$(git plan show s1 --json | jq -r .state)" "$1"; }
worked() { # N: creates the branch, with a commit of its own
  run git task create "$1" -q
  git switch -q "task/00$1-task-$1"
  commit_file "file$1" "$1" "Work on $1"
  git switch -q flow
}
state_is ready
same "$(status_of 1)" pending
worked 1
same "$(status_of 1)" in_progress

# By git merge, with any message.
git merge -q --no-ff -m 'Whatever' task/001-task-1
same "$(status_of 1)" completed

# Squashed, as hosting sites do; the branch stays behind.
worked 2
git merge -q --squash task/002-task-2
git commit -q -m 'Task 2 (#7)'
same "$(status_of 2)" completed

# Rebased, under another name.
worked 3
git switch -q -c renamed task/003-task-3
git rebase -q flow
git switch -q flow
git merge -q --ff-only renamed
same "$(status_of 3)" completed

# Reading recorded nothing; the next write records all that it sees, in its one version.
same "$(git show plan/s1:plan.toml | grep -c completed || true)" 0
run git plan update --note=Seen
prints 'plan/s1 v2'
same "$(git show plan/s1:plan.toml | grep -c '^status = "completed"$')" 3

# So that a clean-up of .plan forgets nothing, whether of a file or of all: it is no revert.
for path in .plan/s1/002-task-2.toml .plan/s1; do
  git rm -rq "$path"
  git commit -q -m 'Clean up'
  same "$(status_of 1) $(status_of 2) $(status_of 3)" 'completed completed completed'
  run git plan check s1 --json
  json '.warnings | map(select(.code == "not_in_flow"))' '[]'
  for task in 1 2; do
    run git task "done" "$task"
    prints_like "^00$task is in flow already"
  done
done
git reset -q --hard HEAD~2
run git plan check s1 --json
json '.warnings | map(select(.code == "not_in_flow"))' '[]'

# A merge that is reverted leaves the record: check warns, done says how, reset starts over.
worked 4
run git task "done" 4 -q
revert_of=$(git log -1 --format=%H flow)
git revert --no-edit -m 1 "$revert_of" >/dev/null
same "$(status_of 4)" completed
run git plan check s1
prints_like "^warning: line [0-9]+: task '004' is recorded completed, but 'flow' does not have it \(reverted\?\); to start it over: git task reset s1/004$"
run git task "done" 4
exits 3
complains_like 'git task reset'
run git task reset 4 -q
same "$(status_of 4)" pending
# So does a squash that is reverted.
git revert --no-edit "$(git log -1 --format=%H --fixed-strings --grep='Task 2 (#7)')" >/dev/null
run git task "done" 2
exits 3
complains_like 'git task reset'
git revert --no-edit HEAD >/dev/null
run git for-each-ref --format='%(refname)' refs/git-plan/attempts/
prints_like 'refs/git-plan/attempts/'

# What flow has can neither fail, nor be given up, nor start over.
for command in 'task fail 1' 'task cancel 1' 'task reset 1' 'plan update --fail=1' 'plan update --cancel=1'; do
  # shellcheck disable=SC2086 # words they are
  run git $command
  exits 3
  prints_nothing
done

# Failed, cancelled; a branch of somebody else's is no progress.
run git task fail 5 -m 'Too hard' --needs-decision -q
run git task show 5 --json
json '[.status, .reason, .needs_decision]' '["failed","Too hard",true]'
run git task cancel 6 -q
git branch task/007-not-ours main
same "$(status_of 5) $(status_of 6) $(status_of 7)" 'failed cancelled pending'

# The plan: ready; running when nothing is left to start; stuck, and says why; completed.
state_is ready
run git plan update --cancel=4,8 -q
run git task create 7 -q
state_is running
run git task cancel 7 -q
state_is stuck
run git plan show s1
complains_like '^task 005 failed$'
run git task reset 5 -q
run git task cancel 5 -q
state_is completed
run git wave next --plan=s1
prints_nothing
run git wave next --plan=s1 --exit-code
exits 1
fsck_clean
