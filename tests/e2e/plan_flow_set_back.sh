#!/bin/bash
# flow was set back behind the merge of a completed task: whoever asks what to do next is told, and a run does not
# end as if all were well.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
session_id = "s1"
[[tasks]]
id = "001"
description = "Make a"
provides = ["A"]
[[tasks]]
id = "002"
description = "Use a"
preconditions = ["A"]
END
git plan create -q -F plan.toml >/dev/null
git task start 001 -q >/dev/null
work 1 a
git task done 001 -q >/dev/null 2>&1
git wave finish -q >/dev/null
run git wave next
complains_nothing
git branch -q -f flow main
warning="^warning: (line [0-9]+: )?task '001' is recorded completed, but 'flow' does not have it \(set back\?\); to merge it again: git task done s1/001$"
for command in 'wave next' 'wave next --json' 'task list' 'task show 002' 'task show 001 --json' 'task start 002' 'wave start'; do
  read -ra words <<<"$command"
  run git "${words[@]}"
  complains_like "$warning"
done
git task reset -q 002 >/dev/null 2>&1
run git plan check
prints_like "$warning"
run git wave run -x 'echo b >b && git add b && git commit -q -m b'
exits 1
complains_like "$warning"
prints_like "^001  completed: 'flow' does not have it$"
prints_like '^1 of 2 tasks completed'
run git wave run --json -x true
exits 1
json '.success, .completed_tasks, .remaining' 'false
1
[{"id":"001","status":"completed","reason":"'"'flow'"' does not have it"}]'

# What was looked up once is known for this commit of flow.
expect test -f .git/git-plan/cache/departures-s1

# As the warning says.
run git task done s1/001
run git wave next
complains_unlike '^warning'
expect git cat-file -e flow:a
run git wave run -x true

# A revert is said to be one; a clean-up is nothing to speak of.
git worktree add -q ../flow flow
git -C ../flow revert -m 1 --no-edit "$(git rev-parse flow)" >/dev/null
run git task list
complains_like "^warning: task '001' is recorded completed, but 'flow' does not have it \(reverted\?\); to start it over: git task reset s1/001$"
git -C ../flow reset -q --hard HEAD~1
git -C ../flow rm -rq .plan && git -C ../flow commit -q -m 'Clean up'
run git wave run -x true
exits 0
complains_unlike '^warning'
