#!/bin/bash
# A task that is done, and that nobody has merged yet: it is in progress and not given out again, until it is merged, started
# over, or ends otherwise.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
session_id = "s1"
[[tasks]]
id = "001"
description = "Make the model"
provides = ["Model"]
files = ["model.py"]
estimated_time = "30 minutes"
[[tasks]]
id = "002"
description = "Use it"
preconditions = ["Model"]
[[tasks]]
id = "003"
description = "Document it"
files = ["model.py"]
END
git plan create -q -F plan.toml >/dev/null
# What a worker of a run leaves when it ended well.
finish() { # ID FILE [SESSION]
  git task start -q "${3:-s1}/$1" --allow-overlap >/dev/null
  work 1 "$2"
  git update-ref "refs/git-plan/done/${3:-s1}/$1" "$(git -C .worktrees/worker-1 rev-parse HEAD)"
  git wave worker remove -q 1 >/dev/null
}
done_refs() { git for-each-ref --format='%(refname:lstrip=3)' refs/git-plan/done; }
no_done_refs() { same "$(done_refs)" ''; }

# Without that ref it is free.
git task start -q 001 >/dev/null
work 1 model.py
git wave worker remove -q 1 >/dev/null
tip=$(git rev-parse task/001-make-the-model)
run git wave next --json
json '.tasks | map(.id)' '["001"]'
git update-ref refs/git-plan/done/s1/001 "$tip"
repository_snapshot

# It is in progress still, and what it holds back and what waits for it waits on.
run git task show 001 --json
json '.status, .done, .ready, has("worker")' 'in_progress
true
false
false'
run git task show 003 --json
json '.status, has("done"), .blocked_by' 'pending
false
[{"files":["model.py"],"task":"001"}]'
run git task show 001
prints_like '^Task 001 done, not merged yet$'
run git task list
prints_like '^001  done, not merged yet  30 min '
run git plan show
prints_like '^  001  done, not merged yet  30 min '
prints_like '^time left: due now with 3 workers'
run git plan graph
prints_like '◕ 001 '
prints_like '◕ done, not merged yet'
run git plan report
prints_like '001  done, not merged yet'
expect_not grep -q 'nobody works on it' "$out"
run git wave next
prints_nothing
complains <<'END'
nothing can start now:
  001  done, not merged yet
  002  waiting for 'Model' (task 001, done, not merged yet)
  003  held back: task 001 touches model.py too
hint: to merge what is done, run: git task done 001
END
run git wave next --json --exit-code
exits 1
json '.tasks, .blocked[0]' '[]
{"id":"001","status":"in_progress","reason":"done, not merged yet"}'
same_repository
# Nobody is given it.
run git wave start
exits 0
prints_nothing
for command in 'task start 001' 'task start -f --allow-overlap 001' 'wave start 001' 'task create 001'; do
  # shellcheck disable=SC2086
  run git $command
  exits 3
  complains <<'END'
error: task '001' is done and waits to be merged
hint: to merge it, run: git task done 001
hint: to start it over, run: git task reset 001
END
done
run git task start 001 --json
exits 3
same "$(jq -r .error.code "$err")" done
expect_not test -e .worktrees/worker-1

# In the slot where it says so by hand.
git update-ref -d refs/git-plan/done/s1/001
git task start -q 001 >/dev/null
git update-ref refs/git-plan/done/s1/001 "$tip"
run git wave status --json
json '.workers | map([.task, .state])' '[["001","done"]]'
run git task list
prints_like '^001  done, not merged yet  30 min +worker 1  '

# Started over, it is not done any more.
run git task reset 001 --json
json '.attempts | length' 1
no_done_refs
run git task show 001 --json
json '.status, .ready, has("done")' 'pending
true
false'

# Nor is it where it ends in another way, by whichever verb.
for command in 'task fail' 'task cancel' 'plan update --fail' 'plan update --cancel'; do
  finish 001 model.py
  same "$(done_refs)" s1/001
  # shellcheck disable=SC2086
  run git $command 001
  exits 0
  no_done_refs
  git task reset -q 001 >/dev/null
