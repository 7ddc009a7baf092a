#!/bin/bash
# timeout: 300
# `git plan clean` takes what finished plans have left out of flow and off the list of branches; the plans stay, and
# their record alone counts from then on.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

build() { # SESSION ID
  git task start "$1/$2" -q >/dev/null
  work 1 "$1-$2.txt"
  git task done "$1/$2" -q >/dev/null
  git wave worker remove 1 -q >/dev/null
}
plan_toml() { git show "plan/$1:plan.toml"; } # SESSION

new_repo
{
  printf 'session_id = "s1"\n'
  printf '[[tasks]]\nid = "%s"\ndescription = "Task %s"\nprovides = ["part %s"]\n' 001 1 1 002 2 2 003 3 3
} | git plan create -q -F - >/dev/null 2>&1
build s1 001
tip=$(git rev-parse task/001-task-1)
# 002 is squashed, and so only by its file in flow; 003 is cancelled, with a branch of its own.
git task start s1/002 -q >/dev/null
work 1 two.txt
git checkout -q flow && git merge -q --squash task/002-task-2 >/dev/null && git commit -q -m "Squash 002" && git checkout -q main
git wave worker remove 1 -q >/dev/null
git task create s1/003 -q >/dev/null
git task cancel s1/003 -q >/dev/null
free_plan 1 s2
{ printf 'session_id = "s3"\n[[tasks]]\nid = "001"\ndescription = "Use it"\npreconditions = ["part 2"]\n'; } |
  git plan create -q -F - >/dev/null 2>&1
git plan create -q s4 >/dev/null 2>&1

# What would be done; nothing is.
repository_snapshot
checkout_snapshot
run git plan clean -n
prints "would clean up s1
would delete task/001-task-1 (was $tip)
kept s2: 0 of 1 tasks completed
kept s3: 0 of 1 tasks completed
kept s4: it has no tasks
kept task/002-task-2: 'flow' lacks commits of it
kept task/003-task-3: 'flow' lacks commits of it"
same_repository

at 2025-01-13T09:00:00Z
flow=$(git rev-parse flow)
run git plan clean --json
json .success true
json '.cleaned | join(",")' s1
json '[.kept[] | .session_id + ": " + .reason] | join("; ")' \
  's2: 0 of 1 tasks completed; s3: 0 of 1 tasks completed; s4: it has no tasks'
json '[.removed_branches[] | .branch + " " + .tip] | join(",")' "task/001-task-1 $tip"
json .commit "$(git rev-parse flow)"
json '.dropped_refs | length' 0
same_checkout
same "$(git log -1 --format='%s %P' flow)" "Clean up plan s1 $flow"
same "$(git ls-tree --name-only flow | tr '\n' ' ')" "README.md s1-001.txt two.txt "
same "$(plan_toml s1 | grep -E '^(status|cleaned_at)' | tr '\n' ' ')" \
  'cleaned_at = 2025-01-13T09:00:00Z status = "completed" status = "completed" status = "cancelled" '
same "$(git branch --list 'task/*' --format='%(refname:short)' | tr '\n' ' ')" "task/002-task-2 task/003-task-3 "

# Said again it does what is left: nothing, or with -f the branches that flow lacks commits of.
run git plan clean
prints_unlike '^cleaned up'
run git plan clean -f --json
json '.cleaned | length' 0
json '[.removed_branches[].branch] | join(",")' 'task/002-task-2,task/003-task-3'
json .commit null
same "$(git branch --list 'task/*')" ''

# The record counts: nothing is missed, what the tasks provide is there for others, and nothing begins anew.
run git plan check s1
exits 0
prints_unlike 'does not have it'
run git plan show s1 --json
json '"\(.completed_tasks) of \(.total_tasks) \(.state) \(.cleaned_at)"' '2 of 3 completed 2025-01-13T09:00:00Z'
run git wave next --plan=s3 --json
json '[.tasks[].id] | join(",")' 001
json '.available | index("part 2") != null'
run git plan provides --plan=s2
prints_like '^part 1$'
run git task done s1/001
prints "001 is in flow already (v$(plan_toml s1 | sed -n 's/^version = //p'))"
before=$(git for-each-ref)
refused() { # COMMAND…
  run git "$@" --plan=s1
  exits 3
  prints_nothing
  same "$(git for-each-ref)" "$before"
}
refused task add 'One more'
complains "error: plan 's1' is finished, and was cleaned up at 2025-01-13T09:00:00Z
hint: for what is to be done now, run: git plan create"
refused task reset 001
refused task reset 003
refused task fail 001
refused task fail 003
refused task cancel 001
refused task start 001
complains_like '^hint: for what is to be done now, run: git plan create$'
refused task start -f 003
refused task done 003
refused plan update --fail=003
plan_toml s1 | sed 's/^status = "cancelled"/status = "pending"/' >edited.toml
run git plan edit s1 -F edited.toml
exits 3
complains_like "^error: plan 's1' is finished, and was cleaned up at "
complains_like '^hint: for what is to be done now, run: git plan create$'
run env GIT_EDITOR="cp edited.toml" git plan edit s1
exits 3
complains_like "^error: plan 's1' is finished, and was cleaned up at "
complains_like "^hint: your text is kept in "
rm edited.toml
run git plan update --plan=s1 --note='It was good'
run git plan update --plan=s1 --set cleaned_at=x
exits 129
run git plan report s1
prints_like 'Task 1'

