#!/bin/bash
# `plan approve`: who stands for which version; and plan.requireApproval, which lets nothing start that the
# approved version did not have as it is now.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=session-20250112-143000
cat >plan.toml <<'END'
user_request = "Users"   # why
[[tasks]]
id = "001"
description = "Model"      # first
provides = ["User"]
files = ["model.c"]
[[tasks]]
id = "002"
description = "View"
files = ["view.c"]
[[tasks]]
id = "003"
description = "Docs"
preconditions = ["User"]
END
run git plan create -F plan.toml -q
git config plan.requireApproval true

# Nothing starts in a plan that nobody has approved.
run git plan show
prints_like '^not approved$'
run git task start 001
exits 3
prints_nothing
complains <<END
error: task '001' is not approved: it is in a plan that nobody has approved
hint: to approve the plan as it is, run: git plan approve $plan
END
run git task start 001 -f --json
exits 3
json_error '.error.code' not_approved
run git wave start
exits 3
prints_nothing
complains <<END
error: task '001' is not approved: it is in a plan that nobody has approved
hint: to approve the plan as it is, run: git plan approve $plan
END
run git wave next --json
json '.tasks, .unapproved' '[]
["001","002"]'
run git wave next --explain
prints_like '^001  waiting for approval$'
same "$(git for-each-ref refs/heads/task)" ''

# Approving makes a commit, no version, and touches no line of the plan.
version=$(git rev-parse "plan/$plan")
run git plan approve --expect=v2
exits 5
complains_like "^error: plan '$plan' is at v1, not at v2$"
as Bob
at 2025-01-12T15:00:00Z
run git plan approve $plan -m 'Go ahead'
prints "plan/$plan v1 approved by Bob <bob@example.com>"
same "$(git rev-parse "plan/$plan~")" "$version"
same "$(git log -1 --format='%s, %an' "plan/$plan")" 'Approve (v1), Bob'
same "$(git diff "plan/$plan~" "plan/$plan" -- plan.toml | grep '^[-+]' | tail -n +3 | grep -vx '+')" "+[[approvals]]
+version = 1
+at = 2025-01-12T15:00:00Z
+by = \"Bob <bob@example.com>\"
+note = \"Go ahead\"
+commit = \"$version\""
run git plan show --json
json '.plan_version, .approval' 'v1
{"required":true,"version":1,"at":"2025-01-12T15:00:00Z","by":"Bob <bob@example.com>","note":"Go ahead","unapproved":[]}'
run git plan approve --json # again: it stands
json '.success, .changed, .plan_version, .approved_by, .note' 'true
false
v1
Bob <bob@example.com>
Go ahead'
as Ada
run git plan approve # another person stands for it too
prints "plan/$plan v1 approved by Ada <ada@example.com>"
same "$(git show "plan/$plan:plan.toml" | grep -c '^\[\[approvals\]\]')" 2

# What was added or changed since is held back, the rest starts; a status is no change.
run git plan update --set 002.priority=high --set 002.files=view.h --set 002.files=view.c -q
run git task add 'More'
prints 004
run git wave start -j 5 --json
json '[.started[].task], .unapproved' '["001"]
["002","004"]'
run git plan show
prints_like '^approved v1 by Ada <ada@example.com>, 2025-01-12T15:00:00Z$'
prints_like '^not approved: 002 was changed after v1 \(files, priority\)$'
prints_like '^not approved: 004 was added after v1$'
run git wave start 004
exits 3
complains_like "^error: task '004' is not approved: it was added after v1$"
run git -C .worktrees/worker-1 commit -q --allow-empty -m Work
run git task done 001
run git wave finish --json
json '.next' '["003"]'
run git wave start 003 004 --json
json '[.started[].task]' '["003"]'
complains_like "^warning: task '004' was not started: task '004' is not approved"
run git plan approve -q
run git wave start -j 5 --json
json '[.started[].task] | sort' '["002","004"]'

# An approval that a person wrote by hand counts for the version that it names; one of nonsense for none.
cat >other.toml <<'END'
[[tasks]]
id = "001"
description = "One"
END
run git plan create session-20250113-000000 -F other.toml -q
git worktree add -q ../hand plan/session-20250113-000000
printf '\n[[approvals]]\nversion = 9\nby = "Eve"\ncommit = "%s"\n' "$version" >>../hand/plan.toml
git -C ../hand commit -q -a -m 'Of no version'
run git task start session-20250113-000000/001
exits 3
sed -i 's/^version = 9/version = 1/' ../hand/plan.toml
git -C ../hand commit -q -a -m 'By hand'
git worktree remove ../hand
run git task start session-20250113-000000/001
exits 0

# One that names a version of this plan approves what stood in that, in whatever history it comes by now; and it is
# about all that a worker is told.
run git plan approve -q session-20250113-000000
approved=$(git rev-parse plan/session-20250113-000000)
plan_of_others() { # as a fetch brings it: what stdin makes of the plan
  local blob
  blob=$(git hash-object -w --stdin)
  git update-ref refs/heads/plan/session-20250113-000000 \
    "$(git commit-tree -m Theirs "$(printf '100644 blob %s\tplan.toml\n' "$blob" | git mktree)")"
}
git task reset -q session-20250113-000000/001 >"$out"
git show "$approved:plan.toml" | plan_of_others
run git task start session-20250113-000000/001
exits 0
git task reset -q session-20250113-000000/001 >"$out"
git show "$approved:plan.toml" | sed 's/"One"/"Another"/' | plan_of_others
run git task start session-20250113-000000/001
exits 3
complains_like '(description)'
for line in 'slug = "another"' 'details = "other"' 'test_strategy = "other"' 'agent = "other"'; do
  git show "$approved:plan.toml" | sed "s/^id = .*/&\n$line/" | plan_of_others
  run git task start session-20250113-000000/001
  exits 3
  complains_like "\\(${line%% *}\\)$"
done
git show "$approved:plan.toml" | plan_of_others

# Without the setting an approval is only a record.
git config --unset plan.requireApproval
run git task add 'Anything' --plan=session-20250113-000000 -q
run git task start session-20250113-000000/002
exits 0
run git plan approve nowhere
exits 2
fsck_clean
no_locks
