#!/bin/bash
# timeout: 600
# What the tools take and give beyond the seed's flow.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"

new_repo
as Ada
checkout_snapshot
serve

# Without a plan there are no capabilities, and a draft can be checked.
call get_provides
replies .result.content[0].text '[]'
call check_plan '{"draft": {"tasks": [{"id": "001", "description": "A", "preconditions": ["Usr"]}, {"id": "001", "description": "B", "provides": ["User"]}]}}'
json '.errors | map(.code)' '["duplicate_id"]'

# A parameter that a tool does not have is refused, and nothing is done. What tasks have beside ours is theirs.
ask tools/list
replies '.result.tools | all(.inputSchema.additionalProperties == false)' true
repository_snapshot
call create_plan_branch '{"user_request": "Users", "session_id": "s0", "tasks": [], "architecure": "x"}'
exits 129
same "$(jq -rc '[.code, .message]' "$err")" \
  "[-32602,\"create_plan_branch: no parameter 'architecure'; did you mean 'architecture'?\"]"
same_repository

# Some clients send lists as text.
call create_plan_branch '{"user_request": "Users", "session_id": "s1", "design_patterns": ["MVC", "Factory"],
  "tasks": "[{\"id\": \"001\", \"description\": \"Model\", \"provides\": [\"User\"], \"files\": [\"m\"], \"color\": \"red\"}, {\"id\": \"002\", \"description\": \"View\", \"preconditions\": [\"User\"]}, {\"id\": \"003\", \"description\": \"Docs\", \"files\": [\"d\"]}]"}'
json '[.plan_branch, .total_tasks]' '["plan/s1",3]'
json '.notes | any(test("^created branch .flow. "))'
run git show plan/s1:plan.toml
prints_like '^design_patterns = "MVC\\nFactory"$'
prints_like '^color = "red"$'

# What is given stands in the task's file, the rest comes from the plan; the plan itself stays as it is.
call create_task_branch '{"task_id": 1, "description": "The model", "provides": ["User", "User.name"], "plan_version": 7,
  "completed_tasks": ["009"], "enables": [], "estimated_time": "3 minutes", "priority": "critical", "session_goal": "Goal"}'
json .branch task/001-model
json 'has("warnings")' false
call parse_task '{"branch": "refs/heads/task/001-model"}'
json '[.description, .provides, .plan_version, .completed_tasks, .enables, .estimated_minutes, .priority, .session_goal, .files, .plan_branch]' \
  '["The model",["User","User.name"],"v7",["009"],[],3,"critical","Goal",["m"],"plan/s1"]'
json '[.status, .ready, .depends_on, .parallel_with]' '["in_progress",false,[],["003"]]'
run git plan show --json
json '[.plan_version, .tasks[0].description, .tasks[0].provides]' '["v1","Model",["User"]]'
# Fields that would be an error in the plan are refused, and make nothing.
call create_task_branch '{"task_id": "003", "depends_on": ["077"]}'
refuses refused '077'
call create_task_branch '{"task_id": "003", "description": " "}'
refuses refused
expect_not git rev-parse -q --verify refs/heads/task/003-docs
# An empty text is not given.
call create_task_branch '{"task_id": "002", "branch_slug": "", "plan_version": "", "priority": "", "preconditions": ""}'
refuses not_ready
# Not ready is refused with what it waits for, unless forced.
call create_task_branch '{"task_id": "002"}'
refuses not_ready "waiting for 'User' \(task 001, in progress\)"
call create_task_branch '{"task_id": "002", "force": true, "branch_slug": "view-2"}'
json .branch task/002-view-2

# A worker by number, by word, by name; a slot that is taken is replaced, and its work is rescued.
call create_worktree '{"worker_id": 1, "task_branch": "task/001-model"}'
json 'keys_unsorted' '["schema","success","worker","worktree_path","absolute_path","branch"]'
json '[.success, .worktree_path, .absolute_path, .branch]' \
  "[true,\".worktrees/worker-1\",\"$PWD/.worktrees/worker-1\",\"task/001-model\"]"
echo unsaved >.worktrees/worker-1/unsaved
call create_worktree '{"worker_id": "worker-1", "task_branch": "task/002-view-2"}'
json '.notes | map(select(test("^rescued .* to refs/git-plan/rescue/worker-1/"))) | length' 1
rescued=$(jq -r '.notes[] | select(startswith("rescued")) | sub(".* to "; "")' "$out")
same "$(git show "$rescued:unsaved")" unsaved
same "$(git -C .worktrees/worker-1 symbolic-ref --short HEAD)" task/002-view-2
echo again >.worktrees/worker-1/again
call remove_worktree '{"worker_id": "1"}'
json 'del(.notes)' '{"schema":1,"success":true,"message":"Removed worktree at .worktrees/worker-1"}'
json '.notes | any(test("^rescued .* to refs/git-plan/rescue/worker-1/"))'
same_checkout

