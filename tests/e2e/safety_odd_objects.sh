#!/bin/bash
# What somebody pushed and git reads stops no verb, though libgit2 refuses it: trees with modes beyond all bounds,
# commits without a usable author or date, on task branches, on flow, on a plan's branch.
source "$(dirname "$0")/lib.sh"
as Ada
new_repo
git plan create session-1 -q >/dev/null
git task add One -q >/dev/null
git task add Two -q >/dev/null
git task start 001 -q >/dev/null
(cd .worktrees/worker-1 && commit_file one.txt one One)
git task done 001 --remove-worktree -q

git init -q --bare "$scratch/hub"
git -C "$scratch/hub" fetch -q "$PWD" 'refs/heads/*:refs/heads/*'
on_hub() { git -C "$scratch/hub" "$@"; }
# From the tree and the parent of a branch.
odd_commit() { # BRANCH LINE…
  local branch=$1
  shift
  { printf 'tree %s\nparent %s\n' "$(on_hub rev-parse "$branch^{tree}")" "$(on_hub rev-parse "$branch")" &&
    printf '%s\n' "$@" '' Odd; } | on_hub hash-object -t commit -w --literally --stdin
}
odd_tree() {
  local raw
  raw=$(on_hub rev-parse main:README.md 2>/dev/null || printf 'x' | on_hub hash-object -w --stdin)
  { printf '77777777777777 x\0' && perl -ne 'chomp; print pack "H*", $_' <<<"$raw"; } | on_hub hash-object -t tree -w --literally --stdin
}
fetch() { git fetch -q "$scratch/hub" '+refs/heads/*:refs/heads/*' --update-head-ok; }

reads_all() {
  local words
  for words in 'plan show' 'plan list' 'plan log' 'plan check' 'plan graph' 'plan report' 'plan doctor' 'task list' \
    'task show 002' 'wave next' 'wave status' 'wave list'; do
    # shellcheck disable=SC2086 # words
    run git $words
    exits 0
  done
}

on_hub update-ref refs/heads/task/777-x "$(on_hub commit-tree -m Odd "$(odd_tree)")"
on_hub update-ref refs/heads/task/778-x "$(odd_commit main 'author nobody' 'committer nobody')"
fetch
reads_all
on_hub update-ref refs/heads/flow "$(odd_commit flow 'author nobody' 'committer nobody')"
fetch
reads_all
on_hub update-ref refs/heads/plan/session-1 \
  "$(odd_commit plan/session-1 'author A <a@b> 99999999999999999999 +0000' 'committer A')"
fetch
reads_all
run git plan diff v1 v2
exits 0

# And work goes on, on top of them.
run git task start 002 -q
exits 0
(cd .worktrees/worker-1 && commit_file two.txt two Two)
run git task done 002
exits 0
same "$(git show flow:two.txt)" two
run git plan deliver --into main
exits 0
reads_all
