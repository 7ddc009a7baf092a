#!/bin/bash
# Over MCP the way into flow, out of it, and the cleaning up are the same as in the shell.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"

new_repo
as Ada
free_plan 2
git task start 001 -q >/dev/null
work 1 one.txt
commit_file more.txt more "Write more"
git branch -q other HEAD~1
serve

call start_wave '{"plan_branch": "plan/s1"}'
json '.notes | any(test("^.main. has 1 commit that .flow. lacks$"))'
call merge_into_flow '{"commit": "main"}'
json '[.success, .flow_branch, .conflicts]' '[true,"flow",[]]'
json .merge_commit "$(git rev-parse flow)"
call merge_into_flow '{"commit": "main"}'
json '[.success, .merge_commit]' '[true,null]'
call merge_into_flow '{"commit": "nothing"}'
refuses not_found "'nothing' is no commit"
call merge_into_flow '{"commit": "task/001-task-1"}'
refuses unfinished_task
call merge_into_flow '{"commit": "main", "verify": "true"}'
exits 129
call merge_into_flow '{}'
exits 129

call complete_task '{"task_id": "001", "remove_worktree": true}'
call deliver_flow '{"into": "other", "squash": true, "message": "One thing"}'
json '[.success, .into, [.tasks[].id]]' '[true,"other",["001"]]'
same "$(git log -1 --format=%s other)" "One thing"
call deliver_flow
json .into main
call deliver_flow '{"into": "flow"}'
refuses usage

call clean_plans '{"dry_run": true}'
json '[.cleaned, [.kept[].session_id], .commit]' '[[],["s1"],null]'
call update_plan_branch '{"cancelled_task_ids": ["002"]}'
call clean_plans
json '[.cleaned, [.removed_branches[].branch], (.commit | type)]' '[["s1"],["task/001-task-1"],"string"]'
call update_plan_branch '{"new_tasks": [{"description": "One more"}]}'
refuses cleaned
hang_up
