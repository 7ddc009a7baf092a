#!/bin/bash
# `task done`: what it merges, what it says, and each way it ends.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
cat >plan.toml <<'END'
session_id = "s1"
[[tasks]]
id = "001"
description = "Write the\nlexer"
provides = ["Lexer", "token: kinds"]
[[tasks]]
id = "002"
description = "Task 2"
[[tasks]]
id = "003"
description = "Task 3"
[[tasks]]
id = "004"
description = "Task 4"
[[tasks]]
id = "005"
description = "Task 5"
END
git plan create -q -F plan.toml >/dev/null
git wave start -q -j 9

run git task done # not inside a worker's worktree
exits 129
work 1 lexer.c
echo "new" >.worktrees/worker-1/new
run git task done 001
exits 3
prints_nothing
complains "error: '.worktrees/worker-1' has uncommitted changes; nothing was merged
hint: to see them, run: git -C $scratch/repo/.worktrees/worker-1 status"
rm .worktrees/worker-1/new

run git task done 001 -m "It reads
every token." --json
json '.success, .task_id, .branch, .plan_version, .conflicts' 'true
001
task/001-write-the
v2
[]'
same "$(jq -r .merge_commit "$out")" "$(git rev-parse flow)"
same "$(git log -1 --format=%P flow | wc -w)" 2
same "$(git log -1 --format=%s flow)" "Merge task 001: Write the"
same "$(git log -1 --format=%b flow | head -2)" "It reads
every token."
same "$(git log -1 --format=%B flow | git interpret-trailers --parse)" "Task: 001
Plan: s1
Provides: Lexer
Provides: token: kinds
Worker: 1
Started-At: 2025-01-12T14:30:00Z"
run git task done 001 # merged already
prints "001 is in flow already (v2)"
run git task done 001 --remove-worktree --json
json '.removed_worktree, .already_merged' '.worktrees/worker-1
true'
same "$(jq -r .merge_commit "$out")" "$(git rev-parse flow)"
expect_not test -e .worktrees/worker-1

# No commit of its own: only where that is meant.
(cd .worktrees/worker-2 && run git task done --allow-empty && complains_unlike '^warning' && settle)
same "$(git -C .worktrees/worker-2 branch --show-current)" task/002-task-2

# A metadata file that was lost on the way comes back with the merge.
(cd .worktrees/worker-3 && git rm -q -r .plan && git commit -q -m "Tidy up" && commit_file three 3 "Three
- [x] written
- [ ] tested")
run git task show 003 --json
json '.todo_done, .todo_total' '1
2'
run git task done 003
run git task show 003 --json
json '.todo_done, .todo_total' '1
2'
expect git cat-file -e flow:.plan/s1/003-task-3.toml
run git task show 003 --json
json .status completed

# Conflicts are named by path, and nothing moves.
work 4 "shared file" "four"
work 5 "shared file" "five"
git task done 004 -q >/dev/null
flow=$(git rev-parse flow)
run git task done 005
exits 1
prints "005 conflicts with flow:
  shared file"
complains "hint: to resolve them on the task's branch, run: git -C $PWD/.worktrees/worker-5 merge flow"
run git task done 005 --json
exits 1
json '.success, .conflicts, .merge_commit' 'false
["shared file"]
null'
same "$(git rev-parse flow)" "$flow"
expect test -z "$(git -C .worktrees/worker-5 status --porcelain)"
(cd .worktrees/worker-5 && expect_not git merge -q flow && echo both >"shared file" && git commit -q -am "Merge flow")
run git task done 005
same "$(git show "flow:shared file")" both
run git wave finish --json
json '.state, .plan_version' 'completed
v6'
run git task done 005 # of a finished plan
prints "005 is in flow already (v6)"
fsck_clean
