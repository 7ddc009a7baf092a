#!/bin/bash
# timeout: 600
# What the shell refuses, a tool refuses with the same code and message; its hint names tools where ours are meant.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_mcp.sh"

# A refusal, but for what its hint says to run or to call, and for where in a file it stands.
refusal() {
  jq -S '.error | {code, message, hint} | .message |= gsub(": line [0-9]+"; "")
    | .hint |= (. // "" | gsub("(run|call|example): [^\n]*|see the parameters of [a-z_]*"; "run: …"))'
}

# A hint at what no tool does is the shell's alone.
without_shell_hints() {
  jq -S 'if .hint | test("run: …") then .hint = "" else . end' "$state/shell"
}

# The shell's refusal, then the tool's, word for word; neither changes anything.
alike() { # TOOL ARGUMENTS COMMAND…
  local tool=$1 arguments=$2
  shift 2
  repository_snapshot
  run "$@" --json
  fails
  json_error '.error.code'
  refusal <"$state/json_error" >"$state/shell"
  call "$tool" "$arguments"
  exits 1
  refusal <"$err" >"$state/tool"
  if jq -e '.hint == ""' "$state/tool" >/dev/null; then
    without_shell_hints >"$state/shell.short"
    mv "$state/shell.short" "$state/shell"
  fi
  claims=$((claims + 1))
  cmp -s "$state/shell" "$state/tool" || {
    diff -u --label shell --label tool "$state/shell" "$state/tool" >&2 || true
    fail "$tool refuses in other words than: ${*@Q}"
  }
  same_repository
}

new_repo
as Ada
run git plan init
serve
alike next_wave '{}' git wave next
alike parse_plan '{"branch": "plan/none"}' git plan show plan/none
alike update_plan_branch '{"plan_branch": "nine"}' git plan update --plan=nine
alike task_prompt '{"task_id": "001"}' git task prompt 001
alike task_prompt '{}' git task prompt
alike create_worktree '{"worker_id": "x", "task_branch": "main"}' git wave worker add x main
alike create_worktree '{"worker_id": 1, "task_branch": "mani"}' git wave worker add 1 mani
alike create_worktree '{"worker_id": 1, "task_branch": "main"}' git wave worker add 1 main
alike remove_worktree '{"worker_id": "worker-7"}' git wave worker remove 7

auth_plan >"$state/plan.json"
run git plan create -q -F "$state/plan.json"
git branch task/009-taken
alike create_plan_branch "$(cat "$state/plan.json")" git plan create -F "$state/plan.json"
cat >"$state/bad.json" <<'END'
{"session_id": "s2", "user_request": "x", "tasks": [
  {"id": "001", "description": "A", "depends_on": ["002"]}, {"id": "002", "description": "B", "depends_on": ["001"]},
  {"id": "1", "description": 5, "priority": "urgent", "status": "dno"}, {"id": "003"}]}
END
alike create_plan_branch "$(cat "$state/bad.json")" git plan create -F "$state/bad.json"
alike create_task_branch '{"task_id": "002"}' git task create 002
alike create_task_branch '{"task_id": "task/009-taken"}' git task create task/009-taken
alike create_task_branch '{"task_id": "001", "branch_slug": "No Slug"}' git task create 001 '--slug=No Slug'
alike create_task_branch '{"task_id": "001", "plan_branch": "plan/none"}' git task create 001 --plan=none
alike update_plan_branch '{"completed_task_ids": ["007"]}' git plan update --complete=007
echo '{"tasks": [{"id": "002", "description": "Other"}]}' >"$state/add.json"
alike update_plan_branch "{\"new_tasks\": [{\"id\": \"002\", \"description\": \"Other\"}]}" git plan update --add="$state/add.json"
alike start_wave '{"task_ids": ["002"]}' git wave start 002
alike finish_wave '{"task_ids": [1]}' git wave finish 001
alike complete_task '{"task_id": "001"}' git task done 001

run git task start 001
echo unsaved >.worktrees/worker-1/new
alike complete_task '{"task_id": "001"}' git task done 001
alike create_task_branch '{"task_id": "001"}' git task create 001
alike start_wave '{"task_ids": ["001"]}' git wave start 001
alike create_worktree '{"worker_id": 2, "task_branch": "task/001-create-user-model-with-email-password"}' \
  git wave worker add 2 task/001-create-user-model-with-email-password

# What is to be run is a call where there is a tool for it, with its parameters.
call complete_task '{"task_id": "002"}'
refuses wrong_state 'to start it, call: start_wave \{"task_ids":\["002"\]\}$'
call create_task_branch '{"task_id": "002"}'
refuses not_ready 'to see what can start now, call: next_wave$'

call create_task_branch '{"task_id": "001"}'
refuses wrong_state 'call: (start_wave|parse_task \{"branch":"001"\})'
# What no tool does is not hinted at, and nothing that only a shell does.
call parse_plan '{"branch": "plan/none"}'
exits 1
json_error '.error | has("hint")' false
call create_worktree '{"worker_id": 2, "task_branch": "mani"}'
exits 1
json_error '.error | has("hint")' false

# Only an agent can be told what to call: a task that the plan does not have can be added.
call create_task_branch '{"task_id": "006"}'
refuses not_found "no task '006' in plan"
refuses not_found 'call: update_plan_branch with new_tasks$'
call create_task_branch '{"task_id": "001", "session_id": "session-1", "plan_branch": "plan/session-2"}'
refuses usage "'plan_branch' is 'plan/session-2', but 'session_id' is 'session-1'"
call create_task_branch '{"task_id": "002", "priority": "hihg"}'
bad_params "create_task_branch: 'priority' is 'hihg'; did you mean 'high'\?"

# A conflict is an answer.
rm .worktrees/worker-1/new
work 1 README.md 'of the task'
git checkout -q flow
commit_file README.md 'of flow' 'In the way'
git checkout -q main
call complete_task '{"task_id": "001"}'
json '[.success, .conflicts]' '[false,["README.md"]]'
json '.notes | any(test("^hint: to resolve them .* run: git -C /.*/.worktrees/worker-1 merge flow$"))'

# What breaks a schema says how it should be.
call create_worktree '{"worker_id": "1"}'
bad_params "create_worktree: 'task_branch' is missing: a text is wanted, for example: "
call update_plan_branch '{"completed_task_ids": {"a": 1}}'
bad_params "'completed_task_ids' is object: a list of texts or whole numbers is wanted"
call create_plan_branch '{"user_request": "x", "tasks": [{"id": "001", "description": "A"}, "B"]}'
bad_params "'tasks' has string as item 2: a list of tasks is wanted"
call parse_plan '{"limit": 0}'
bad_params "'limit' is 0: a whole number of at least 1 is wanted"
call parse_plan '{"cursor": "next"}'
bad_params "'cursor' is 'next'"
call create_plan_branch '{"user_request": "x", "tasks": "none"}'
bad_params "'tasks' is string: a list of tasks is wanted"
call next_wave '{"explain": "perhaps"}'
bad_params "'explain' is string: true or false is wanted"
hang_up
