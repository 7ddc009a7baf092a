#!/bin/bash
# `task create`: what it makes, and each reason to refuse.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
auth_plan | git plan create -q -F - >/dev/null
branch=task/001-create-user-model-with-email-password

run git task create 1
prints "$branch"
same "$(git diff-tree -r --name-status flow "$branch")" \
  "A	.plan/session-20250112-143000/001-create-user-model-with-email-password.toml"
same "$(git rev-parse "$branch^")" "$(git rev-parse flow)"
expect_not test -e .worktrees
git show "$branch:.plan/session-20250112-143000/001-create-user-model-with-email-password.toml" >file
for key in 'format = 1' 'id = "001"' "branch = \"$branch\"" 'plan_version = "v1"' 'priority = "high"' \
  'plan_branch = "plan/session-20250112-143000"' 'enables = \["002", "003"\]' 'created_at = 2025-01-12T14:30:00Z' \
  'session_goal = "Add user authentication with JWT"'; do
  expect grep -q "^$key$" file
done
expect_not grep -q '^status' file

run git task create 001
exits 3
prints_nothing
complains "error: task '001' already has branch '$branch'
hint: to give it a worktree, run: git task start 001"
run git task create 004
exits 3
complains "error: task '004' is not ready: waiting for 'AuthService.login' (task 002, pending), 'JWT tokens' (task 003, pending)
hint: to see what can start now, run: git wave next"
run git task create 04x
exits 2
run git task create 9
exits 2
complains_like "^error: .*'9'"
run git task create
exits 129
run git task create 002 -f --slug=Bad_Slug
exits 128
complains_like "^error: 'Bad_Slug' is no slug"
run git task create 002 -f --slug=-x
fails
run git task create 002 -f --slug=auth --json
json '.success, .task_id, .branch' 'true
002
task/002-auth'

# A slug that is taken: numbered where we chose it, refused where the user did.
git branch task/003-add-jwt-tokens main
run git task create 003 -f --slug=add-jwt-tokens
exits 3
complains_like "^error: branch 'task/003-add-jwt-tokens' already exists$"
run git task create 003 -f
prints "task/003-add-jwt-tokens-2"
run git task show 003 --json
json '.status' in_progress

# Branches of other sessions with the same id are somebody else's.
free_plan 2 other
run git task create other/001
prints "task/001-task-1"
run git task list --plan=other --json
json '[.tasks[].status]' '["in_progress","pending"]'
run git task show session-20250112-143000/001 --json
json '.branch' "$branch"
run git task cancel other/002
run git task create other/002
exits 3
complains_like "^error: task '002' is cancelled$"
run git task start other/002 -f
exits 3
