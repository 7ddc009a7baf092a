#!/bin/bash
# `task prompt`: what a worker is told, by our words or the user's; metadata in it stays data.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
auth_plan | git plan create -q -F - >/dev/null
branch=task/001-create-user-model-with-email-password
run git wave start --json
jq -j '.started[0].prompt' "$out" >told
run git task prompt 001
prints <told
for line in "- Session ID: session-20250112-143000" "- Plan Branch: plan/session-20250112-143000" \
  "- Working Directory: $PWD" "- Worktree Path: $PWD/.worktrees/worker-1" "1. cd $PWD/.worktrees/worker-1 " "Your Task Branch:\*\* $branch" \
  "Create User model with email/password"; do
  prints_like "$line"
done
run git -C .worktrees/worker-1 task prompt --json
json '.task_id // .id' 001
same "$(jq -r .prompt "$out")" "$(cat told)"
run git task prompt 002 # not started: still what it would be told
prints_like 'Create AuthService'
prints_like '^1\. Make its worktree, and work only there: git task start 002 --plan=session-20250112-143000$'
prints_unlike 'none yet|Worktree Path|^1\. cd'
git task create -f 003 -q >/dev/null # a worktree that somebody made by hand
git worktree add -q ../by-hand task/003-add-jwt-tokens
run git task prompt 003
prints_like "^1\. cd $scratch/by-hand "
run git task prompt 042
exits 2

# A template of the user's: known words in braces are replaced, other braces left; a missing file is named.
cat >template <<'END'
Do {task} on {branch} in {worktree} as {worker}: {description}; {other} {"json": 1} {files}
END
git config task.promptTemplate template
run git task prompt 001
prints "Do 001 on $branch in $PWD/.worktrees/worker-1 as 1: Create User model with email/password; {other} {\"json\": 1} [..]models/user.py[..]"
git config task.promptTemplate nowhere
run git task prompt 001
fails
complains_like "nowhere"
git config --unset task.promptTemplate

# Words from a plan run nothing, and do not replace one another.
printf '[[tasks]]\nid = "001"\ndescription = "{branch} $(touch ran) `touch ran` \\u001b[31m"\n' |
  git plan create -q hostile -F - >/dev/null 2>&1
run git task start hostile/001
run git task prompt hostile/001
prints_like '\{branch\} \$\(touch ran\) `touch ran`'
prints_unlike $'\x1b'
expect_not test -e ran
expect_not test -e .worktrees/worker-2/ran
