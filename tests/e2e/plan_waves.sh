#!/bin/bash
# Waves, unreachable tasks, cycles, makespan, critical path, estimates; capabilities of other sessions.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z

# Any one provider will do; the plan's own `provides` count; what can never start is in no wave.
cat >plan.json <<'END'
{"session_id": "s1", "provides": ["ground"], "tasks": [
 {"id": "001", "description": "a", "preconditions": [" ground "], "provides": ["A  b"], "estimated_time": "5 minutes"},
 {"id": "002", "description": "b", "preconditions": ["A b"], "provides": ["B"], "estimated_time": "1h 30m"},
 {"id": "003", "description": "c", "provides": ["B"], "estimated_time": "90s", "priority": "critical"},
 {"id": "004", "description": "d", "preconditions": ["B"], "depends_on": ["1"], "estimated_time": "PT8M"},
 {"id": "005", "description": "e", "preconditions": ["a B"], "estimated_time": "8"},
 {"id": "006", "description": "f", "depends_on": ["005"]},
 {"id": "007", "description": "g"}]}
END
run git plan create -F plan.json -q
complains_like "^warning: task '005': no task provides 'a B'; did you mean 'A  ?b' \(task 001\)\?$"
run git wave list --json
json '.waves | map(.tasks)' '[["001","003","007"],["002","004"]]'
json '.unreachable | map(.id)' '["005","006"]'
json .unestimated 2
json .critical_path '["001","002"]'
json .makespan_minutes 95
run git -c wave.maxParallel=1 wave list --json
json .makespan_minutes 104.5
run git wave list
prints_like '^(Unreachable|.*005.*)'
run git plan show --json
json '.unreachable[0].reason | contains("a B")'
json '[.unestimated, (.tasks | map(.wave))]' '[2,[1,2,1,2,null,null,1]]'
json '.tasks | map(.estimated_minutes)' '[5,90,1.5,8,8,null,null]'
prints_like '"estimated_minutes": 8,'

# Best first: priority, then the longer remaining path, then the smaller id.
run git wave next --json
json '.tasks | map(.id)' '["003","001","007"]'
json .available '["ground"]'
json .wave 1
run git plan update --complete=3 -q
run git plan provides
prints 'ground
B'
run git wave next --json
json '.tasks | map(.id)' '["001","007"]'

# A cycle that a person's commit brings in is named in order; its tasks are in no wave.
git worktree add -q ../hand plan/s1
sed -i '/^description = "a"$/,/^\[\[tasks/s/^depends_on = .*/depends_on = ["004"]/' ../hand/plan.toml
git -C ../hand commit -q -a -m 'By hand'
git worktree remove ../hand
run git plan check
exits 1
prints_like "^error: line [0-9]+: tasks 001 -> 004 -> 001 form a cycle$"
run git wave list --json
json '.unreachable | map(.id)' '["001","002","004","005","006"]'
run git plan update --complete=1 -q
run git wave next --json
json '.tasks | map(.id)' '["002","004","007"]'

# Other sessions' files in flow provide to this plan, and are what there is without a plan.
run git plan create s2 -F - -q <<<'{"tasks": [{"id": "001", "description": "base", "provides": ["Base", "Extra"]}]}'
run git task create s2/1 -q
run git task "done" s2/1 -q --allow-empty
run git plan create s3 -F - -q <<<'{"tasks": [{"id": "001", "description": "top", "preconditions": ["Base"]}]}'
complains_unlike 'Base'
run git wave next --plan=s3 --json
json '[(.tasks | map(.id)), .available]' '[["001"],["Base","Extra","A  b","B"]]'
run git plan provides --plan=s3
prints 'Base
Extra
A  b
B'
run git plan provides --plan=s2 --json
json .provides '["A  b","B","Base","Extra"]'
run git plan delete -f s1 -q
run git plan delete s2 -q
run git plan delete -f s3 -q
run git plan provides
prints 'Base
Extra'
run git plan provides --plan=s3
exits 2
