#!/bin/bash
# What a task says beyond its description reaches its worker, wherever it came from: written here, or in another tool.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_mcp.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
stored() { git show "plan/$1:plan.toml"; }
# What a task's prompt says between its description and the plan's context.
told() { # TASK
  git task prompt "$1" | sed -n '/^\*\*Part of\|^\*\*Details/,/^\*\*\(Context\|Instructions\)/p' | sed '$d'
}

# Task Master: a task with a subtask, as its users keep them.
cat >tasks.json <<'END'
{"master": {"tasks": [
  {"id": 5, "title": "Log users in", "description": "Users log in by email", "status": "pending",
   "details": "Use bcrypt, cost 12.\nNever say which of the two was wrong.", "testStrategy": "A wrong password is refused",
   "subtasks": [{"id": 1, "title": "Form", "description": "The form", "details": "Two fields", "status": "pending"}]}
], "metadata": {"description": "The shop"}}}
END
run git plan import --from=taskmaster tasks.json taskmaster -q
run git task list --json
json '.tasks | map([.id, .external_id, .part_of])' '[["005","5",null],["006","5.1","005"]]'
json '.tasks[0] | [.details, .test_strategy]' \
  '["Users log in by email\n\nUse bcrypt, cost 12.\nNever say which of the two was wrong.","A wrong password is refused"]'
run stored taskmaster
prints_like '^details = """$'
prints_like '^Never say which of the two was wrong\."""$'
run told 005
prints '**Details:**
Users log in by email

Use bcrypt, cost 12.
Never say which of the two was wrong.

**How it is known to work:**
A wrong password is refused
'
run told 006
prints '**Part of:**
task 005: Log users in

**Details:**
The form

Two fields
'
run git task show 006
prints_like '^Details$'
prints_like '^  Two fields$'
prints_like '^part of +005$'

# Files of Windows: its line ends go no further.
printf '[{"id": "001", "description": "One\\r\\n\\r\\nIt is\\r\\nso.", "details": "More.\\r\\nAnd more.", "test_strategy": "a\\r\\nb"}]' >windows.json
run git plan create -F windows.json windows -q
json_of() { git task show windows/001 --json | jq -c '[.description, .details, .test_strategy]'; }
same "$(json_of)" '["One","It is\nso.\n\nMore.\nAnd more.","a\nb"]'
run git plan update --plan=windows --set 001.details=$'x\r\ny' -q
same "$(json_of)" '["One","x\ny","a\nb"]'
printf 'session_id = "windows-toml"\r\n[[tasks]]\r\nid = "001"\r\ndescription = "One"\r\ndetails = """\r\nTwo\r\nlines"""\r\n' >windows.toml
run git plan create -F windows.toml -q
run git task show windows-toml/001
prints_unlike '\\r'
prints_like '^  Two$'
run git task prompt windows-toml/001
prints_unlike '\\r'
run git plan use taskmaster -q

# The metadata file of its branch says it, too, to whoever works without the plan.
run git task start 006 --json
json '.prompt | contains("Two fields")'
run git show task/006-form:.plan/taskmaster/006-form.toml
prints_like '^details = """$'

# Out to Task Master, and in again: the same; and what was changed there meanwhile counts.
run git plan export taskmaster --to=taskmaster
cp "$out" exported.json
same "$(jq -c '.master.tasks[0] | [.testStrategy, .subtasks[0].details]' "$out")" \
  '["A wrong password is refused","The form\n\nTwo fields"]'
jq '.master.tasks[0].details = "Use argon2" | .master.tasks[0].subtasks[0].testStrategy = "It shows"' exported.json |
  git plan import --from=taskmaster - again -q >"$out"
run git task list --plan=again --json
json '.tasks | map([.details, .test_strategy, .part_of])' \
  '[["Use argon2","A wrong password is refused",null],["The form\n\nTwo fields","It shows","005"]]'

# beads and Backlog.md.
printf '%s\n' '{"id":"bd-1","title":"Shop","issue_type":"epic"}' \
  '{"id":"bd-1.1","title":"Cart","description":"Ten items","design":"One table","acceptance_criteria":"Eleven are refused","dependencies":[{"depends_on_id":"bd-1","type":"parent-child"}]}' |
  git plan import --from=beads - beads -q >"$out"
run told 002
prints '**Part of:**
task 001: Shop

**Details:**
Ten items

Design:
One table

