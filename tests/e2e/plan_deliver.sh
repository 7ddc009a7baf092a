#!/bin/bash
# timeout: 300
# `git plan deliver` brings flow to the branch that it came from, without .plan/, and again only what is new.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

# Task ID is done: PATH holds CONTENT on flow.
build() { # ID PATH CONTENT
  git task start "$1" -q >/dev/null
  work 1 "$2" "$3"
  git task done "$1" -q >/dev/null
  git wave finish -q >/dev/null
}
message() { git log -1 --format=%B "$1" | sed '$ { /^$/d }'; }

# Merged: the message says what was built. The plan says first what only git knew.
new_repo merged
auth_plan | git plan create -q -F - >/dev/null
git task start 001 -q >/dev/null
work 1 models.py "class User: pass"
git checkout -q flow && git merge -q --no-ff -m "By hand" task/001-create-user-model-with-email-password && git checkout -q main
git wave worker remove 1 -q >/dev/null
run git plan deliver
prints "delivered flow merged into main as $(git rev-parse --short=10 main): 1 task
001  Create User model with email/password"
same "$(message main)" "Add user authentication with JWT

- 001 Create User model with email/password

Plan: session-20250112-143000"
same "$(git log -1 --format=%P main)" "$(git rev-parse main~1) $(git rev-parse flow)"
same "$(git ls-tree --name-only main | tr '\n' ' ')" "README.md models.py "
same "$(git show plan/session-20250112-143000:plan.toml | grep -c '^status = "completed"')" 1
run git plan deliver
prints "main has all of flow already"
run git plan deliver --json
json '.success and .merge_commit == null and .into == "main" and .flow_branch == "flow"'
json '.tasks | length' 0

# Again after more waves: only what is new. What main has got meanwhile is no obstacle.
commit_file notes.txt "notes" "Write notes"
build 002 models.py "class User: name = ''"
build 003 jwt.py "tokens"
run git plan deliver --json -m 'Log in with tokens

For everybody.'
json .merge_commit "$(git rev-parse main)"
json '[.tasks[] | .id + " " + .status + " " + .session_id] | join(",")' \
  "002 completed session-20250112-143000,003 completed session-20250112-143000"
same "$(message main)" "Log in with tokens

For everybody.

- 002 Create AuthService with login/register
- 003 Add JWT tokens

Plan: session-20250112-143000"
same "$(git show main:models.py main:notes.txt)" "class User: name = ''
notes"
# Flow takes in what main has, and keeps its metadata, though main has none.
metadata=$(git rev-parse flow:.plan)
run git plan merge main
same "$(git rev-parse flow:.plan)" "$metadata"
same "$(git show flow:notes.txt)" "notes"
# So it does where somebody merges main by plain git, as far as the plan goes.
build 004 views.py "views"
git plan deliver -q >/dev/null
commit_file more.txt "more" "Write more"
git checkout -q flow && git merge -q -m "Main, by hand" main && git checkout -q main
run git plan show --json
json '"\(.completed_tasks) \(.state)"' "4 ready"
run git plan check
prints_unlike 'task .00'

# Squashed: one plain commit, which notes how far it went.
new_repo squashed
free_plan 3
build 001 part.txt "one"
flow=$(git rev-parse flow)
run git plan deliver --squash
prints_like '^delivered flow squashed into main as [0-9a-f]{10}: 1 task$'
same "$(message main)" "Deliver flow

- 001 Task 1

Plan: s1
Delivered: $flow"
same "$(git rev-list --count main)" 2
run git plan deliver --squash
prints "main has all of flow already"
run git plan deliver
prints "main has all of flow already"
# The same lines again: neither side takes them for a conflict.
build 002 part.txt "one and two"
commit_file other.txt "other" "Write another"
run git plan deliver --squash --json
json '[.tasks[].id] | join(",")' 002
same "$(git show main:part.txt)" "one and two"
same "$(git rev-list --count main)" 4
build 003 part.txt "one, two and three"
commit_file other.txt "others" "Write others"
run git plan merge main
same "$(git show flow:part.txt flow:other.txt)" "one, two and three
others"
run git plan deliver
same "$(git show main:part.txt)" "one, two and three"
same "$(git log -1 --format=%P main | wc -w)" 2
run git plan deliver --squash
prints "main has all of flow already"
fsck_clean

# What a squash brought comes back with main, and is not new for that.
for how in --squash --into=main; do
  new_repo "back$how"
  free_plan 3
  build 001 one.txt "one"
  git plan deliver -q --squash >/dev/null
  commit_file other.txt "other" "Write another"
  git plan merge -q main >/dev/null
  run git plan deliver "$how"
  prints "main has all of flow already"
  build 002 two.txt "two"
  run git plan deliver "$how" --json
  json '[.tasks[].id] | join(",")' 002
  same "$(message main | grep '^- ')" '- 002 Task 2'
  build 003 three.txt "three"
  run git plan deliver "$how" --json
  json '[.tasks[].id] | join(",")' 003
done