done
finish 001 model.py
run env GIT_EDITOR="sed -i '0,/^status = .*/s//status = \"failed\"/'" git plan edit
exits 0
no_done_refs
git task reset -q 001 >/dev/null

# A ref of a task that has no branch any more says nothing, and nothing of the next attempt; its work stays.
finish 001 model.py
tip=$(git rev-parse task/001-make-the-model)
git branch -q -D task/001-make-the-model
run git task show 001 --json
json '.status, .ready, has("done")' 'pending
true
false'
git task start -q 001 >/dev/null
no_done_refs
expect git for-each-ref --points-at "$tip" --format=x refs/git-plan/attempts
same "$(git for-each-ref --points-at "$tip" --format=x refs/git-plan/attempts)" x
run git wave status --json
json '.workers[0].state' working
git task reset -q 001 >/dev/null

# Merged by plain git: the next write that records it drops the ref.
finish 001 model.py
flow=$(git commit-tree -p flow -p task/001-make-the-model -m merged 'task/001-make-the-model^{tree}')
git update-ref refs/heads/flow "$flow"
run git task show 001 --json
json '.status, has("done")' 'completed
false'
run git wave finish -q
no_done_refs

# Names that are none.
finish 003 model2.py
for name in s1/3 s1/0003 s1/003x other/003 s1/999; do
  git update-ref "refs/git-plan/done/$name" flow
done
git update-ref -d refs/git-plan/done/s1/003
run git task show 003 --json
json '.status, has("done")' 'in_progress
false'
git for-each-ref --format='delete %(refname)' refs/git-plan/done | git update-ref --stdin

# The doctor knows which are none, and drops those.
tip=$(git rev-parse task/003-document-it)
git update-ref refs/git-plan/done/s1/003 "$tip"
run git plan doctor --json
exits 1
json '.problems | map([.code, .message, .hint])' \
  '[["done_waiting","task '"'s1/003'"' is done and not merged","to merge it, run: git task done s1/003"]]'
git update-ref refs/git-plan/done/s1/001 "$flow"
git update-ref refs/git-plan/done/s1/002 "$flow"
git update-ref refs/git-plan/done/s1/007 "$flow"
git update-ref refs/git-plan/done/gone/001 "$flow"
git update-ref -d refs/git-plan/done/s1/003
run git plan doctor --json
exits 1
json '.problems | map(.message)[]' "'refs/git-plan/done/gone/001' means nothing: its plan is gone
'refs/git-plan/done/s1/001' means nothing: 'flow' has the task
'refs/git-plan/done/s1/002' means nothing: the task is pending
'refs/git-plan/done/s1/007' means nothing: its plan has no such task"
run git plan doctor --fix --json
exits 0
json '.problems | map(.fixed) | all, length' 'true
4'
no_done_refs

# A plan takes them with it, red ones too.
git update-ref refs/git-plan/done/s1/003 "$tip"
git update-ref refs/git-plan/red/s1/003 "$tip"
git update-ref refs/git-plan/red/s2/001 "$tip"
git task cancel -q 002 >/dev/null
git task cancel -q 003 >/dev/null
no_done_refs
git update-ref refs/git-plan/done/s1/003 "$tip"
run git plan clean -n --json
json '.dropped_refs | map(.ref) | join(" ")' 'refs/git-plan/done/s1/003 refs/git-plan/red/s1/003'
same "$(done_refs)" s1/003
run git plan clean --json
json '.dropped_refs | map([.ref, .commit])' \
  "[[\"refs/git-plan/done/s1/003\",\"$tip\"],[\"refs/git-plan/red/s1/003\",\"$tip\"]]"
no_done_refs
same "$(git for-each-ref --format='%(refname)' refs/git-plan/red)" refs/git-plan/red/s2/001
free_plan 1 s2
git update-ref refs/git-plan/done/s2/001 "$tip"
run git plan delete -f s2 --json
json '.dropped_refs | map(.ref)' '["refs/git-plan/done/s2/001","refs/git-plan/red/s2/001"]'
no_done_refs
