#!/bin/bash
# A shared plan over MCP: each tool that writes writes through the remote, what others have is named, and hints name
# tools.
# shellcheck disable=SC2086 # session and reading commands are words
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared.sh"
source "$lib_folder/lib_mcp.sh"
as Ada
two_clones One Two Three Four Five Six
published() {
  same "$(git rev-parse flow plan/$session)" "$(on_hub rev-parse flow plan/$session)"
}
claims() { on_hub for-each-ref --format='%(refname:lstrip=4)' refs/git-plan/claims | paste -sd' '; }

in_ada
git task start 001 -q >/dev/null
in_bob
count_connections
serve

# Reading: without the network unless it is asked for.
call parse_plan
json '[.remote.name, (.tasks | map(.status) | unique)]' '["origin",["pending"]]'
same "$(connections)" ''
call next_wave '{"fetch": true}'
json '[.tasks[].id]' '["002","003","004","005","006"]'
same "$(connections)" '2 upload-pack'
call wave_status
json '.workers | map([.machine, .worker, .task, .state])' '[["ada","1","001","working"]]'
call parse_plan
json '.tasks[0] | [.status, .machine, .claim.state]' '["in_progress","ada","held"]'

# What another machine has is not begun.
call create_task_branch '{"task_id": "001"}'
refuses claimed "task '001' is claimed by machine ada, worker 1"
call start_wave '{"task_ids": ["001"]}'
refuses claimed
call reset_task '{"task_id": "001"}'
refuses claimed
same "$(jq -r .error.hint "$err")" 'to start it over all the same, call: reset_task {"force":true,"task_id":"001"}'

# Each tool that writes.
call create_task_branch '{"task_id": "002"}'
same "$(claims)" '001 002'
call create_worktree '{"worker_id": 1, "task_branch": "task/002-two"}'
call start_wave '{"task_ids": ["003"]}'
json '[.started[].task]' '["003"]'
same "$(claims)" '001 002 003'
(cd .worktrees/worker-1 && commit_file two.txt two Two)
call complete_task '{"task_id": "002", "remove_worktree": true}'
published
same "$(on_hub show flow:two.txt)" two
same "$(claims)" '001 003'
call fail_task '{"task_id": "003", "reason": "No time"}'
published
same "$(claims)" 001
call reset_task '{"task_id": "003", "answer": "Take some"}'
published
call update_plan_branch '{"architecture_updates": "Learned", "new_tasks": [{"description": "Seven"}], "cancelled_task_ids": ["006"]}'
published
call approve_plan
published
git branch -q side "$(git commit-tree -p main -m Side 'main^{tree}')"
call merge_into_flow '{"commit": "side"}'
published
call deliver_flow '{"into": "main"}'
json .into main
call finish_wave
published
call reset_task '{"task_id": "001", "force": true}'
json '[.taken_from.machine, .task_id]' '["ada","001"]'
published
same "$(claims)" ''

# What was written here alone is brought together first.
git -c plan.remote= plan update --set architecture=Layers -q >/dev/null
call update_plan_branch '{"architecture_updates": "Not yet"}'
refuses unpublished
same "$(jq -r .error.hint "$err")" 'to bring both together, call: sync_plan'
call sync_plan
json '[.success, .remote, .pushed]' "[true,\"origin\",[\"refs/heads/plan/$session\"]]"
published
call sync_plan '{"remote": "nowhere"}'
refuses not_found

# One that cannot be reached.
hub_goes_away
call update_plan_branch '{"architecture_updates": "Away"}'
refuses remote_unreachable
call next_wave '{"fetch": true}'
refuses remote_unreachable
call next_wave
hub_comes_back
call create_plan_branch '{"session_id": "session-20250203-040506", "user_request": "Another", "tasks": [{"id": "001", "description": "Alone"}]}'
on_hub rev-parse -q --verify refs/heads/plan/session-20250203-040506 >/dev/null
call update_plan_branch '{"cancelled_task_ids": ["001"]}'
call clean_plans
json .cleaned '["session-20250203-040506"]'
hang_up