# A slot is never touched, nor the branch that it, or any worktree, has checked out; a plan that --plan names is cleaned
# up alone, and must be finished.
free_plan 2 s5
git task start s5/001 -q >/dev/null
work 1 five.txt
git task done s5/001 -q >/dev/null
run git plan clean --plan=s5
exits 3
complains "error: plan 's5' is not cleaned up: 1 of 2 tasks completed
hint: to see it, run: git plan show s5"
git plan update -q --plan=s5 --cancel=002 >/dev/null
echo "unsaved" >.worktrees/worker-1/unsaved.txt
git worktree add -q ../elsewhere -b task/009-elsewhere >/dev/null
slot_state=$(worktree_state .worktrees/worker-1)
run git plan clean --plan=s5 -f
prints "cleaned up s5
flow is at $(git rev-parse --short=10 flow)
kept task/001-task-1: it is checked out in '$PWD/.worktrees/worker-1'"
same "$(worktree_state .worktrees/worker-1)" "$slot_state"
run git wave status --plan=s5 --json
json '.workers[0].state' merged
rm .worktrees/worker-1/unsaved.txt
run git wave finish --plan=s5
prints_like '^removed +.worktrees/worker-1$'

# What was reverted, and is recorded, is looked at first.
free_plan 1 s6
build s6 001
git checkout -q flow && git revert -m 1 --no-edit HEAD >/dev/null && git checkout -q main
run git plan clean --plan=s6
exits 3
complains_like "^error: plan 's6' is not cleaned up: task '001' is recorded completed, but 'flow' does not have it$"

# A checkout of flow follows, or nothing is done.
free_plan 1 s7
build s7 001
git checkout -q flow
file=$(git ls-files .plan/s7)
echo "# mine" >>"$file"
run git plan clean --plan=s7
exits 3
complains_like "^error: local changes in '$PWD', which has 'flow' checked out, are in the way; nothing was cleaned up$"
complains_like '^hint: then run again: git plan clean$'
same "$(plan_toml s7 | grep cleaned_at || true)" ''
git checkout -q .plan
run git plan clean --plan=s7
expect_not test -e .plan/s7
same "$(git status --porcelain)" ''
git checkout -q main

# Commits that came after the merge are merged first.
free_plan 1 u1
git task start u1/001 -q >/dev/null
work 1 u1.txt
branch=$(git -C .worktrees/worker-1 branch --show-current)
git task done u1/001 -q >/dev/null
work 1 later.txt
run git plan clean --plan=u1
exits 3
complains_like "^error: plan 'u1' is not cleaned up: task '001' has commits on '$branch' that 'flow' lacks$"
run git plan clean --json
json '[.kept[] | select(.session_id == "u1") | .reason] | join(",")' \
  "task '001' has commits on '$branch' that 'flow' lacks"
git task done u1/001 -q >/dev/null
git plan clean -q --plan=u1 >/dev/null
# So they are, and never said to be in flow, where they came after the clean-up, too.
work 1 latest.txt
run git task done u1/001
exits 3
prints_nothing
complains "error: task '001' has commits on '$branch' that 'flow' lacks, and its plan was cleaned up; nothing was merged
hint: to merge them, run: git plan merge $branch --plan=u1"
run git wave finish --plan=u1
complains_like "$branch"
expect test -e .worktrees/worker-1
run git plan merge "$branch" --plan=u1
exits 0
same "$(git ls-tree --name-only flow latest.txt later.txt .plan/u1 | tr '\n' ' ')" 'later.txt latest.txt '
run git task done u1/001
exits 0
git wave finish -q --plan=u1 >/dev/null

# Attempts of finished plans, and rescued work, go when they are older than 30 days; those of others stay.
free_plan 1 s8
git task start s8/001 -q >/dev/null
work 1 eight.txt
git task reset s8/001 -q >/dev/null
build s8 001
free_plan 1 s9
git task start s9/001 -q >/dev/null
echo "unsaved" >.worktrees/worker-1/unsaved.txt
git task reset s9/001 -q >/dev/null 2>&1
kept() { git for-each-ref --format='%(refname)' refs/git-plan | sed 's,/[0-9TZ]*$,,' | tr '\n' ' '; }
same "$(kept)" 'refs/git-plan/attempts/s8/001 refs/git-plan/attempts/s9/001 refs/git-plan/rescue/worker-1 '
at 2025-02-11T09:00:00Z
run git plan clean --json
json '.dropped_refs | length' 0
at 2025-02-13T09:00:00Z
run git plan clean --json
json '[.dropped_refs[].ref | sub("/[0-9TZ]*$"; "")] | join(",")' 'refs/git-plan/rescue/worker-1,refs/git-plan/attempts/s8/001'
same "$(kept)" 'refs/git-plan/attempts/s9/001 '
fsck_clean
no_locks

# Several plans are one commit, several flow branches one each.
new_repo several
for session in t1 t2 t3; do
  free_plan 1 "$session"
  [[ $session != t3 ]] || git plan update -q --plan=t3 --set flow_branch=next >/dev/null
  build "$session" 001
done
run git plan clean --json
json '.cleaned | join(",")' 't1,t2,t3'
json '[.commits[].flow_branch] | join(",")' 'flow,next'
same "$(git log -1 --format=%B flow)" "Clean up 2 finished plans

- t1
- t2"
same "$(git log -1 --format=%s next)" "Clean up plan t3"

# Without a finished plan nothing is dropped.
new_repo unfinished
free_plan 1
git task start 001 -q >/dev/null
echo "unsaved" >.worktrees/worker-1/unsaved.txt
git task reset 001 -q >/dev/null 2>&1
before=$(git for-each-ref refs/git-plan)
expect test -n "$before"
at 2025-06-13T09:00:00Z
run git plan clean
same "$(git for-each-ref refs/git-plan)" "$before"
