#!/bin/bash
# Creating a plan: from options, TOML, JSON and standard input; its name; what is taken.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan_text() { git show "plan/$1:plan.toml"; }

# Dry: the answer, and nothing else.
repository_snapshot
run git plan create -n --request='Add users'
prints plan/session-20250112-143000
same_repository

# From options; named by the clock; current at once; the user's checkout untouched.
checkout_snapshot
run git plan create --request='Add users' --architecture=MVC --design-patterns='Repository Pattern' \
  --technology-stack='Python 3.10' --flow=work --json
json 'keys_unsorted' '["schema","success","session_id","plan_branch","plan_version","commit","total_tasks","warnings"]'
json '.success and .session_id == "session-20250112-143000" and .plan_version == "v1" and .total_tasks == 0 and .warnings == []'
json .commit "$(git rev-parse plan/session-20250112-143000)"
same_checkout
same "$(git config plan.current)" session-20250112-143000
same "$(git ls-tree --name-only plan/session-20250112-143000)" plan.toml
same "$(git rev-parse work)" "$(git rev-parse main)"
run git plan show --json
json '[.user_request, .architecture, .design_patterns, .technology_stack, .flow_branch, .state]' \
  '["Add users","MVC","Repository Pattern","Python 3.10","work","stuck"]'

# The next free second.
run git plan create -q
prints plan/session-20250112-143001

# A person's TOML stays as it is, but for what it must say.
cat >plan.toml <<'END'
# Users first.
session_id = 'mine'   # by hand
version = 7
user_request = """
Add users
"""
owner = "ada"

[[tasks]]   # the model
id = "001"
description = "Create User model"
provides = [ "User",  # the class
  "User.email" ]
reviewers = { first = "bob" }
END
run git plan create -F plan.toml
prints plan/mine
complains_like "^warning: plan 'mine': not named as session-YYYYMMDD-HHMMSS$"
plan_text mine >stored.toml
same "$(diff plan.toml stored.toml || true)" '0a1
> format = 1
3c4,6
< version = 7
---
> version = 1
> flow_branch = "flow"
> created_at = 2025-01-12T14:30:00Z'

# JSON: unknown keys survive, null means absent.
cat >plan.json <<'END'
{"session_id": "from-json", "user_request": "Add \"users\"\nsoon", "owner": {"name": "ada"}, "architecture": null,
 "tasks": [{"id": "001", "description": "Model", "points": 3, "depends_on": []},
           {"id": "002", "description": "View", "depends_on": ["001"], "estimated_time": "8 minutes"}]}
END
run git plan create -F - <plan.json
plan_text from-json >stored.toml
expect grep -Fx 'user_request = "Add \"users\"\nsoon"' stored.toml
expect grep -F 'owner = { name = "ada" }' stored.toml
expect grep -Fx 'points = 3' stored.toml
run git plan show from-json --json
json '.total_tasks == 2 and .tasks[1].estimated_minutes == 8 and .tasks[1].wave == 2 and .unestimated == 1'

# What our own JSON output says can be given back.
git plan show from-json --json >again.json
run git plan create again -F again.json -q
run git plan show again --json
jq 'del(.session_id, .plan_branch)' again.json >before.json
jq 'del(.session_id, .plan_branch)' "$out" >after.json
expect cmp before.json after.json

# Options win over the file; who approved an earlier plan did not approve this one.
printf '[[approvals]]\nversion = 1\nat = 2025-01-01T00:00:00Z\nby = "Eve"\nnote = ""\n' >>plan.toml
run git plan create other -F plan.toml --request=Else -q
run git plan show other --json
json '[.session_id, .user_request, .plan_version]' '["other","Else","v1"]'
expect_not grep approvals <(plan_text other)

# A flow branch by configuration, environment, file, option.
run git -c plan.flowBranch=dev plan create by-config -q
run env GIT_PLAN_FLOW_BRANCH=env git -c plan.flowBranch=dev plan create by-environment -q
run git -c plan.flowBranch=dev plan create only-named -F - -q <<<'user_request = "flow_branch = \"x\""'
run git -c plan.flowBranch=dev plan create by-file -F - -q <<<'flow_branch = "filed"'
for pair in by-config:dev by-environment:env only-named:dev by-file:filed; do
  same "$(git plan show "${pair%:*}" --json | jq -r .flow_branch)" "${pair#*:}"
done

# Taken: by a branch, or by a folder in flow's tree.
run git plan create mine
exits 3
prints_nothing
complains <<'END'
error: plan 'mine' already exists
hint: to let the clock name a new one, run: git plan create
END
git switch -q flow
commit_file .plan/session-20250112-143002/001-x.toml 'id = "001"' "An old session"
git switch -q main
run git plan create session-20250112-143002
exits 3
run git plan create -q
prints plan/session-20250112-143003

# Whoever has the lock of the config keeps all of it from being done, not half.
git plan use other -q >/dev/null
touch .git/config.lock
run git plan create later -q
exits 5
rm .git/config.lock
expect_not git rev-parse -q --verify plan/later
same "$(git config plan.current)" other
run git plan create later -q
same "$(git config plan.current)" later

# A hint is about the plan that was made, whatever other one is named.
run git plan create made1 --plan=other
complains_like "^hint: to add a task, run: git task add '<description>' --plan=made1$"
GIT_PLAN_SESSION=other run git plan create made2
complains_like "^hint: to add a task, run: git task add '<description>' --plan=made2$"
run git plan create made3
complains_like "^hint: to add a task, run: git task add '<description>'$"
echo '{"tasks": [{"id": 1, "title": "One"}]}' >tasks.json
run git plan import --from=taskmaster tasks.json made4 --plan=other
complains_like '^hint: to see what can start now, run: git wave next --plan=made4$'
run git plan import --from=taskmaster tasks.json --into=made3
complains_like '^hint: to see what can start now, run: git wave next --plan=made3$'
fsck_clean
no_locks
