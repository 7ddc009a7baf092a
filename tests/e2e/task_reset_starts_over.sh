#!/bin/bash
# `task reset`: the slot is freed and rescued, the old branch kept; a merge that was reverted can be done again.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 3
git wave start -q -j 2
work 1 a
tip=$(git rev-parse task/001-task-1)
echo unsaved >.worktrees/worker-1/unsaved

run git task reset 001 --json
json '.success, .task_id, .plan_version, .removed_worktrees' 'true
001
v1
[".worktrees/worker-1"]'
complains_like "^rescued uncommitted changes of '.worktrees/worker-1' to refs/git-plan/rescue/"
same "$(git rev-parse "$(jq -r '.attempts[0]' "$out")")" "$tip"
expect_not git rev-parse -q --verify task/001-task-1
run git task show 001 --json
json '.status, .ready' 'pending
true'
run git task reset 003 # never started: nothing to do
prints "003 pending (v1)"

# Failed, with a question, and started over.
run git task fail 002 -m "Which database?" --needs-decision
prints_like '^002 failed \(v2\)'
run git wave status --json
json '.workers[0].state' failed
run git task start 002
exits 3
complains_like "^error: task '002' is with worker 2 already"
git wave worker remove 2 -q >/dev/null
run git task start 002
exits 3
complains "error: task '002' is failed
hint: to start it over, run: git task reset 002"
run git task reset 002
prints "002 pending (v3)"
# A worker may leave its task out, and reset it from inside the worktree that goes with it.
git task start 002 -q >/dev/null
slot=$(git task show 002 --json | jq -r .absolute_path)
run git -C "$slot" task fail -m "Which database?"
prints "002 failed (v4)"
run git -C "$slot" task cancel
prints "002 cancelled (v5)"
run git -C "$slot" task reset
prints "002 pending (v6)"
expect_not test -e "$slot"
expect_not git rev-parse -q --verify task/002-task-2
for verb in fail cancel reset; do
  run git task $verb
  exits 129
  complains_like "^error: no task given, and this is no worker's worktree$"
done
run git plan show --json
json '.tasks[1] | .status, has("reason")' 'pending
false'
run git task cancel 003
prints_like '^003 cancelled \(v7\)'
run git task reset 003
prints "003 pending (v8)"

# A merged task is not reset; a reverted one is, and not merged again before.
git task start 001 -q >/dev/null
work 1 a
git task done 001 -q --remove-worktree >/dev/null
for verb in reset fail cancel; do
  run git task "$verb" 001
  exits 3
  complains_like "'flow'"
done
git worktree add -q ../flow flow
git -C ../flow revert --no-edit -m 1 flow >/dev/null
run git plan check
complains_nothing
prints_like "001"
run git task done 001
exits 3
complains "error: branch 'task/001-task-1' was merged into 'flow' before, and reverted there
hint: to start the task over, run: git task reset 001"
run git task reset 001
run git task show 001 --json
json '.status' pending
run git task start 001
work 1 a2
run git task done 001
same "$(git show flow:a2)" "content of a2"

# What its worker amended or reset away is remembered by the attempt, as it was by the branch.
git task start 003 -q >/dev/null
(
  cd .worktrees/worker-2
  commit_file first.txt first "First try"
  git rev-parse HEAD >"$scratch/tmp/reset-away"
  git reset -q --hard HEAD~1
  commit_file second.txt second "Second try"
)
attempt=$(git task reset 003 --json | jq -r '.attempts[0]')
git -c gc.reflogExpire=never -c gc.reflogExpireUnreachable=never gc -q --prune=now
expect git cat-file -e "$(cat "$scratch/tmp/reset-away")"
log=$(git reflog show --no-abbrev --format=%H "$attempt")
expect grep -q "$(cat "$scratch/tmp/reset-away")" <<<"$log"
expect_not git rev-parse -q --verify task/003-task-3

# While its hooks run, others may start what they like.
git worktree remove ../flow
cat >.git/hooks/wave-pre-remove <<'END'
#!/bin/sh
[ ! -e "$HOME/wait" ] || { touch "$HOME/waiting" && while [ -e "$HOME/wait" ]; do sleep 0.05; done; }
END
chmod +x .git/hooks/wave-pre-remove
git task start 003 -q >/dev/null
touch "$HOME/wait"
spawn git task reset 003
wait_until test -e "$HOME/waiting"
run git task start 002
run git task reset 002 --no-hooks
rm "$HOME/wait"
all_exit 0
run git task show 003 --json
json .status pending

# Its branch is in somebody's hands: refused, and nothing touched.
git task create 002 -q >/dev/null
git worktree add -q ../by-hand task/002-task-2
run git task reset 002
exits 3
complains "error: cannot reset task '002': its branch is checked out at '$scratch/by-hand'
hint: to leave it there, run: git -C $scratch/by-hand checkout --detach"
expect git rev-parse -q --verify task/002-task-2
run git task reset 009
exits 2
fsck_clean

# A copy of its branch is not taken up again instead; nor is one left that lost its metadata file.
new_repo copies
free_plan 2
git wave start -q -j 2 >/dev/null
work 1 a
git branch task/001-backup task/001-task-1
run git task reset 001
prints_like '^001 pending'
same "$(git for-each-ref --format='%(refname)' 'refs/heads/task/001-*')" ""
run git task show 001 --json
json .status pending
tip=$(cd .worktrees/worker-2 && git reset -q --hard main && commit_file x x "Mine" && git rev-parse HEAD)
run git task reset 002 --json
same "$(git rev-parse "$(jq -r '.attempts[0]' "$out")")" "$tip"
expect_not git rev-parse -q --verify task/002-task-2

# One that is checked out elsewhere is named, and goes when it is let go.
git task start 001 -q >/dev/null
git branch task/001-backup task/001-task-1
git worktree add -q ../backup task/001-backup
run git task reset 001
exits 3
complains_like "^error: cannot reset task '001': its branch is checked out at '$scratch/backup'$"
git -C ../backup checkout -q --detach
run git task reset 001
prints_like '^001 pending'

# Also where it is on a disk that is away: it would come back on a branch without a commit.
git task start 001 -q >/dev/null
git wave worker remove 1 -q >/dev/null
git worktree add -q ../disk task/001-task-1
git worktree lock ../disk
mv ../disk ../away
run git task reset 001
exits 3
complains "error: cannot reset task '001': its branch is checked out at '$scratch/disk', which is not there now
hint: if it is gone for good, run: git worktree remove -f -f $scratch/disk"
run git worktree remove -f -f "$scratch/disk"
exits 0
run git task reset 001
prints_like '^001 pending'

# What was merged by plain git and reverted while its worker went on is not merged: git would bring the later commits
# alone.
new_repo goes_on
free_plan 1
git task start 001 -q >/dev/null
git worktree add -q ../on_flow flow
(cd .worktrees/worker-1 && commit_file early early Early)
git -C ../on_flow merge -q --no-ff -m 'By hand' task/001-task-1 && git -C ../on_flow revert --no-edit -m 1 flow >/dev/null
(cd .worktrees/worker-1 && commit_file later later Later)
run git task done 001
exits 3
complains_like "^error: branch 'task/001-task-1' was merged into 'flow' before, and reverted there$"