# A whole wave: our own tools.
call next_wave '{"explain": true}'
json '[.state, .plan_branch, (.tasks | map(.id))]' '["ready","plan/s1",["001","002","003"]]'
call start_wave '{"max_parallel": 2}'
json '.started | map([.task, .worktree_path])' '[["001",".worktrees/worker-1"],["002",".worktrees/worker-2"]]'
json '.started[0].prompt | contains("task/001-model")'
call task_prompt '{"task_id": "001"}'
json ".prompt | contains(\"cd $PWD/.worktrees/worker-1\")"
work 1 m
call complete_task '{"task_id": "task/001-model", "message": "18 tests pass"}'
json '[.success, .task_id, .plan_version]' '[true,"001","v2"]'
json '.notes | any(startswith("hint: to remove its worktree"))'
same "$(git log -1 --format=%b flow | head -n 1)" '18 tests pass'
call finish_wave
json '[.completed, .unmerged, .removed_worktrees, .next]' '[["001"],["002"],[".worktrees/worker-1"],["003"]]'
call get_provides
replies .result.content[0].text '["User"]'
json .provides '["User"]'
# A branch that was deleted after its merge: flow has its task.
git branch -q -D task/001-model
call parse_task '{"branch": "task/001-model"}'
json '[.id, .status, .description]' '["001","completed","The model"]'
call parse_task '{"branch": "003"}'
refuses wrong_state "task '003' has no branch: it is pending"
call parse_task '{"branch": "task/002-veiw-2"}'
refuses not_found "did you mean 'task/002-view-2'"
call check_plan
json '.errors' '[]'

# All of an update is one version.
call update_plan_branch '{"completed_task_ids": "3", "new_tasks": [{"description": "More", "depends_on": ["003"]}], "architecture_updates": "Learned"}'
json '[.plan_version, .completed, .added, (.warnings | map(.code))]' '["v3",["003"],["004"],["not_merged"]]'
call update_plan_branch '{"completed_task_ids": ["003"], "architecture_updates": ""}'
json .plan_version v3
call update_plan_branch '{"failed_task_ids": ["004"], "reason": "No such API", "needs_decision": true, "new_tasks": null}'
json .failed '["004"]'

# The server keeps to the plan that it last named, whatever the shell makes current.
call create_plan_branch '{"session_id": "s2", "user_request": "More", "tasks": [{"id": "001", "description": "Two"}]}'
free_plan 2 s3
call next_wave
json .plan_branch plan/s2
call parse_plan '{"branch": "s1"}'
json '.architecture_updates | map(.note)' '["Learned"]'
call next_wave
json .plan_branch plan/s1
call create_task_branch '{"task_id": "001", "session_id": "s2"}'
json .branch task/001-two
call parse_plan
json .plan_branch plan/s2
# Whatever the tool that names it.
for naming in get_provides task_prompt; do
  call parse_plan '{"branch": "s1"}'
  repository_snapshot
  call $naming '{"branch": "plan/s2"}'
  exits 129
  same_repository
  call next_wave
  json .plan_branch plan/s1
  call $naming "$(jq -nc --arg tool $naming '{plan_branch: "plan/s2"} + if $tool == "task_prompt" then {task_id: "001"} else {} end')"
  call next_wave
  json .plan_branch plan/s2
done
# One that is gone does not count; what the shell would choose does.
run git plan delete -q -f s2
call parse_plan
json .plan_branch plan/s3
call parse_task '{"branch": "task/001-two"}'
json '[.id, .status, .session_id]' '["001","in_progress","s2"]'
same_checkout
hang_up

# --plan says where a server begins.
serve --plan=s1
call next_wave
json .plan_branch plan/s1
hang_up

# A person's role, and the end of it all.
git config plan.requireApproval true
serve --plan=s3
call next_wave
json '.notes | any(test("not approved: 001, 002$"))'
call start_wave '{"task_ids": ["001"]}'
refuses not_approved
call approve_plan '{"plan_version": "v9"}'
refuses lost_race
call approve_plan '{"plan_version": "v1", "note": "Go ahead"}'
json '[.success, .plan_branch, .plan_version, .note]' '[true,"plan/s3","v1","Go ahead"]'
call start_wave '{"task_ids": ["001"]}'
json '.started | map(.task)' '["001"]'
call parse_plan
json '.approval.note' 'Go ahead'
call plan_report '{"format": "markdown"}'
json '.report | contains("Task 1")'
call plan_report '{"limit": 1}'
json '[.plan_branch, (.tasks | length), .next_cursor, .total_tasks]' '["plan/s3",1,"1",2]'
call plan_report '{"format": "pdf"}'
bad_params "plan_report: 'format' is 'pdf'; one of these is wanted: json, markdown, html"
call remove_worktree '{"worker_id": 0}'
bad_params "remove_worktree: 'worker_id' is 0: a text or a whole number of at least 1 is wanted"
hang_up
