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
complains "using plan '$two' (that of the task here)"
run git plan update --note=x --plan=$one
complains_nothing
run git task show
prints_like '^Task 001 '
same "$(GIT_PLAN_SESSION=plan/$one shown plan show)" $one
same "$(GIT_PLAN_SESSION=$one shown plan show --plan=plan/$three)" $three
same "$(GIT_PLAN_SESSION=$one shown plan show $three)" $three
same "$(GIT_PLAN_SESSION='' shown plan show)" $two
run env GIT_PLAN_SESSION=$one git plan update --note=y
prints "plan/$one v3"
complains "using plan '$one' (GIT_PLAN_SESSION)"
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

# The only unfinished one needs no choice: whoever reads is told which it is, whoever writes chooses it.
current() { git config --get plan.current || echo none; }
run git plan update --plan=$one --cancel=1,2 -q
run git plan update --plan=$three --cancel=1,2 -q
run git plan show
prints_like "$two"
complains "using plan '$two' (the only unfinished one)"
same "$(current)" gone
run git plan update --note=z
prints "plan/$two v3"
complains "using plan '$two' (the only unfinished one)"
same "$(current)" $two
run git plan update --note=zz
prints "plan/$two v4"
complains_nothing

# What was chosen stays chosen: finished, and beside one that is not.
run git plan use $three
same "$(shown plan show)" $three
run git plan update --note=x
prints_like "^plan/$three "
complains "using plan '$three' (plan.current)"
run git wave next --json
json '[.plan_branch, .state, .tasks]' '["plan/'$three'","completed",[]]'
run git wave start --json
json '[.plan_branch, .started]' '["plan/'$three'",[]]'
run git task done 001
exits 3
same "$(current)" $three

# Where nobody chose and all are finished, who reads gets the newest, who writes the list.
run git plan update --cancel=1,2 --plan=$two
prints "plan/$two v5"
git config --unset plan.current
same "$(shown plan show)" $three
for command in 'plan update --note=x' 'task add More' 'task done 1' 'wave start' 'wave finish' 'wave run -x true'; do
  # shellcheck disable=SC2086 # words they are
  run git $command
  exits 2
  complains_like "^hint: to choose one, run: git plan use $one$"
done
same "$(current)" none

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

# Plans that cannot be read are in nobody's way; where there is a list, they are named.
git branch plan/by-hand main
garbled=$(printf '100644 blob %s\tplan.toml\n' "$(echo '= no TOML' | git hash-object -w --stdin)" | git mktree)
git branch plan/garbled "$(git commit-tree -m Garbled "$garbled")"
same "$(shown plan show)" $three
run git plan update --plan=$one --set user_request=again --add=- <<<'[{"description": "More"}]'
for command in 'task list' 'plan show' 'wave status' 'plan provides' 'wave next'; do
  # shellcheck disable=SC2086 # words they are
  run git $command
  complains_like "^using plan '$one' \(the only unfinished one\)$"
done
run git task create 3
complains_like "^using plan '$one' \(the only unfinished one\)$"
same "$(current)" $one
run git plan update --note=x
complains_nothing
git config --unset plan.current
run git plan update --plan=$two --add=- <<<'[{"description": "More"}]'
run git task list
exits 2
complains_like '^warning: plan '"'by-hand'"' has no plan.toml$'
complains_like '^warning: plan '"'garbled'"':'
complains_like "^error: plan '$one' is running$"
git update-ref -d refs/heads/plan/$one
git update-ref -d refs/heads/plan/$two
git update-ref -d refs/heads/plan/$three
run git task list
exits 128
complains_like '^error: there is no plan here that can be read$'
complains_like '^hint: to see how to mend them, run: git plan doctor$'
