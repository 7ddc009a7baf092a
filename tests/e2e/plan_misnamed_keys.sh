#!/bin/bash
# Keys under other names than ours, estimates that nobody can read and nulls in lists: told of or refused, with where.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_mcp.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z

# A plan as people write it from memory: told by `check` before it is taken in, and by `create` when it is.
cat >plan.toml <<'END'
goal = "Log users in"

[[tasks]]
id = "001"
description = "Create User model"
provides = ["User"]

[[tasks]]
id = "002"
description = "Log in"
needs = ["User"]
dependencies = ["001"]
after = ["001"]
estimate = "8 minutes"
title = "Log in"
dependsOn = ["001"]
priorty = "high"
owner = "ada"
END
run git plan check -F plan.toml
prints <<'END'
warning: line 1: 'plan.toml': unknown key 'goal'; did you mean 'user_request'?
warning: line 11: task '002': unknown key 'needs'; did you mean 'preconditions'?
warning: line 12: task '002': unknown key 'dependencies'; did you mean 'depends_on'?
warning: line 13: task '002': unknown key 'after'; did you mean 'depends_on'?
warning: line 14: task '002': unknown key 'estimate'; did you mean 'estimated_time'?
warning: line 15: task '002': unknown key 'title'; did you mean 'description'?
warning: line 16: task '002': unknown key 'dependsOn'; did you mean 'depends_on'?
warning: line 17: task '002': unknown key 'priorty'; did you mean 'priority'?
'plan.toml': 0 errors, 8 warnings
END
run git plan check -F plan.toml --strict
exits 1
run git plan create -F plan.toml session-20250101-000000
complains_like "^warning: task '002': unknown key 'needs'; did you mean 'preconditions'\?$"
# They are kept; `check` goes on telling, other writes do not.
expect grep -qx 'needs = \["User"\]' <(git show plan/session-20250101-000000:plan.toml)
run git plan check --json
json '.warnings | map(select(.code == "misnamed_key")) | length' 8
json '.warnings[1] | [.task, (.line | type)]' '["002","number"]'
run git plan update --note=x
complains_nothing
run git plan create -F plan.toml session-20250101-000001 --strict
exits 128
complains_like "^error: .*line 11: task '002': unknown key 'needs'; did you mean 'preconditions'\?$"

# JSON, and what is added later; what our own JSON has is no mistake, and comes back.
run git plan update --add=- --json <<<'[{"description": "Log out", "needs": ["User"], "estimated_minutes": 8}]'
json '.warnings | map([.code, .message, .line])' \
  '[["misnamed_key","task number 1 (without an id): unknown key '"'estimated_minutes'"'; did you mean '"'estimated_time'"'?",1],["misnamed_key","task number 1 (without an id): unknown key '"'needs'"'; did you mean '"'preconditions'"'?",1]]'
run git plan show --json
cp "$out" shown.json
jq '.session_id = "session-20250101-000002" | del(.tasks[] | .needs, .estimate)' shown.json | git plan check -F - >"$out"
expect_not grep -q 'unknown key' "$out"
run git plan update --set 001.needs=User
exits 129
complains_like "did you mean 'preconditions'\?$"
run git plan update --add=- <<<$'[[task]]\nid = "009"\ndescription = "x"'
exits 128
complains_like "no \[\[tasks\]\] in it; did you mean 'tasks' by 'task'\?$"

# Keys that other tools' tasks come with are none of that.
printf '{"id":"bd-1","title":"A","labels":["x"],"external_ref":"gh-1","notes":"n","design":"d","assignee":"b","issue_type":"bug"}\n' |
  git plan import --from=beads - session-20250101-000003 >"$out" 2>"$err"
expect_not grep -q warning "$err"
run git plan check session-20250101-000003
prints "plan 'session-20250101-000003': 0 errors, 0 warnings"

# In the files of other tools, too, told once with all whose key it is; their own keys are no mistakes.
cat >tasks.json <<'END'
{"tasks": [{"id": 1, "title": "A", "needs": ["x"], "estimate": "5m", "effort": 3, "assignee": "b", "files": ["a"]},
  {"id": 2, "title": "B", "needs": ["x"], "subtasks": [{"id": 1, "title": "C", "complexity": 1, "estimate": "5m"}]}]}
END
run git plan import --from=taskmaster tasks.json session-20250101-000004 --json
json '.warnings | map(.message)[]' "unknown key 'needs' is left out; did you mean 'preconditions'?: 1, 2
unknown key 'estimate' is left out; did you mean 'estimated_time'?: 1, 2.1
key 'files', which is not the tool's, is left out: 1"
json '.warnings[0].code' misnamed_key
printf '{"id":"bd-1","title":"A","needs":["x"],"estimated_minutes":5,"validations":[]}\n' |
  git plan import --from=beads - -n >"$out" 2>"$err"
