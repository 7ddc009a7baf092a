#!/bin/bash
# What is not a slot of ours is moved aside, never cleaned; locked and foreign worktrees are respected.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
git branch one
git branch two

# Another repository, or plain files, where a slot would be.
mkdir .worktrees && git init -q .worktrees/worker-1
(cd .worktrees/worker-1 && commit_file theirs "theirs" "Theirs")
run git wave worker list --json
json '.workers[0].state' broken
run git wave worker add 1 one
complains_like "^moved '.worktrees/worker-1' aside to '.worktrees/aside-worker-1-1'$"
same "$(git -C .worktrees/aside-worker-1-1 log -1 --format=%s)" Theirs
same "$(git -C .worktrees/worker-1 branch --show-current)" one
mkdir .worktrees/worker-2 && echo plain >.worktrees/worker-2/file
run git wave worker remove 2
complains_like "aside to '.worktrees/aside-worker-2-1'$"
same "$(cat .worktrees/aside-worker-2-1/file)" plain
mkdir .worktrees/worker-2 # empty: nothing to keep
run git wave worker add 2 two
complains_unlike aside

# A repository that stands untracked inside a slot: no commit can hold it.
git init -q .worktrees/worker-1/vendor
(cd .worktrees/worker-1/vendor && commit_file theirs "theirs" "Inner")
run git wave worker remove 1
complains_like "^moved '.worktrees/worker-1' aside to '.worktrees/aside-worker-1-2'$"
same "$(git -C .worktrees/aside-worker-1-2/vendor log -1 --format=%s)" Inner
expect_not test -e .worktrees/worker-1
run git wave worker add 1 one # its branch was given back
git init -q .worktrees/worker-1/vendor
(cd .worktrees/worker-1/vendor && commit_file theirs "theirs" "Inner")
run git wave worker add 1 two --json
exits 3
complains_like "already checked out at '$scratch/repo/.worktrees/worker-2'"
git branch three
run git wave worker add 1 three
complains_like "aside"
same "$(git -C .worktrees/aside-worker-1-3/vendor log -1 --format=%s)" Inner
expect_not test -e .worktrees/worker-1/vendor

# So is one in a tracked or an ignored folder, where git does not look; a clone of nothing but its remote's is no loss.
git wave worker remove 1 -q >/dev/null
rm -rf .worktrees/aside-*
for folder in src ignored; do
  git checkout -q -b "with-$folder" three
  mkdir -p src && commit_file src/code "code" "Code" && commit_file .gitignore "ignored/" "Ignore"
  git checkout -q main
  git wave worker add 1 "with-$folder" -q >/dev/null
  git init -q ".worktrees/worker-1/$folder"
  (cd ".worktrees/worker-1/$folder" && commit_file theirs "theirs" "Inner")
  run git wave worker remove 1
  complains_like "^moved '.worktrees/worker-1' aside to '.worktrees/aside-worker-1-1'$"
  same "$(git -C ".worktrees/aside-worker-1-1/$folder" log -1 --format=%s)" Inner
  rm -rf .worktrees/aside-worker-1-1
done
git wave worker add 1 with-ignored -q >/dev/null
git clone -q --single-branch --branch main . .worktrees/worker-1/ignored/clone 2>/dev/null
mkdir -p .worktrees/worker-1/ignored/test/.git && echo "no repository" >.worktrees/worker-1/ignored/test/.git/HEAD
run git wave worker remove 1
complains_unlike aside
git wave worker add 1 three -q >/dev/null

# A branch in a worktree elsewhere is not taken.
git wave worker remove 1 -q >/dev/null
git worktree add -q ../elsewhere three
run git wave worker add 1 three
exits 3
complains "error: branch 'three' is already checked out at '$scratch/elsewhere'
hint: to see all worktrees, run: git worktree list"
run git wave worker add 1 nothing
exits 2
run git wave worker add 1 ones
exits 2
complains_like "did you mean 'one'"
run git wave worker add 1 -- -f
fails
fsck_clean
