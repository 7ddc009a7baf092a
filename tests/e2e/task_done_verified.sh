#!/bin/bash
# `task done --verify`: the flow branch never holds a merge that failed it, and no checkout is used for it.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
commit_file build.sh "test ! -f a || test -f b" "Add a build"
git worktree add -q -b flow ../flow main
free_plan 2
git wave start -q
work 1 a
work 2 b
checkout_snapshot
flow=$(git rev-parse flow)
run git task done 001 --verify="sh build.sh"
exits 1
prints "001 failed its verification: exit status 1; nothing was merged"
same "$(git rev-parse flow)" "$flow"
same_checkout
run git task done 001 --verify="test ! -f a || exit 7" --json
exits 1
json '.red, (.flow_red | type)' 'refs/git-plan/red/s1/001
null'
same "$(git rev-parse refs/git-plan/red/s1/001^)" "$flow"
json '.success, .verify_exit_status' 'false
7'
run git task show 001 --json
json .status in_progress

# Where flow fails by itself, nobody is blamed.
run git task done 001 --verify="exit 7"
exits 1
prints "001 waits: flow fails its verification by itself, exit status 7; nothing was merged"
run git task done 001 --verify="exit 7" --json
exits 1
json '.success, .verify_exit_status, .flow_red' "false
7
$flow"
same "$(git for-each-ref refs/git-plan/done)" ''

# It sees the merged tree, and none of git's environment; what it prints is narration.
run env GIT_INDEX_FILE=/nowhere git task done 001 --verify='test -f a && test ! -e b && test -z "$GIT_DIR$GIT_INDEX_FILE" && echo built'
prints_like '^001 merged into flow'
complains_like '^built$'
run git task done 002 --verify="sh build.sh && echo changed >README.md && echo new >new && git rev-parse --show-toplevel"
prints_like '^002 merged into flow'
expect_not git cat-file -e flow:new
same "$(git show flow:README.md)" "# A project"
same "$(git -C ../flow status --porcelain)" ""
fsck_clean

# One that a run left done stays done, unless it lands or goes back: flow is red by itself, or this is interrupted.
new_repo stays_done
git worktree add -q -b flow ../flow2 main
free_plan 1
git wave start -q
work 1 a
done_ref=refs/git-plan/done/s1/001
git update-ref "$done_ref" "$(git -C .worktrees/worker-1 rev-parse HEAD)"
git wave worker remove -q 1 >/dev/null
run git task done 001 --verify="exit 7"
exits 1
expect git rev-parse -q --verify "$done_ref"
env --default-signal=INT "$GITPLAN_BIN/git-task" done 001 --verify="touch '$HOME/verifying'; sleep 1000" >/dev/null 2>&1 &
done_id=$!
wait_until test -e "$HOME/verifying"
kill -INT "$done_id"
run wait "$done_id"
exits 130
expect git rev-parse -q --verify "$done_ref"
run git wave next --json
json '[.tasks[].id], .blocked[0].reason' '[]
done, not merged yet'
run git task done 001 --verify="test ! -e a"
exits 1
expect_not git rev-parse -q --verify "$done_ref"