**How it is known to work:**
Eleven are refused
'
run git plan export beads --to=beads
same "$(jq -c 'select(.id == "bd-1.1") | [.description, .design, .acceptance_criteria]' "$out")" \
  '["Ten items","One table","Eleven are refused"]'
mkdir -p backlog/tasks
printf -- '---\nid: task-%s\ntitle: %s\nparent_task_id: %s\n---\n## Description\n\nSay it\n\n## Acceptance Criteria\n<!-- AC:BEGIN -->\n- [ ] #1 It is said\n<!-- AC:END -->\n' \
  7 Whole '' >backlog/tasks/7.md
sed -e 's/task-7/task-7.1/' -e 's/Whole/Part/' -e 's/^parent.*/&task-7/' backlog/tasks/7.md >backlog/tasks/7.1.md
git plan import --from=backlog backlog backlog -q >"$out"
run told 008
prints '**Part of:**
task 007: Whole

**Details:**
Say it

**How it is known to work:**
- [ ] #1 It is said
'

# By hand: options, keys of JSON and TOML, --set; in the order of the other keys.
git plan create -q by-hand >"$out"
run git task add 'Log in' --estimate=8m --slug=login --details='Use bcrypt' --test-strategy='It fails' --agent=fast
prints 001
run git plan update --set '001.details=Use argon2' --set '001.test_strategy=It works'
prints 'plan/by-hand v3'
same "$(stored by-hand | sed -n '/tasks/,$p' | cut -d= -f1 | tr -d '\n')" \
  '[[tasks]]id description status preconditions provides depends_on files estimated_time slug details test_strategy agent '
run git task show 1 --json
json '[.details, .test_strategy, .agent]' '["Use argon2","It works","fast"]'
json 'keys_unsorted | map(select(IN("estimated_minutes", "priority", "details", "test_strategy", "agent", "worker", "external_id")))' \
  '["estimated_minutes","priority","details","test_strategy","agent"]'
run git task add 'Log out' --agent='a b'
exits 128
complains_like "^error: .*bad agent 'a b'"

# A description of several lines, wherever it comes in: the first is the description, the rest stands before the details.
run git task add $'Sell it\n\nAt a price.\n' --details='Of ten.'
run git plan update --add=- <<<'[{"description": "Buy it\nCheap.", "details": "Today."}]'
run git plan update --add=- <<<$'[[tasks]]\ndescription = """\nLend it\nFor a day."""'
run git plan update --set $'001.description=Log in\nBy email.'
same "$(git task list --plan=by-hand --json | jq -c '.tasks | map([.description, .details])')" \
  '[["Log in","By email.\n\nUse argon2"],["Sell it","At a price.\n\nOf ten."],["Buy it","Cheap.\n\nToday."],["Lend it","For a day."]]'
git plan create -q toml -F - >"$out" 2>"$err" <<'END'
# mine
[[tasks]]
id = "001"
description = """
Give it
For nothing."""  # why not
details = "Smile."
END
run stored toml
prints_like '^# mine$'
prints_like '^description = "Give it"  # why not$'
same "$(git task list --plan=toml --json | jq -c '.tasks | map([.description, .details])')" '[["Give it","For nothing.\n\nSmile."]]'
cat >"$HOME/editor" <<'END'
#!/bin/sh
sed -i 's/^description = .*/description = "Give it\\nOr not."  # why not/' "$1"
END
chmod +x "$HOME/editor"
EDITOR=$HOME/editor run git plan edit --plan=toml
same "$(git task list --plan=toml --json | jq -c '.tasks | map([.description, .details])')" \
  '[["Give it","Or not.\n\nFor nothing.\n\nSmile."]]'

# The same over MCP.
serve
call create_plan_branch '{"session_id": "mcp", "user_request": "x", "tasks": [
  {"id": "001", "description": "Log in\nBy email.", "details": "Use bcrypt", "test_strategy": "It fails", "agent": "fast"},
  {"id": "002", "description": "Log out"}]}'
json .success true
call task_prompt '{"task_id": "001"}'
json '.prompt | contains("**Details:**\nBy email.\n\nUse bcrypt\n") and contains("It fails")'
call create_task_branch '{"task_id": "002", "description": "Log out\nAt once.", "test_strategy": "It is forgotten"}'
call parse_task '{"branch": "task/002-log-out"}'
json '[.description, .details, .test_strategy, .agent]' '["Log out","At once.","It is forgotten",null]'
call parse_plan '{}'
json '.tasks[0] | [.description, .details, .test_strategy, .agent]' '["Log in","By email.\n\nUse bcrypt","It fails","fast"]'
hang_up