# What main had of .plan/ stays there: somebody has put it there by plain git.
new_repo by_hand
free_plan 2
build 001 one.txt "one"
git merge -q --no-edit flow
git commit -q --allow-empty -m "Go on"
metadata=$(git rev-parse main:.plan)
build 002 two.txt "two"
run git plan deliver
same "$(git rev-parse main:.plan)" "$metadata"
same "$(git show main:two.txt)" "two"

# Conflicts are an answer, nothing moves, and the hints lead out.
new_repo conflicting
free_plan 1
build 001 part.txt "ours"
commit_file part.txt "theirs" "Their part"
main=$(git rev-parse main)
run git plan deliver --json
exits 1
json .success false
json '.conflicts | join(",")' part.txt
json .merge_commit null
run git plan deliver
exits 1
prints "flow conflicts with main:
  part.txt"
complains "hint: to resolve them beside both, run: git worktree add -b resolve $PWD/.worktrees/resolve main
hint: then run: git -C $PWD/.worktrees/resolve merge flow
hint: when that is committed, run: git plan merge resolve
hint: then run: git plan deliver --into=main
hint: to put that worktree away in the end, run: git worktree remove $PWD/.worktrees/resolve
hint: and its branch, which is merged by then, run: git branch -D resolve"
run git plan deliver --squash -m "It's new" --plan=s1
exits 1
complains_like '^hint: when that is committed, run: git plan merge resolve --plan=s1$'
complains_like "^hint: then run: git plan deliver --squash -m 'It'.*'s new' --into=main --plan=s1$"
same "$(git rev-parse main)" "$main"
git worktree add -q -b resolve "$PWD/.worktrees/resolve" main
expect_not git -C .worktrees/resolve merge -q flow
(cd .worktrees/resolve && echo "both" >part.txt && git commit -q -a -m "Resolve")
git plan merge -q resolve >/dev/null
run git plan deliver --into=main
same "$(cat part.txt)" "both"
expect_not test -e .plan
git worktree remove "$PWD/.worktrees/resolve"
git branch -qD resolve
run git plan doctor
prints "all is well"

# Into another branch, and what cannot be delivered into.
git branch release main~2
run git plan deliver --into=refs/heads/release
same "$(git show release:part.txt)" "both"
run git plan deliver --into=flow
exits 129
complains "error: 'flow' cannot be delivered into itself
hint: to say where to, run: git plan deliver --into='<branch>'"
run git plan deliver --into=plan/s1
exits 129
complains_like "^error: 'plan/s1' is no branch to deliver into"
run git plan deliver --into=relaese
exits 2
complains_like "^error: no branch named 'relaese'; did you mean 'release'\?$"
git config plan.base gone
run git plan deliver
exits 2
complains "error: 'flow' came from branch 'gone', which is gone
hint: to say where to, run: git plan deliver --into='<branch>'"
git config plan.base flow
run git plan deliver
exits 129

# Without plan.base the remote's HEAD says where to; without that nobody does.
git config --unset plan.base
run git plan deliver
exits 129
complains "error: which branch 'flow' came from is not known: neither plan.base nor the HEAD of a remote says so
hint: to say where to, run: git plan deliver --into='<branch>'"
git clone -q . ../clone
(
  cd ../clone
  run git plan deliver
  exits 2
  complains "error: no branch named 'flow' here, but 'origin/flow' is
hint: to have it here, run: git branch flow origin/flow"
  git branch -q flow origin/flow
  git checkout -q -b own
  git branch -q -D main
  run git plan deliver
  exits 2
  complains "error: no branch named 'main' here, but 'origin/main' is
hint: to have it here, run: git branch main origin/main"
  git branch -q main origin/main
  commit_file own.txt "own" "Own"
  git plan merge -q own >/dev/null
  run git plan deliver
  complains_like '^hint: to publish it, run: git push origin main$'
  same "$(git show main:own.txt)" "own"
  git branch -q -D flow
  run git plan deliver --into=main
  exits 2
  complains_like "^error: no branch named 'flow'"
  settle
)
git checkout -q --orphan alone && git rm -q -r --cached . && git commit -q --allow-empty -m "Alone" && git checkout -q -f main
run git plan deliver --into=alone
exits 3
complains_like '^error: refusing to merge unrelated histories: '
fsck_clean
no_locks

# A squash that is picked onto a branch for a release brings itself, and not what was squashed before it.
new_repo picked
free_plan 3
git branch release
for part in 001 002; do
  build $part $part.txt "$part"
  git plan deliver --squash -q >/dev/null
done
git checkout -q release
git cherry-pick main >/dev/null 2>&1
git checkout -q main
run git plan deliver --into=release
exits 0
prints_like "^delivered flow merged into release as [0-9a-f]{10}: 2 tasks$"
expect git cat-file -e release:001.txt
build 003 003.txt "003"
run git plan deliver --into=release --squash
prints_like '^delivered flow squashed into release as [0-9a-f]{10}: 1 task$'
same "$(git ls-tree --name-only release | grep -c '^00')" 3
