#!/bin/bash
# One plan is not taken for another: what a deleted one left, a worktree of one and the name of another, a checkout of it.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada

# Workers and branches that a deleted plan left are not the tasks of a new one of that name.
new_repo deleted
independent_plan 1
git task start -q 001 >"$out"
work_in .worktrees/worker-1 1
run git plan delete -f session-20250102-030405
exits 0
complains_like "^warning: worker 1 still has task 001 of it, in '.worktrees/worker-1'$"
run git plan create session-20250102-030405 --request="Something else"
exits 3
complains "error: worker 1 still works for a plan 'session-20250102-030405' that was deleted
hint: to save what it holds and free it, run: git wave worker remove 1"
git wave worker remove 1 >"$out"
run git plan create session-20250102-030405 --request="Something else"
exits 3
complains "error: a plan 'session-20250102-030405' that was deleted left 1 branch: task/001-part-1
hint: if nothing on them is wanted, run: git branch -D task/001-part-1"
git branch -q -D task/001-part-1
run git plan create session-20250102-030405 --request="Something else"
exits 0

# In a worktree of one plan, the name of another one and no task: nobody can tell what is meant.
cd "$scratch"
new_repo named
for plan in one two; do
  git plan create -q "$plan" >"$out"
  git task add -q --plan="$plan" "Make it" >"$out"
done
git task start -q one/001 >"$out" 2>"$err"
cd .worktrees/worker-1
commit_file part.txt part "Make it"
for verb in reset cancel fail done show; do
  run git task "$verb" --plan=two
  exits 129
  complains_like "^error: plan 'two' is named, but no task of it, and this is a worktree of task 'one/001'$"
  export GIT_PLAN_SESSION=two
  run git task "$verb"
  exits 129
  unset GIT_PLAN_SESSION
done
same "$(git task list --plan=one --json | jq -r '.tasks[0].status')" in_progress
run git task done --plan=one
exits 0

# In the worktree of a deleted plan, no other one is written to or read.
cd "$scratch"
new_repo stranger
git plan create -q one >"$out"
git task add -q "Make it" >"$out"
git task start -q 1 >"$out" 2>"$err"
git plan create -q two >"$out"
git plan delete -q -f one >"$out" 2>"$err"
cd .worktrees/worker-1
for command in 'task list' 'plan show' 'wave next' 'task add more' 'plan update --note=x'; do
  # shellcheck disable=SC2086 # words they are
  run git $command
  exits 2
  prints_nothing
  complains_like "^error: no plan named 'one'"
done
run git task list --plan=two
exits 0
run git plan update --plan=two --note=x
prints 'plan/two v2'

# Two plans in one command: nobody can tell which is meant.
cd ../..
git plan create -q three >"$out"
git task add -q --plan=two "Make it" >"$out"
run git task cancel two/1 --plan=three
exits 129
complains "error: 'two/1' is no task of plan 'three'
hint: to see the tasks of that plan, run: git task list --plan=three"
run git task show two/1 --plan=two
exits 0
for command in show log check approve report graph export; do
  run git plan $command two --plan=nope
  exits 129
  complains_like "^error: two plans are named: 'two', and 'nope' by --plan$"
done
run git plan show two --plan=plan/two
exits 0

# A checkout of the plan's branch does not follow a write: that is said, and what the next commit there undoes is seen.
cd "$scratch"
new_repo checkout
independent_plan 1
git worktree add -q ../plan plan/session-20250102-030405
echo '# by hand' >>../plan/plan.toml
run git task add "Make part 2"
exits 0
complains_like "^warning: '$scratch/plan' has 'plan/session-20250102-030405' checked out, and not this version of it$"
git task start -q 002 >"$out"
git -C ../plan commit -qam "By hand"
run git plan check
exits 0
prints_like "^warning: worker 1 has task '002', which the plan does not have$"

# What a branch or a word names is named in what follows, too; a folder's slash is no session's.
new_repo by-branch
git plan create first -q -F - <<<'{"tasks": [{"id": "001", "description": "A"}]}'
git plan create second -q -F - <<<'{"tasks": [{"id": "001", "description": "A"}]}'
git task start first/1 -q >/dev/null
git task start second/1 -q >/dev/null
git plan use first -q
for word in second/1 task/001-a-2; do
  run git task "done" "$word"
  exits 3
  complains_like '^hint: to merge it all the same, run: git task done 001 --allow-empty --plan=second$'
done
complains_like "^using plan 'second' \(that of the branch\)$"
run git task add 'mend a/b' --id=001
exits 3
complains_like '^hint: to see it, run: git task show 001$'

# A plan that somebody has checked out is not deleted under them, as a branch is not.
git worktree add -q ../first plan/first
run git plan delete -f first
exits 3
complains "error: cannot delete plan 'first': its branch is checked out at '$scratch/first'
hint: to leave it there, run: git -C $scratch/first checkout --detach"
git -C ../first checkout -q --detach
run git plan delete -f first
exits 0
