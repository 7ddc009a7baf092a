#!/bin/bash
# `plan report`: what was built and how it went, whichever way the tasks came into flow.
source "$(dirname "$0")/lib.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
user_request = "Add users"
[[tasks]]
id = "001"
description = "Model"
provides = ["User"]
estimated_time = "8 minutes"
[[tasks]]
id = "002"
description = "View"
[[tasks]]
id = "003"
description = "Squashed"
preconditions = ["User"]
[[tasks]]
id = "004"
description = "Rebased"
[[tasks]]
id = "005"
description = "Mailer"
provides = ["Mail"]
[[tasks]]
id = "006"
description = "Welcome mail"
preconditions = ["Mail"]
END
git plan create -q -F plan.toml session-20250112-143000
plan=plan/session-20250112-143000
session='session-20250112-143000'

work() { # WORKTREE FILE LINES
  seq "$3" >"$1/$2"
  git -C "$1" add "$2"
  git -C "$1" commit -q -m "Write $2"
}
run_of() { # TASK FILTER
  jq -rc --arg id "$1" '.tasks[] | select(.id == $id) | .run | '"$2" "$out"
}

# Nothing has begun.
run git plan report --json
json '.state, .waves, .failures, .capabilities, [.tasks[].run], .files_changed' 'ready
[]
[]
[]
[{},{},{},{},{},{}]
0'
run git plan report
prints_like '^plan/session-20250112-143000 v1, ready, 0 of 6 tasks completed$'

# By our own commands, the second attempt of one task and the failure of another too.
git wave start -q -j 4 >/dev/null
work .worktrees/worker-2 view 3
at 2025-01-12T14:34:00Z
run git task reset 002
at 2025-01-12T14:35:00Z
git task start -q 002 >/dev/null
work .worktrees/worker-1 model 10
work .worktrees/worker-2 view 5
at 2025-01-12T14:38:00Z
run git task done 001 -m 'bcrypt <cost> 12' --remove-worktree
same "$(git log -1 --format='%(trailers:key=Worker)%(trailers:key=Started-At)' flow)" 'Worker: 1
Started-At: 2025-01-12T14:30:00Z'
at 2025-01-12T14:40:00Z
run git task done 002 --remove-worktree
same "$(git log -1 --format='%(trailers:key=Attempts,valueonly)' flow)" 2
run git task fail 005 -m 'the relay refuses'
same "$(git log -1 --format=%B $plan)" 'Fail 005 (v4)

Task: 005
Outcome: failed
Worker: 4
Started-At: 2025-01-12T14:30:00Z
Finished-At: 2025-01-12T14:40:00Z
Reason: the relay refuses'

# By ordinary git: squashed, and rebased onto a flow that has moved.
run git task start 003 -q
three=$(git -C .worktrees/worker-1 symbolic-ref --short HEAD)
work .worktrees/worker-1 squashed 7
four=$(git -C .worktrees/worker-3 symbolic-ref --short HEAD)
work .worktrees/worker-3 rebased 1
work .worktrees/worker-3 rebased-too 2
as Bob
at 2025-01-12T14:50:00Z
git worktree add -q ../flow flow
git -C ../flow merge -q --squash "$three" >/dev/null 2>&1
git -C ../flow commit -q -m 'Squashed task 003 (#12)'
git -C .worktrees/worker-3 rebase -q flow
at 2025-01-12T14:55:00Z
git -C ../flow merge -q --ff-only "$four"
work ../flow unrelated 50

run git plan report --json
json '.state, .completed_tasks, .failed_tasks, .files_changed, .lines_added, .lines_removed' 'stuck
4
1
5
25
0'
same "$(run_of 001 '[.worker, .attempts, .started_at, .finished_at, .taken_minutes, .message, .merged_by, .lines_added]')" \
  '["1",1,"2025-01-12T14:30:00Z","2025-01-12T14:38:00Z",8,"bcrypt <cost> 12","Ada",10]'
same "$(run_of 002 '[.worker, .attempts, .started_at, .lines_added, .changed_files]')" \
  '["2",2,"2025-01-12T14:35:00Z",5,["view"]]'
same "$(run_of 003 '[.merged_by, .started_at, .finished_at, .lines_added]')" \
  '["Bob","2025-01-12T14:40:00Z","2025-01-12T14:50:00Z",7]'
