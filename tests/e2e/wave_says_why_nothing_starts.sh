#!/bin/bash
# Nothing can start: `wave next` and `wave start` say why, and what helps; a question of a worker's is answered, and
# the next one is told.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
session_id = "s1"
[[tasks]]
id = "001"
description = "Choose a database"
provides = ["Database"]
files = ["db.sql"]
[[tasks]]
id = "002"
description = "Write the service"
preconditions = ["Database"]
[[tasks]]
id = "003"
description = "Write the schema"
files = ["db.sql"]
END
git plan create -q -F plan.toml >/dev/null

# All slots taken.
git wave start -q 001 >/dev/null
run git wave start -j 1
prints_nothing
complains <<'END'
nothing can start now:
  001  in progress with worker 1
  002  waiting for 'Database' (task 001, in progress)
  003  held back: task 001 touches db.sql too
hint: to see who works on what, run: git wave status
END
run git wave start -j 1 --allow-overlap
prints_nothing
complains <<'END'
nothing more can start with -j 1: 001 (worker 1) is in progress
hint: to start more at once, run: git wave start -j 2
END
run git wave start -j 1 --json
json '.started, .state' '[]
ready'
json '.blocked[] | [.id, .status, .reason]' '["001","in_progress","with worker 1"]
["002","pending","waiting for '"'Database'"' (task 001, in progress)"]
["003","pending","held back: task 001 touches db.sql too"]'
run git wave next
prints_nothing
complains_like '^  003  held back: task 001 touches db.sql too$'
run git wave next --json
json '.state, (.blocked | map(.id))' 'ready
["001","002","003"]'

# A question, and its answer. What its worker did is where the next prompt says.
work 1 draft
run git -C .worktrees/worker-1 task fail --needs-decision -m 'PostgreSQL or SQLite?'
git task cancel 003 -q >/dev/null
run git wave next
prints_nothing
complains <<'END'
task 001 failed and 002 waits for it
  001  failed: needs a decision: PostgreSQL or SQLite?
  002  waiting for 'Database' (task 001, failed)
hint: to answer and start it over, run: git task reset 001 -m '<answer>'
END
run git wave start
prints_nothing
complains_like "run: git task reset 001 -m '<answer>'$"
run git wave next --json
json '.state, .blocked[0]' 'stuck
{"id":"001","status":"failed","reason":"needs a decision: PostgreSQL or SQLite?"}'
run git task show 001
prints_like '^question +PostgreSQL or SQLite\?$'
run git task reset 001 -m 'SQLite, it is small' --json
attempt=$(jq -r '.attempts[0]' "$out")
run git plan diff v3
prints_like 'answer'
run git task show 001 --json
json '[.status, .ready, has("reason"), has("needs_decision"), .question, .answer]' \
  '["pending",true,false,false,"PostgreSQL or SQLite?","SQLite, it is small"]'
git wave start -q >/dev/null
run git task prompt 001
prints_like '^- Question: PostgreSQL or SQLite\?$'
prints_like '^- Answer: SQLite, it is small$'
prints_like "^- Its work: git log -p flow\.\.$attempt$"
look=$(sed -n 's/^- Its work: //p' "$out")
run bash -c "$look"
prints_like 'Write draft'

# Without a question: why it ended. The plan forgets it all when the task is done.
git task fail 001 -m 'The disk is full' -q >/dev/null
run git wave next
complains_like '^  001  failed: The disk is full$'
complains_like '^hint: to start it over, run: git task reset 001$'
git task reset 001 -q 2>/dev/null >/dev/null
run git task prompt 001
prints_like '^- It ended with: The disk is full$'
prints_like '^- Answer: SQLite, it is small$'
run git task show 001
prints_like '^last time +The disk is full$'
git wave start -q >/dev/null
work 1 db.sql
git task done 001 -q >/dev/null 2>&1
run git show plan/s1:plan.toml
prints_unlike '^(question|answer|reason)'

# Nothing to start at all.
git plan create -q empty --request=x >/dev/null
run git wave start
complains <<'END'
using plan 'empty' (plan.current)
the plan has no tasks
hint: to add a task, run: git task add '<description>'
END

# What waits for a task that was given up waits for its reset.
git plan create -q given-up -F - >/dev/null <<'END'
{"tasks": [{"id": "001", "description": "Model", "provides": ["Model"]}, {"id": "002", "description": "Login", "preconditions": ["Model"]}]}
END
git task cancel 1 -q >/dev/null
run git wave start
complains_like '^hint: to start it over, run: git task reset 001$'
run git task "done" 1
exits 3
complains_like '^hint: to start it over, run: git task reset 001$'

# Over MCP: the same, with tools.
source "$lib_folder/lib_mcp.sh"
git plan use s1 -q
git task cancel 002 -q >/dev/null 2>&1
serve
call update_plan_branch '{"new_tasks": [{"description": "Ask first", "files": ["f"]}]}'
json .added '["004"]'
call start_wave
call fail_task '{"task_id": 4, "reason": "Which one?", "needs_decision": true}'
json '[.success, .task_id, .failed]' '[true,"004",["004"]]'
json '.notes | any(. == "hint: its worktree stays; to remove it, call: remove_worktree {\"worker_id\":\"2\"}")'
call wave_status
json '.workers | map([.worker, .task, .state])' '[["1","001","merged"],["2","004","failed"]]'
call next_wave
json '[.state, .blocked]' '["stuck",[{"id":"004","status":"failed","reason":"needs a decision: Which one?"}]]'
json '.notes | any(endswith("call: reset_task {\"task_id\":\"004\",\"answer\":\"<answer>\"}"))'
call reset_task '{"task_id": "004", "answer": "That one"}'
json '[.success, .task_id, .removed_worktrees, (.attempts | length)]' '[true,"004",[".worktrees/worker-2"],1]'
call task_prompt '{"task_id": "004"}'
json '.prompt | contains("- Question: Which one?\n- Answer: That one\n")'
hang_up

# A reason stands in JSON as it was given, and printable on a line of text.
new_repo lines
git plan create -q --request Several >/dev/null
git task add -q One >/dev/null
git task fail -q 001 -m $'first\nsecond' >/dev/null
run git wave next --json
json '.blocked[0].reason' 'first
second'
run git wave next
complains_like '^  001  failed: first\\nsecond$'
