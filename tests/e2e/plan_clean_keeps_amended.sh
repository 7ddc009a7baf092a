#!/bin/bash
# Commits that were amended or reset away on a task's branch, and that only its log has, outlive the branch.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
free_plan 2
git wave start -q -j 2 >/dev/null
work 1 one
work 1 later
later=$(git rev-parse task/001-task-1)
git -C .worktrees/worker-1 reset -q --hard HEAD~1
work 1 more
git -C .worktrees/worker-1 commit -q --amend -m 'Write it better'
work 2 two
for task in 001 002; do git task done -q $task >/dev/null 2>&1; done
run git wave finish
complains_unlike 'rescued'

repository_snapshot
run git plan clean -n
same_repository
at 2025-01-13T09:00:00Z
run git plan clean
prints_like "^deleted task/001-task-1 "
prints_like "^kept ${later:0:7}[0-9a-f]*, which only the log of task/001-task-1 had, as refs/git-plan/attempts/s1/001/20250113T090000Z"
prints_unlike 'log of task/002-task-2'
same "$(git for-each-ref --format='x' refs/git-plan/attempts/ | wc -l)" 2
same "$(git for-each-ref --contains="$later" --format='%(refname)' | cut -d/ -f1-5)" refs/git-plan/attempts/s1/001
same "$(git branch --list 'task/*')" ''
git reflog expire --expire=now --all
git gc -q --prune=now
expect git cat-file -e "$later:later"

# Said again there is nothing more to keep; after a month they go.
run git plan clean --json
json 'has("kept_commits")' false
same "$(git for-each-ref refs/git-plan/attempts/ | wc -l)" 2
at 2025-02-20T09:00:00Z
run git plan clean
same "$(git for-each-ref refs/git-plan/attempts/ | wc -l)" 0
fsck_clean
