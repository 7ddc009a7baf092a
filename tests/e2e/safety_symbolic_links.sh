#!/bin/bash
# A symbolic link as .worktrees, as a slot, or as a metadata file in a tree is refused, and nothing behind it is touched.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

victim() { # NAME: a folder that somebody loves, with what a slot would have
  mkdir -p "$scratch/$1/worker-1"
  echo precious >"$scratch/$1/precious"
  echo precious >"$scratch/$1/worker-1/precious"
}
untouched() { # NAME
  same "$(cd "$scratch/$1" && find . -type f | sort | xargs)" "./precious ./worker-1/precious"
}
refused() { # COMMAND…
  run "$@"
  exits 128
  prints_nothing
  complains_like 'is a symbolic link or no folder; refused$'
}

# .worktrees itself.
new_repo whole
free_plan 2
git branch other
victim all
ln -s ../all .worktrees
refused git task start 001
refused git wave start
refused git wave worker add 1 other
refused git wave worker remove 1
untouched all
rm .worktrees

# One slot; the others work.
victim one
mkdir .worktrees && ln -s "$scratch/one" .worktrees/worker-1
refused git wave worker add 1 other
refused git wave worker remove 1
run git task start 001 --worker=1
exits 3
untouched one
rm .worktrees/worker-1

# A slot that became a link to a copy of itself, or to the main worktree, after it was made.
git task start 001 -q >/dev/null
mv .worktrees/worker-1 "$scratch/moved" && ln -s "$scratch/moved" .worktrees/worker-1
echo precious >"$scratch/moved/precious"
refused git wave worker add 1 other
refused git wave worker remove 1
expect test -f "$scratch/moved/precious"
checkout_snapshot .
ln -sfn .. .worktrees/worker-1
refused git wave worker remove 1
run git task reset 001
fails
run git wave finish -f 001
fails
run git task done 001
fails
same_checkout

# A dangling link is a link too.
ln -sfn "$scratch/nowhere" .worktrees/worker-1
refused git wave worker add 1 other
expect_not test -e "$scratch/nowhere"

# plan.toml as a link in the tree, and a task's metadata file.
new_repo trees
echo 'session_id = "s9"' >secret
tree() { # PATH MODE: a tree with a link at that path
  local index=$scratch/index
  rm -f "$index"
  GIT_INDEX_FILE=$index git update-index --add --cacheinfo "$2,$(printf ../secret | git hash-object -w --stdin),$1"
  GIT_INDEX_FILE=$index git write-tree
}
git update-ref refs/heads/plan/s9 "$(git commit-tree -m plan "$(tree plan.toml 120000)")"
run git plan show s9
exits 128
prints_nothing
complains_like "plan.toml"
run git task add --plan=s9 "A task"
exits 128
free_plan 1
git update-ref refs/heads/task/001-task-1 "$(git commit-tree -p main -m task "$(tree .plan/s1/001-task-1.toml 120000)")"
run git task show s1/001 --json
json .status pending
git checkout -q flow
mkdir -p .plan/s1 && ln -s ../../secret .plan/s1/001-task-1.toml && git add .plan && git commit -q -m "A link"
run git task show s1/001 --json
json .status pending
# A link where the metadata folder would be: nothing is written behind it.
git rm -rq --cached .plan && rm -r .plan && ln -s "$scratch" .plan && git add .plan && git commit -q -m "A linked folder"
run git task create s1/001
exits 128
complains_like "'.plan' is a symbolic link$"
expect_not test -e "$scratch/s1"
