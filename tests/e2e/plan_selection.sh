#!/bin/bash
# Which plan and which task a command works on (section 3), from wherever it is run.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
tasks='[{"id": "001", "description": "One"}, {"id": "002", "description": "Two"}]'
for hour in 14 15 16; do
  at "2025-01-12T$hour:30:00Z"
  run git plan create -q -F - <<<"{\"user_request\": \"at $hour\", \"tasks\": $tasks}"
done
one=session-20250112-143000 two=session-20250112-153000 three=session-20250112-163000
shown() { git "$@" --json | jq -r .session_id; }

# The last created is current, and a write says so, for there are others.
same "$(shown plan show)" $three
run git plan update --note=x
prints "plan/$three v2"
complains "using plan '$three' (plan.current)"
run git plan update --note=y -q
complains_nothing
run git task list
complains_nothing

# --plan before GIT_PLAN_SESSION before the task branch here before plan.current.
run git task create $two/1 -q
git switch -q task/001-one
same "$(shown plan show)" $two
run git plan update --note=x
prints "plan/$two v2"
complains_nothing
run git task show
prints_like '^Task 001 '
same "$(GIT_PLAN_SESSION=plan/$one shown plan show)" $one
same "$(GIT_PLAN_SESSION=$one shown plan show --plan=plan/$three)" $three
same "$(GIT_PLAN_SESSION=$one shown plan show $three)" $three
same "$(GIT_PLAN_SESSION='' shown plan show)" $two
run env GIT_PLAN_SESSION=nope git plan show
exits 2
complains_like "^error: no plan named 'nope'"
git switch -q main

# plan.current from everywhere that git reads configuration.
same "$(shown -c plan.current=$one plan show)" $one
same "$(GIT_CONFIG_COUNT=1 GIT_CONFIG_KEY_0=plan.current GIT_CONFIG_VALUE_0=$one shown plan show)" $one
git config --unset plan.current
git config includeIf.onbranch:main.path included
printf '[plan]\n\tcurrent = %s\n' $two >.git/included
same "$(shown plan show)" $two
rm .git/included
git config extensions.worktreeConfig true
git config --worktree plan.current $one
same "$(shown plan show)" $one
git config --worktree --unset plan.current

# Nobody chose: the list, and exit 2. A current plan that is gone chooses nothing.
git config plan.current gone
for command in 'plan show' 'plan update --note=x' 'task list' 'task show 1' 'wave next' 'wave start'; do
  # shellcheck disable=SC2086 # words they are
  run git $command
  exits 2
  prints_nothing
  complains <<END
error: which plan? none is chosen
error: plan '$one' is ready
error: plan '$two' is ready
error: plan '$three' is ready
hint: to choose one, run: git plan use $one
END
done
run git plan show --json
exits 2
json_error '.error.message | contains("'$two'")'

# The only unfinished one needs no choice; and of finished ones, those who read get the newest.
run git plan update --plan=$one --cancel=1,2 -q
run git plan update --plan=$three --cancel=1,2 -q
run git plan update --note=z
prints "plan/$two v3"
complains_nothing
run git plan use $three
same "$(shown plan show)" $two
run git plan update --cancel=1,2
prints "plan/$two v4"
same "$(shown plan show)" $three
run git plan update --note=x
exits 2
complains_like "^hint: .*--plan="

# A task by number, id, session, branch.
for word in 1 001 0001 $two/1 $two/001 task/001-one refs/heads/task/001-one; do
  run git task show --plan=$two "$word" --json
  json '[.id, .branch]' '["001","task/001-one"]'
done
run git task show task/001-one
prints_like '^Task 001 '
run git task show $two/3
exits 2
complains_like "^error: no task '3' in plan '$two'$"
run git task show task/002-two
exits 2
run git task show nope/1
exits 2
run git task show
exits 129
run git plan show session-20250112-14300
exits 2
complains_like "did you mean 'session-20250112-143000'\?$"
run git plan show --plan=
exits 2