complains "warning: unknown key 'needs' is left out; did you mean 'preconditions'?: bd-1"
mkdir -p backlog/tasks
printf -- '---\nid: task-1\ntitle: A\nneeds: [x]\nupdated_date: x\n---\n' >backlog/tasks/1.md
run git plan import --from=backlog backlog -n
complains "warning: unknown key 'needs' is left out; did you mean 'preconditions'?: task-1"

# An estimate that cannot be read is refused, wherever it comes in; in a plan that has one already it is told.
version() { git show plan/session-20250101-000000:plan.toml | sed -n 's/^version = //p'; }
before=$(version)
export GIT_PLAN_SESSION=session-20250101-000000
run git task add 'Pay' --estimate=soon
exits 128
complains <<'END'
error: 'soon' is no duration
hint: for example: git task add 'Fix the login' --estimate='8 minutes'
END
run git plan update --add=- <<<'[{"description": "Pay", "estimated_time": "soon"}]'
exits 128
complains_like "^error: .*estimated_time 'soon' is no duration; write it as '8 minutes'$"
run git plan update --set 001.estimated_time=soon
exits 128
run git plan create -F - <<<'[{"id": "001", "description": "Pay", "estimated_time": "5-10 minutes or so"}]'
exits 128
same "$(version)" "$before"
run git plan check -F - <<<$'[\n{"id": "001", "description": "Pay",\n "estimated_time": "soon"}]'
exits 1
prints_like "^error: line 2: task '001': estimated_time 'soon' is no duration; write it as '8 minutes'$"
for estimate in '8 minutes' '~ 5 min' 'about 1.5 hours' PT8M 8 90s; do
  run git plan check -F - <<<"[{\"id\": \"001\", \"description\": \"Pay\", \"estimated_time\": \"$estimate\"}]"
  exits 0
done
unset GIT_PLAN_SESSION

# JSON has lines as TOML has: of what is wrong in the plan, and of what is no plan at all.
cat >plan.json <<'END'
{
  "tasks": [
    {"id": "001", "description": "One",
     "preconditions": ["x"],
     "priority": "hihg"},
    {"id": "1", "description": "Two",
     "files": "a.c"}
  ]
}
END
run git plan check -F plan.json
exits 1
prints <<'END'
error: line 5: task '001': bad priority 'hihg'; did you mean 'high'?
error: line 7: task '1': 'files' must be a list of strings, not a string
error: line 6: task '1': bad id: it must be 3 to 6 digits; did you mean '001'?
error: line 6: task '1': same number as task '001'
warning: line 3: task '001': no task provides 'x'
'plan.json': 4 errors, 1 warning
END
run git plan check -F plan.json --json
exits 1
json '.errors | map(.line)' '[5,7,6,6]'
run git plan create -F plan.json
exits 128
complains_like "line 5: task '001': bad priority 'hihg'"
run git plan update --plan=session-20250101-000000 --add=plan.json
exits 128
complains_like "^error: 'plan.json': line 5: task '001': bad priority 'hihg'"

# A null says nothing as a value; in a list nobody knows what was meant.
run git plan check -F - <<<'[{"id": "001", "description": "One", "slug": null, "files": ["a"]}]'
for list in preconditions provides depends_on files other; do
  run git plan create -F - <<<$'{"tasks": [{"id": "001", "description": "One",\n "'$list'": ["a", null]}]}'
  exits 128
  complains_like "^error: <stdin>: line 2: null in the list '$list'$"
done
run git plan update --plan=session-20250101-000000 --add=- <<<'[{}, null]'
exits 128
complains_like '^error: <stdin>: line 1: null in a list$'
same "$(version)" "$before"

# Over MCP the same, where lines mean nothing.
serve
call check_plan '{"draft": {"tasks": [{"id": "001", "description": "One", "needs": ["x"], "estimated_time": "soon"}]}}'
json '.errors | map([.code, has("line")])' '[["bad_estimate",false]]'
json '.warnings | map([.message, has("line")])' '[["task '"'001'"': unknown key '"'needs'"'; did you mean '"'preconditions'"'?",false]]'
call create_plan_branch '{"session_id": "session-20250102-000000", "user_request": "x", "tasks": [{"id": "001", "description": "One", "needs": ["x"], "depends_on": []}]}'
json '.warnings | map(.code)' '["misnamed_key"]'
call update_plan_branch '{"new_tasks": [{"description": "Two", "dependencies": ["001"]}]}'
json '.warnings | map(.code)' '["misnamed_key"]'
call update_plan_branch '{"new_tasks": [{"description": "Three", "files": ["a", null]}]}'
refuses fatal
complains_like 'new_tasks: null in the list .*files'
call update_plan_branch '{"new_tasks": [{"description": "Three", "estimated_time": "soon"}]}'
refuses refused
call create_task_branch '{"task_id": "001", "estimated_time": "soon"}'
refuses refused
hang_up
