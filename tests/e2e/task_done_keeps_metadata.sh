#!/bin/bash
# .plan/ in flow is flow's own: of what a branch does to it, only the task's own file counts, and that comes back
# where it was lost.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 9
git wave start -q -j 9 >/dev/null
plan_folder() { git rev-parse -q --verify "$1:.plan" || true; }
tasks_in_flow() { git ls-tree --name-only flow:.plan/s1 | cut -c1-3 | xargs; }

# A branch that was rebased without its first commit: the file is made again, the task not started again.
work 1 one
(cd .worktrees/worker-1 && git rebase -q --onto flow HEAD~1)
run git wave next --json
json '[.tasks[].id]' '[]'
run git task done 001
complains_unlike '^warning'
expect git cat-file -e flow:one
same "$(git show flow:.plan/s1/001-task-1.toml | grep -c '^branch = "task/001-task-1"$')" 1
run git task show 001 --json
json .status completed

# Strange files removed, changed, added: they stay as they are in flow, with a warning.
work 2 two && git task done 002 -q >/dev/null 2>&1
git -C .worktrees/worker-3 merge -q flow 2>/dev/null
work 4 four && git task done 004 -q >/dev/null 2>&1
(cd .worktrees/worker-3 && git rm -q .plan/s1/001-task-1.toml && echo '# x' >>.plan/s1/002-task-2.toml &&
  sed 's/003/005/g; s/task-3/task-5/' .plan/s1/003-task-3.toml >.plan/s1/005-task-5.toml &&
  git add . && git commit -q -m 'Remove strange files')
work 3 three
before=$(git ls-tree flow:.plan/s1 | grep -v 003)
run git task done 003
complains_like "^warning: task '003': branch 'task/003-task-3' removed '.plan/s1/001-task-1.toml', changed '.plan/s1/002-task-2.toml', added '.plan/s1/005-task-5.toml'; 'flow' keeps its own$"
expect git cat-file -e flow:three
same "$(git ls-tree flow:.plan/s1 | grep -v 003)" "$before"
same "$(tasks_in_flow)" '001 002 003 004'
expect git merge-base --is-ancestor task/003-task-3 flow
same "$(git log -1 --format=%P flow | wc -w)" 2
run git task show 005 --json
json .status in_progress

# All of it, the task's own file too, in conflict with what flow did since, and moved elsewhere.
git worktree add -q ../flow flow
(cd .worktrees/worker-5 && git merge -q flow && git rm -rq .plan && git commit -q -m 'Tidy up')
(cd .worktrees/worker-6 && git merge -q flow && git mv .plan notes && git commit -q -m 'Move')
(cd ../flow && echo '# y' >>.plan/s1/002-task-2.toml && git commit -q -a -m 'By hand')
work 5 five && work 6 six
run git task done 005
complains_like "^warning: task '005': branch 'task/005-task-5' removed '.plan/s1/001-task-1.toml'"
run git task done 006
complains_like "^warning: task '006'"
same "$(tasks_in_flow)" '001 002 003 004 005 006'
same "$(git show flow:.plan/s1/002-task-2.toml | tail -n 1)" '# y'
expect git cat-file -e flow:six

# A conflict elsewhere is one all the same.
(cd .worktrees/worker-7 && git merge -q flow && git rm -rq .plan && git commit -q -m 'Tidy up')
work 7 shared seven && work 8 shared eight
git task done 008 -q >/dev/null 2>&1
run git task done 007
exits 1
prints "007 conflicts with flow:
  shared"

# What was merged into the branch comes along once its worker left it: its work does too.
work 9 nine
git wave worker remove 9 -q >/dev/null
git -C .worktrees/worker-7 reset -q --hard flow
work 7 seven
git -C .worktrees/worker-7 merge -q --no-edit task/009-task-9 2>/dev/null
run git task done 007
complains_unlike '^warning'
same "$(tasks_in_flow)" '001 002 003 004 005 006 007 008 009'
fsck_clean
