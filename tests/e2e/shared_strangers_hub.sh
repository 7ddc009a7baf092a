#!/bin/bash
# A remote that has lost what it had, is another one by now, or talks without an end.
# timeout: 240
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_strangers.sh"
as Ada

# The plan was set back there, or deleted: what is said is that, at once; nothing was merged.
for how in "plan/s1~1" ""; do
  share_with_me
  git task start 001 -q >/dev/null
  (cd .worktrees/worker-1 && commit_file one.txt one One)
  if [[ $how ]]; then
    on_hub update-ref refs/heads/plan/s1 "$how"
  else
    on_hub update-ref -d refs/heads/plan/s1
  fi
  run timeout -s KILL 20 git-task done 001
  exits 3
  if [[ $how ]]; then
    complains_like "^error: 'plan/s1' has what remote 'origin' does not have$"
    complains_like '^hint: to bring both together, run: git plan sync$'
  else
    complains_like "^error: remote 'origin' does not have plan 's1'$"
  fi
  expect_not on_hub cat-file -e flow:one.txt
done

# Sharing again looks, and pushes: to an empty one all, to none nothing.
share_with_me
git init -q --bare "$scratch/hub2"
git remote set-url origin "$scratch/hub2"
run git plan share
exits 0
same "$(git -C "$scratch/hub2" rev-parse plan/s1)" "$(git rev-parse plan/s1)"
git -C "$scratch/hub2" rev-parse -q --verify refs/git-plan/beat/flow >/dev/null
git remote set-url origin "$scratch/nowhere"
run git plan share
exits 5

# Another remote is kept to only where it was reached.
git remote set-url origin "$scratch/hub"
git remote add other "$scratch/nowhere"
run git plan sync other
exits 5
same "$(git config plan.remote)" origin

# Copies of what is gone there stand in nobody's way.
share_with_me
on_hub update-ref refs/git-plan/claims/s1 main
git plan sync -q >/dev/null
on_hub update-ref -d refs/git-plan/claims/s1
run git task start 001
exits 0
on_hub update-ref refs/heads/zz/x main
git fetch -q
on_hub update-ref -d refs/heads/zz/x
on_hub update-ref refs/heads/zz main
plan_text q1 zz 001 | push_plan q1
run git plan sync
exits 0

# What a hook says is no progress, and not all of it is kept.
share_with_me
git config plan.remoteTimeout 2
hub_hook 'for i in $(seq 30); do echo tick >&2; sleep 1; done; exit 1'
run timeout -s KILL 20 git-task start 001
exits 5
git config plan.remoteTimeout 60
hub_hook 'yes "some words" | head -c 20000000 >&2; exit 1'
room=300000000
[[ ${GITPLAN_SANITIZE:-OFF} != ON ]] || room=unlimited # its shadow of the memory is larger than that
run prlimit --as="$room" git-task start 002
exits 5
complains_like 'some words'
