#!/bin/bash
# Merged is what flow has: commits that reach a task's branch after its merge, or while it is verified, are merged
# too, shown, and never swept away. A squash has brought all that it brought.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 8
git wave start -q -j 8 >/dev/null
worker() { jq -c --arg n "$1" '.workers[] | select(.worker == $n) | [.state, .commits_ahead]' "$out"; }

# A second `task done` merges what came since; the plan stays as it is.
work 1 one
git task done 001 -q >/dev/null 2>&1
version=$(git plan show --json | jq -r .plan_version)
work 1 one fixed
run git wave status --json
same "$(worker 1)" '["working",1]'
run git task show 001 --json
json '.status, .commits_ahead' 'completed
1'
run git wave finish 001
exits 3
complains "error: task '001' is not merged: 'task/001-task-1' has commits that 'flow' lacks
hint: to merge it, run: git task done 001"
run git wave finish --json
json '.unmerged | index("001") != null'
json '.removed_worktrees' '[]'
complains_like "^warning: task '001' is merged, but 'task/001-task-1' has commits that 'flow' lacks; to merge it, run: git task done 001$"
run git task done 001 --json
json '.already_merged, .plan_version' "false
$version"
same "$(jq -r .merge_commit "$out")" "$(git rev-parse flow)"
same "$(git show flow:one)" fixed
same "$(git log --format='%(trailers:key=Task,valueonly,separator=%x2C)' -1 flow)" 001
run git task done 001
prints_like '^001 is in flow already'
run git wave status --json
same "$(worker 1)" '["merged",0]'

# Nothing but a merge of flow is nothing; uncommitted changes are refused.
git -C .worktrees/worker-1 merge -q --no-ff -m 'Take flow' flow 2>/dev/null || true
echo late >.worktrees/worker-1/late
run git task done 001
exits 3
complains_like "^error: '.worktrees/worker-1' has uncommitted changes; nothing was merged$"
run git wave finish --json
json '[(.unmerged | index("001") != null), .removed_worktrees]' '[true,[]]'
complains_like "^warning: task '001' is merged, but '.worktrees/worker-1' has uncommitted changes$"
rm .worktrees/worker-1/late

# On a branch of its own, after the merge.
git -C .worktrees/worker-1 checkout -q -b more
work 1 one again
run git wave finish --json
json '.removed_worktrees' '[]'
run git task done 001
exits 3
complains_like "^error: '.worktrees/worker-1' has 'more' checked out, not the task's branch 'task/001-task-1'"
run git wave finish -f 001 --json
json '.removed_worktrees' '[".worktrees/worker-1"]'

# While it is verified: what lands is what the branch has when flow moves, and that was verified.
work 2 two
run git task done 002 --verify="cat two >>'$scratch/seen'; [ -e '$scratch/once' ] || { touch '$scratch/once'; cd '$scratch/repo/.worktrees/worker-2' && echo later >two && git commit -qam Later; }"
same "$(git show flow:two)" later
same "$(cat "$scratch/seen")" "content of two
later"
same "$(git log --merges --format=%s flow | grep -c 'task 002')" 1

# Squashed by plain git: completed, and stays so whatever flow does with it.
work 3 three
work 3 three.more
git worktree add -q ../flow flow
squash() { git -C ../flow merge -q --squash "$1" >/dev/null 2>&1 && git -C ../flow commit -q -m "Squash $1"; }
squash task/003-task-3
run git wave status --json
json '.workers[] | select(.task == "003") | .state' merged
flow=$(git rev-parse flow)
run git task done 003
prints_like '^003 is in flow already'
(cd ../flow && echo changed >three && git rm -q three.more && git commit -q -a -m 'Go on')
run git task done 003
prints_like '^003 is in flow already'
same "$(git rev-list --count "$flow"..flow)" 1
work 3 three.late
run git wave status --json
json '.workers[] | select(.task == "003") | .state' working
squash task/003-task-3 || (cd ../flow && git checkout -q HEAD -- . && git clean -fdq)
git -C ../flow reset -q --hard
work 4 four
squash task/004-task-4
work 4 four.late
run git task done 004
prints_like '^004 merged into flow'
expect git cat-file -e flow:four.late

# Rebased onto flow, commit by commit.
work 5 five
work 5 five.more
(cd .worktrees/worker-5 && git rebase -q flow && git -C ../../../flow merge -q --ff-only task/005-task-5)
work 6 six
git -C ../flow cherry-pick flow..task/006-task-6 >/dev/null
run git wave finish --json
json '[.removed_worktrees[] | select(test("worker-[256]"))] | length' 3
run git task done 006
prints_like '^006 is in flow already'

# An empty commit after the merge counts as any other.
work 7 seven
git task done 007 -q >/dev/null 2>&1
git -C .worktrees/worker-7 commit -q --allow-empty -m 'Nothing more'
run git task done 007
prints_like '^007 merged into flow'
expect git merge-base --is-ancestor task/007-task-7 flow

# After a clean-up of .plan/ as well.
work 8 eight
git task done 008 -q >/dev/null 2>&1
git -C ../flow rm -rq .plan && git -C ../flow commit -q -m 'Clean up'
run git task done 008
prints_like '^008 is in flow already'
work 8 eight fixed
run git task done 008
prints_like '^008 merged into flow'
same "$(git show flow:eight)" fixed
fsck_clean
no_locks
