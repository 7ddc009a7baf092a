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
