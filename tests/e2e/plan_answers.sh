#!/bin/bash
# The JSON objects of section 4, key by key; list, show, check, provides, use, delete, task list and show.
# Commands that read change nothing.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z

# Without any plan.
repository_snapshot
checkout_snapshot
run git plan list --json
json .plans '[]'
run git plan provides --json
json .provides '[]'
same_repository

auth_plan >plan.json
run git plan create -F plan.json -q
plan=session-20250112-143000
checkout_snapshot
run git task start 1 -q
run git plan update --fail=3 --note=Hm -q
commit=$(git rev-parse plan/$plan)
work 1 models/user.py
(cd "$(slot 1)" && git commit -q --allow-empty -m 'Progress
- [x] model
- [x] docs
- [ ] tests')
repository_snapshot

run git plan show --json
json 'keys_unsorted - ["created_at"]' '["schema","session_id","plan_branch","plan_version","flow_branch","user_request","architecture","architecture_updates","design_patterns","technology_stack","estimated_total_time","dependency_graph","provides","total_tasks","completed_tasks","state","unreachable","unestimated","tasks"]'
json '[.session_id, .plan_branch, .plan_version, .flow_branch, .total_tasks, .completed_tasks, .state, .unreachable, .unestimated]' \
  '["session-20250112-143000","plan/session-20250112-143000","v2","flow",5,0,"running",[],0]'
json .architecture_updates '[{"version":2,"at":"2025-01-12T14:30:00Z","note":"Hm"}]'
json '.tasks[0]' '{"id":"001","slug":"create-user-model-with-email-password","branch":"task/001-create-user-model-with-email-password","description":"Create User model with email/password","status":"in_progress","ready":false,"blocked_by":[],"wave":1,"preconditions":[],"provides":["User model class","User.verify_password"],"depends_on":[],"files":["models/user.py","tests/test_user.py"],"estimated_time":"8 minutes","estimated_minutes":8,"priority":"high","worker":"1","worktree_path":".worktrees/worker-1","absolute_path":"'"$PWD"'/.worktrees/worker-1"}'
json '.tasks[1] | [.ready, .blocked_by]' '[false,[{"precondition":"User model class","provided_by":["001"]}]]'
json '.tasks[3] | [.wave, .blocked_by]' \
  '[3,[{"precondition":"AuthService.login","provided_by":["002"]},{"precondition":"JWT tokens","provided_by":["003"]}]]'
json '.tasks[4] | has("priority") and .priority == "medium"'
json '.tasks | map(.status)' '["in_progress","pending","failed","pending","pending"]'
cp "$out" "$state/show.json"

run git task list --json
json 'keys_unsorted' '["schema","plan_branch","tasks"]'
same "$(jq -c .tasks "$out")" "$(jq -c .tasks "$state/show.json")"
run git task list --ready --json
json .tasks '[]'
run git task list --status=failed,in_progress --json
json '.tasks | map(.id)' '["001","003"]'

run git task show 1 --json
json 'keys_unsorted[0:4]' '["schema","id","slug","branch"]'
json '[.commits_ahead, .last_commit, .todo_done, .todo_total]' '[2,"Progress",2,3]'
json .plan_branch plan/session-20250112-143000
same "$(jq -c 'del(.schema, .commits_ahead, .last_commit, .last_commit_at, .last_commit_time, .todo_done, .todo_total, .plan_branch)' "$out")" \
  "$(jq -c '.tasks[0]' "$state/show.json")"
run git task show 4 --json
json 'has("branch") or has("worker") or has("worktree_path")' false

run git plan list --json
json 'keys_unsorted' '["schema","plans"]'
json '.plans' '[{"session_id":"session-20250112-143000","plan_branch":"plan/session-20250112-143000","plan_version":"v2","total_tasks":5,"completed_tasks":0,"state":"running","current":true}]'
run git plan list
prints "*  $plan  v2  0/5  running  Add user authentication with JWT"

run git plan check --json
json 'keys_unsorted' '["schema","plan_branch","errors","warnings"]'
json '.errors == []'
run git plan provides
prints_nothing

run git wave next --json
json 'keys_unsorted - ["tasks"]' '["schema","plan_branch","plan_version","state","wave","available","held_back","blocked"]'
run git wave list --json
json '["waves","makespan_minutes","critical_path","unreachable","unestimated"] - keys' '[]'
json '.waves | map(.tasks)' '[["001"],["002","003"],["004","005"]]'
json '.waves | map(.estimated_minutes)' '[8,10,10]'
json '[.makespan_minutes, .critical_path, .unestimated]' '[28,["001","002","004"],0]'
run git wave list
run git plan show
prints_like "^plan/$plan v2, running, 0 of 5 tasks completed, 1 in progress, 1 failed$"
run git task show 4
prints_like "^waiting for +'AuthService.login' \(task 002, pending\), 'JWT tokens' \(task 003, failed\)$"
run git wave status --json
json '.workers[0].state' working
same_repository
same_checkout

# use, delete.
run git plan create other -q
run git plan use $plan --json
json . '{"schema":1,"success":true,"session_id":"session-20250112-143000","plan_branch":"plan/session-20250112-143000"}'
same "$(git config plan.current)" $plan
run git plan use nope
exits 2
run git plan delete plan/$plan
exits 3
complains <<END
error: plan '$plan' is not finished: 0 of 5 tasks completed
hint: to delete it all the same, run: git plan delete -f $plan
END
run git plan delete $plan -f --json
json '[.success, .session_id, .plan_branch, .commit]' "[true,\"$plan\",\"plan/$plan\",\"$commit\"]"
expect_not git rev-parse -q --verify plan/$plan
expect_not git config plan.current
run git plan delete $plan
exits 2
run git task add --plan=other 'By itself' --json
json '[.success, .task_id, .added, .plan_version]' '[true,"001",["001"],"v2"]'

# A plan that is stuck, and why, is in the answer.
git task fail -q 1 -m 'No disk'
run git plan show --json
json '.state, .reason' 'stuck
task 001 failed'
run git plan list --json
json '.plans[] | .state, .reason' 'stuck
task 001 failed'
git task cancel -q 1
run git wave next
complains 'all tasks are cancelled'
fsck_clean
