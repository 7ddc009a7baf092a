#!/bin/bash
# `task start`: slots, and each reason to refuse.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
session_id = "s1"
[[tasks]]
id = "001"
description = "Lexer"
provides = ["Lexer"]
files = ["src/lexer/"]
[[tasks]]
id = "002"
description = "Parser"
files = ["src/lexer/token.h", "src/parser.c"]
[[tasks]]
id = "003"
description = "Docs"
files = ["docs/**"]
[[tasks]]
id = "004"
description = "Printer"
preconditions = ["Lexer"]
END
git plan create -q -F plan.toml >/dev/null

run git task start 001 --json
json '.success, .task_id, .branch, .worker, .worktree_path' 'true
001
task/001-lexer
1
.worktrees/worker-1'
json '.prompt | contains("task/001-lexer")'
run git task start 001
exits 3
prints_nothing
complains "error: task '001' is with worker 1 already, in '.worktrees/worker-1'
hint: to see what it is told to do, run: git task prompt 001"
run git task start 004
exits 3
complains_like "^error: task '004' is not ready: waiting for 'Lexer' \(task 001, in progress\)$"

# Overlapping files never run together, of another plan of this flow branch neither.
run git task start 002
exits 3
complains "error: task '002' is held back: task 001 touches 'src/lexer/token.h' too
hint: to start it all the same, run: git task start 002 --allow-overlap"
run git wave next --json
json '[.tasks[].id]' '["003"]'
json '.held_back' '[{"id":"002","task":"001","files":["src/lexer/token.h"]}]'
run git task show 002 --json
json '[.ready, .blocked_by]' '[true,[{"files":["src/lexer/token.h"],"task":"001"}]]'
run git task list --json
json '.tasks[1].blocked_by[0].task' 001
run git task show 002
prints_like '^held back  task 001 touches src/lexer/token.h too$'
printf 'session_id = "s2"\n[[tasks]]\nid = "001"\ndescription = "Tokens"\nfiles = ["src/**/token.h"]\n' |
  git plan create -q -F - >/dev/null
run git task start s2/001
exits 3
complains_like "^error: task '001' is held back: task s1/001 touches 'src/\*\*/token.h' too$"
run git task start s2/001 --worker=4 --allow-overlap
prints_like 'worker-4'
export GIT_PLAN_SESSION=s1

run git task start 003 --worker=1
exits 3
complains "using plan 's1' (GIT_PLAN_SESSION)
error: worker 1 is taken: it has task 001
hint: to empty it, run: git wave worker remove 1"
for bad in 0 -1 x 1x 99999 ''; do
  run git task start 003 --worker="$bad"
  exits 129
done
run git task start 003 --worker=worker-3
prints_like 'worker-3$'
run git task start 004 -f
prints "004  task/004-printer  .worktrees/worker-2"

# A task branch that stands without a worktree is given one; one that is checked out by hand is not.
git wave worker remove 2 -q >/dev/null
run git task start 004
prints "004  task/004-printer  .worktrees/worker-2"
git wave worker remove 2 -q >/dev/null
git worktree add -q ../by-hand task/004-printer
run git task start 004
exits 3
complains_like "^error: branch 'task/004-printer' is already checked out at '$scratch/by-hand'$"
git -C ../by-hand checkout -q --detach

run git wave worker list --json
json '[.workers[].worker]' '["1","3","4"]'
fsck_clean

# A branch that goes by the name of the task's, and is another, is nobody's: said, and no second one is made.
new_repo alias
git plan create -q s1 --request=x >/dev/null
git task add -q Lexer >/dev/null
git task create -q 001 >/dev/null
git branch -m task/001-lexer mine
git symbolic-ref refs/heads/task/001-lexer refs/heads/mine
run git task start 001
exits 3
complains "error: the branch of task '001', 'task/001-lexer', is a symbolic ref to 'mine'
hint: to make it a branch of its own, run: git update-ref --no-deref refs/heads/task/001-lexer $(git rev-parse mine)"
expect_not git rev-parse -q --verify task/001-lexer-2
git update-ref --no-deref refs/heads/task/001-lexer "$(git rev-parse mine)"
run git task start 001
prints_like '^001  task/001-lexer  .worktrees/worker-1$'
