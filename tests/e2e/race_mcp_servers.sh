#!/bin/bash
# timeout: 300
# Eight MCP servers and the shell work on one plan at once; nothing is lost.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"

request() { # TOOL ARGUMENTS
  echo "{\"jsonrpc\":\"2.0\",\"id\":$((id++)),\"method\":\"tools/call\",\"params\":{\"name\":\"$1\",\"arguments\":$2}}"
}

# One agent: its tasks' branches and worktree, an update for each of its tasks, a task of its own.
agent() { # N
  local n=$1 id=1 i task
  for i in 0 1 2; do
    task=$(printf '%03d' $((n + 8 * i)))
    request create_task_branch "{\"task_id\":\"$task\",\"branch_slug\":\"t\"}"
    request create_worktree "{\"worker_id\":$n,\"task_branch\":\"task/$task-t\"}"
    request update_plan_branch "{\"completed_task_ids\":[\"$task\"],\"architecture_updates\":\"agent $n, task $task\"}"
    request remove_worktree "{\"worker_id\":$n}"
  done
  request update_plan_branch "{\"new_tasks\":[{\"description\":\"Of agent $n\"}]}"
}
serve_agent() { # N
  git plan mcp --plan=s1 <"$state/agent.$1"
}
shell_agent() {
  local i
  for i in 1 2 3 4 5 6; do
    git plan update -q --plan=s1 --note="shell $i"
    git task add -q --plan=s1 "Of the shell $i"
  done
}

new_repo
as Ada
free_plan 30
echo dirty >>README.md
checkout_snapshot
for n in 1 2 3 4 5 6 7 8; do agent $n >"$state/agent.$n"; done
for n in 1 2 3 4 5 6 7 8; do spawn serve_agent $n; done
spawn shell_agent
all_exit 0
for n in 0 1 2 3 4 5 6 7; do
  same "$(jq -c 'select((.error // null) != null or .result.isError) | .' "$state/spawn.$n.out")" ''
  same "$(wc -l <"$state/spawn.$n.out")" 13
done

run git plan show --json
json '.completed_tasks' 24
json '.total_tasks' 44
json '.architecture_updates | length' 30
json '.architecture_updates | map(.note) | unique | length' 30
json '.plan_version' v45
json '.tasks | map(select(.description | startswith("Of"))) | map(.id) | unique | length' 14
same "$(git rev-list --count plan/s1)" 45
same "$(git for-each-ref --format=x refs/heads/task | wc -l)" 24
expect_not ls .worktrees/worker-1
same_checkout
fsck_clean
no_locks
no_processes
