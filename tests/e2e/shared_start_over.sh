#!/bin/bash
# A task that is taken over goes on from its branch, also where that was never seen here; one that is reset starts from
# flow, also where the host lets no branch go.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared.sh"
as Ada
two_clones One Two

git task start 001 -q >/dev/null
(cd .worktrees/worker-1 && commit_file own.txt own Own && git push -q origin task/001-one)
in_bob
run git task start --take 001
exits 0
complains_like "^task '001' was claimed by machine ada, worker 1, since "
expect test -e .worktrees/worker-1/own.txt

git -C "$hub" config receive.denyDeletes true
git task start 002 -q >/dev/null
(cd .worktrees/worker-2 && commit_file first.txt first First && git push -q origin task/002-two)
run git task reset 002
exits 0
complains_like "^branch 'task/002-two' stays on remote 'origin': "
run git task start 002
exits 0
expect_not test -e .worktrees/worker-2/first.txt
expect_not git cat-file -e task/002-two:first.txt

# What others pushed to the branch meanwhile is kept, too, there and here.
git -C "$hub" config receive.denyDeletes false
git wave worker remove 2 -q >/dev/null 2>&1
run git task reset 002
git task start 002 -q >/dev/null
branch=$(git for-each-ref --format='%(refname:short)' 'refs/heads/task/002-*')
git push -q -f origin "$branch"
git clone -q -b "$branch" "$hub" "$scratch/eve"
(cd "$scratch/eve" && commit_file eve.txt eve Eve && git push -q)
theirs=$(git -C "$scratch/eve" rev-parse HEAD)
run git task reset 002 --json
exits 0
expect grep -q "$theirs" <<<"$(on_hub for-each-ref --contains "$theirs" refs/git-plan/attempts --format='%(objectname)')"
same "$(git rev-parse "$(jq -r '.attempts[-1]' "$out")")" "$theirs"
