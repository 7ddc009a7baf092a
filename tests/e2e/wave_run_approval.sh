#!/bin/bash
# With plan.requireApproval, `wave run` starts what the approved version had, and says what waits for approval.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
plan=session-20250112-143000
cat >plan.toml <<'END'
[[tasks]]
id = "001"
description = "Model"
provides = ["User"]
[[tasks]]
id = "002"
description = "View"
preconditions = ["User"]
END
run git plan create -F plan.toml -q
git config plan.requireApproval true

run git wave run -x 'git commit -q --allow-empty -m Work'
exits 3
prints_nothing
complains <<END
error: task '001' is not approved: it is in a plan that nobody has approved
hint: to approve the plan as it is, run: git plan approve $plan
END

run git plan approve -q
run git task add 'Later' --id=003 -q
run git wave run -q -x 'git commit -q --allow-empty -m Work'
exits 1
prints <<'END'
003  pending: waiting for approval
2 of 3 tasks completed (v[..])
END
run git plan approve -q
run git wave run -q -x 'git commit -q --allow-empty -m Work'
exits 0
fsck_clean
no_locks