same "$(run_of 003 .merge_commit)" "$(git log -1 --format=%H --grep='(#12)' flow)"
same "$(run_of 004 '[.files_changed, .lines_added, .started_at]')" '[2,3,"2025-01-12T14:30:00Z"]'
same "$(run_of 004 .merge_commit)" "$(git rev-parse flow~)"
same "$(run_of 005 '[.worker, .started_at, .finished_at, .merge_commit]')" \
  '["4","2025-01-12T14:30:00Z","2025-01-12T14:40:00Z",null]'
same "$(run_of 006 .)" '{}'
json '[.waves[] | [.wave, .tasks]]' '[[1,["001","004","005","002"]],[2,["003"]]]'
json '[.failures[] | [.task, .outcome, .at, .reason]]' \
  '[["002","reset","2025-01-12T14:34:00Z",null],["005","failed","2025-01-12T14:40:00Z","the relay refuses"]]'
json '.failures[0].kept_at' 'refs/git-plan/attempts/session-20250112-143000/002/20250112T143400Z'
json '.remaining' '[{"id":"005","reason":"failed: the relay refuses"},{"id":"006","reason":"waiting for '"'Mail'"' (task 005, failed)"}]'
json '.capabilities' '["User"]'
repository_snapshot

# The same for people.
run git plan report
prints_like '^  ran 2025-01-12 14:30 to 14:50 UTC \(20 min\)$'
prints_like '^  stuck: task 005 failed and 006 waits for it$'
prints_like '^  001  completed  [0-9a-f]{10}  \+10 -0  8 of 8 min         Model$'
prints_like '^  002  completed  [0-9a-f]{10}  \+5 -0   5 min       try 2  View$'
prints_like '^  002  2025-01-12 14:34            reset$'
prints_like '^  005  2025-01-12 14:40  worker 4  failed: the relay refuses$'
run git plan report --format=markdown
prints_like '^\| 001 \| Model \| completed \| 1 \| 8 min \| 8 min \| 1 \| `[0-9a-f]{10}` \| 1: \+10 −0 \|$'
prints_like '^> bcrypt &lt;cost\\> 12  $'
prints_like '^  t0 --> t2$'
prints_like '^  001 Model :done, t0, 1736692200, 1736692680$'
run git plan report --format=html
prints_like '<title>Add users</title>'
prints_like '<h1>Add users</h1>'
prints_like '<p class="quiet">session-20250112-143000 · plan/session-20250112-143000 v[0-9]+ · on flow'
prints_like '<b>1</b><span>failed</span>'
run git plan report --format=json
json .session_id "$session"
same_repository

# A shallow clone knows less, and makes nothing up.
git clone -q --depth=1 --no-single-branch "file://$PWD" ../shallow
for branch in flow $plan; do
  git -C ../shallow branch -q "$branch" "origin/$branch"
done
run git -C ../shallow plan report --json
json '.completed_tasks, .lines_added, [.tasks[] | .run.merge_commit | select(.)]' '4
0
[]'

# A clean-up of .plan on flow forgets no report; neither does a later reset of what had failed.
git -C ../flow rm -q -r .plan
git -C ../flow commit -q -m 'Clean up'
run git plan report --json
json '.completed_tasks' 2 # what no write of the plan has recorded was known from flow alone
same "$(run_of 001 '[.worker, .lines_added]')" '["1",10]'
run git task reset 005
run git plan report --json
json '[.failures[] | [.task, .outcome]]' '[["002","reset"],["005","failed"],["005","reset"]]'

# Refusals, and plans that cannot be drawn as they should.
run git plan report nowhere
exits 2
run git plan report --format=pdf
exits 129
complains_like '^error: no format .pdf.: there are text, markdown, html, json$'
git plan create -q empty 2>/dev/null
for format in text markdown html json; do
  run git plan report empty --format=$format
done
git worktree add -q ../hand plan/empty
cat >>../hand/plan.toml <<'END'
[[tasks]]
id = "001"
description = "Hen"
preconditions = ["egg"]
provides = ["hen"]
[[tasks]]
id = "002"
description = "Egg"
preconditions = ["hen"]
provides = ["egg"]
[[tasks]]
id = "001"
description = "The same id"
depends_on = ["001", "999"]
[[tasks]]
description = ""
END
git -C ../hand commit -q -a -m 'By hand'
for format in text markdown html json; do
  run git plan report empty --format=$format
done
json '.remaining | length' 4
fsck_clean
