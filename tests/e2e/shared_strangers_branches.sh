#!/bin/bash
# timeout: 240
# What strangers push is not believed further than it goes: a plan that names somebody's branch has it neither published nor
# moved, a task branch is not that of a private task, and what is no commit, or no name, is passed over.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_strangers.sh"
as Ada

# A branch of this clone alone stays here; a name that nobody has is not made.
share_with_me
git checkout -q -b private
commit_file secret.txt secret "Secret"
git checkout -q main
commit_file unpublished.txt mine "Unpublished"
plan_text x1 private 001 | push_plan x1
plan_text x2 nobody 001 | push_plan x2
run git plan sync
exits 0
run git plan sync
exits 0
expect_not on_hub rev-parse -q --verify refs/heads/private
expect_not on_hub rev-parse -q --verify refs/heads/nobody
expect_not git rev-parse -q --verify refs/heads/nobody

# The checkout of main stays, although the remote's has moved on; a branch that is not here comes.
(in_own git checkout -q -b theirs && in_own git push -q origin theirs)
in_own git checkout -q main
(cd "$scratch/own" && commit_file more.txt more "More" && git push -q origin main)
git reset -q --hard HEAD~1
plan_text x3 main 001 | push_plan x3
plan_text x4 theirs 001 | push_plan x4
checkout_snapshot
run git plan sync
exits 0
same_checkout
same "$(git rev-parse theirs)" "$(on_hub rev-parse theirs)"

# Plans that each name another branch that is not there cost no connection each.
for number in $(seq 30); do plan_text "y$number" "f$number" 001 | push_plan "y$number"; done
GIT_TRACE="$scratch/trace" git plan sync -q >/dev/null 2>&1
expect test "$(grep -c 'run_command: .*git-upload-pack\|run_command: .*git-receive-pack' "$scratch/trace")" -lt 15
same "$(on_hub branch --list 'f[0-9]*')" ''

# Names that are none, and plans without common history, stop no other.
share_with_me
for flow in 'a:b' '*' '' HEAD plan/s1 'a b' ../x -x '\u001b[31mx' 'fl\now' flow/x; do
  plan_text odd "$flow" 001 | push_plan odd
  in_own git task add Another -q >/dev/null
  run git plan sync
  exits 0
  complains_unlike $'\e'
  same "$(git rev-parse plan/s1)" "$(on_hub rev-parse plan/s1)"
  on_hub update-ref -d refs/heads/plan/odd
  git plan sync -q >/dev/null 2>&1
  git branch -q -D plan/odd 2>/dev/null || true
done

# A stranger's branch is not taken for that of a plan that is here alone.
git -c plan.remote= plan create priv -q >/dev/null
git -c plan.remote= task add 'Secret work' --plan=priv -q >/dev/null
git clone -q -b flow "$scratch/hub" "$scratch/evil"
(
  cd "$scratch/evil"
  git checkout -q -b task/001-evil
  mkdir -p .plan/priv
  printf 'format = 1\nid = "001"\nbranch = "task/001-evil"\ndescription = "Evil"\nsession_id = "priv"\n' >.plan/priv/001-evil.toml
  commit_file evil.sh evil "Evil"
  git add . && git commit -q -m "Its file" && git push -q origin task/001-evil
)
run git plan sync
exits 0
expect_not git rev-parse -q --verify refs/heads/task/001-evil
run git task show priv/001 --json
json .status pending
# Nor does a start of the shared plan's task of that number bring it.
run git task start s1/001
exits 0
expect_not git rev-parse -q --verify refs/heads/task/001-evil
run git task show priv/001 --json
json .status pending

# Branches that are no commits.
for branch in flow plan/s1 task/001-one; do
  share_with_me
  commit=$(on_hub commit-tree -p flow -m Strange "flow^{tree}")
  tag=$(printf 'object %s\ntype commit\ntag x\ntagger a <a> 1 +0000\n\nx\n' "$commit" | on_hub hash-object -t tag -w --stdin)
  force_ref "refs/heads/$branch" "$tag"
  run git plan sync
  exits 0
  complains_like "^branch '$branch' of remote 'origin' is passed over: it is no commit$"
  run git task list
  exits 0
  same "$(git for-each-ref --format='%(objecttype)' refs/heads | sort -u)" commit
done
share_with_me
git task start 001 -q >/dev/null
(cd .worktrees/worker-1 && commit_file one.txt one One)
force_ref refs/heads/task/007-none "$(echo hi | on_hub hash-object -w --stdin)"
run git plan sync
exits 0
run git task done 001
exits 0
same "$(on_hub show flow:one.txt)" one

# A beat that is no commit is replaced.
on_hub update-ref refs/git-plan/beat/flow "$(echo x | on_hub hash-object -w --stdin)"
git plan sync -q >/dev/null
run git task start 002
exits 0
same "$(on_hub cat-file -t refs/git-plan/beat/flow)" commit
same "$(git fsck 2>&1 | grep -v dangling || true)" ''
