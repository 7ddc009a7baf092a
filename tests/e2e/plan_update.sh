#!/bin/bash
# One atomic new version, all of it or nothing; commits by hand count.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=plan/session-20250112-143000
cat >plan.toml <<'END'
user_request = "Users"   # why
[[tasks]]
id = "001"
description = "Model"      # first
provides = ["User"]

# The views.
[[tasks]]
description = "View"
id = "002"
preconditions = ["User"]
color = "red"
[tasks.extra]
deep = [1, 2]

[[tasks]]
id = "003"
description = "Docs"
END
run git plan create -F plan.toml -q

# Everything at once is one version and one commit; a task that is named twice is one task.
echo '[{"description": "Tests", "depends_on": ["002"]}]' >more.json
run git plan update --complete=1,001 --complete=0001 --fail=3 --add=more.json --note='bcrypt cost 12' --set architecture=MVC \
  --set 002.priority=high --expect=v1 --json
json 'keys_unsorted' '["schema","success","plan_branch","plan_version","completed","added","failed","warnings"]'
json '[.plan_branch, .plan_version, .completed, .added, .failed]' "[\"$plan\",\"v2\",[\"001\"],[\"004\"],[\"003\"]]"
json '.warnings | map(.code)' '["not_merged"]'
same "$(git rev-list --count $plan)" 2
run git plan show --json
json '.architecture_updates' '[{"version":2,"at":"2025-01-12T14:30:00Z","note":"bcrypt cost 12"}]'
json '.tasks | map([.id, .status, .priority])' \
  '[["001","completed","medium"],["002","pending","high"],["003","failed","medium"],["004","pending","medium"]]'

# A list of nothing, as of a variable that nobody set, is no list.
for option in complete fail cancel; do
  run git plan update --$option= --note=x
  exits 129
  complains_like "^error: option '--$option' is given nothing$"
done
run git task add x --after=
exits 129
run git plan update --set 002.status=completed
exits 129
complains_like '^hint: to record it, run: git plan update --complete=002$'
run git plan update --set status=completed
exits 129
complains_like '^hint: it follows from its tasks; to see them, run: git task list$'

# Only the lines that had to change did; comments, key order, spacing and unknown keys stayed.
same "$(git diff --unified=0 $plan~ $plan | grep '^[-+]' | tail -n +3)" '-version = 1
+version = 2
+architecture = "MVC"
+
+[[updates]]
+version = 2
+at = 2025-01-12T14:30:00Z
+note = "bcrypt cost 12"
+
+status = "completed"
+priority = "high"
+status = "failed"
+
+[[tasks]]
+id = "004"
+description = "Tests"
+status = "pending"
+preconditions = []
+provides = []
+depends_on = ["002"]
+files = []'

# What changes nothing makes no version.
tip=$(git rev-parse $plan)
for nothing in --complete=001 --fail=003 --note= --set=architecture=MVC; do
  run git plan update "$nothing"
  prints "$plan v2 (unchanged)"
done
run git plan update
run git plan update --add=- <<<'{"tasks": [{"id": "1", "description": "Model", "provides": ["User"]}]}'
prints "$plan v2 (unchanged)"
same "$(git rev-parse $plan)" "$tip"

# One wrong word, and nothing of it happens.
run git plan update --complete=002 --fail=77
exits 2
complains <<'END'
error: no task '77' in plan 'session-20250112-143000'
hint: to see the tasks, run: git task list
END
run git plan update --complete=002 --expect=v1
exits 5
complains_like "^error: plan 'session-20250112-143000' is at v2, not at v1$"
run git plan update --complete=002 --set architectur=x
exits 129
complains_like "no key 'architectur' in a plan; did you mean 'architecture'\?"
run git plan update --cancel=002 --add=nowhere.json
exits 128
prints_nothing
run git plan update --add=- <<<'{"task": []}'
exits 128
complains_like '^error: <stdin>: no "tasks" in it; did you mean .tasks. by .task.\?$'
run git plan update --add=- <<<'[{"id": "002", "description": "Other"}]'
exits 3
complains_like "^error: task '002' already exists in plan 'session-20250112-143000', with other content$"
run git plan update --cancel=1
exits 3
complains_like "^error: cannot cancel task '001': it is completed$"
run git plan update --complete=002 --fail=2
exits 129
complains_like "^error: task '002' cannot both be completed and fail$"
run git plan update --fail=002 --cancel=4,2
exits 129
complains_like "^error: task '002' cannot both fail and be cancelled$"
same "$(git rev-parse $plan)" "$tip"

# A failed task may still be completed; a cancelled plan is finished.
run git plan update --complete=3 --cancel=2,004 -q
run git plan list --json
json '.plans[0] | [.state, .completed_tasks, .total_tasks, .plan_version]' '["completed",2,4,"v3"]'

# A commit by hand is read as it stands, and the next machine write adds 1 to the version it finds.
git worktree add -q ../hand $plan
sed -i -e 's/^version = 3/version = 40/' -e 's/"Docs"/"Handbook"/' ../hand/plan.toml
git -C ../hand commit -q -a -m 'By hand'
run git plan show session-20250112-143000 --json
json '[.plan_version, .tasks[2].description]' '["v40","Handbook"]'
git worktree remove ../hand
run git plan update --plan=$plan --note=More
prints "$plan v41"
run git task add --plan=$plan 'One more'
prints 005
expect grep -Fx '# The views.' <(git show $plan:plan.toml)
expect grep -Fx 'deep = [1, 2]' <(git show $plan:plan.toml)
fsck_clean
no_locks
