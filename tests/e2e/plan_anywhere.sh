#!/bin/bash
# From a subfolder, a linked worktree, a bare repository, with git -C, and out of a hook.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
new_repo
as Ada
at 2025-01-12T14:30:00Z
mkdir -p deep/er
git worktree add -q ../linked -b side
free_plan 9
echo dirty >>README.md
echo staged >staged.txt
git add staged.txt
checkout_snapshot
number=0
version() { git --git-dir="$scratch/repo/.git" plan show --json | jq -r .plan_version; }
works() { # COMMAND…: completes the next task, and reads it
  number=$((number + 1))
  run "$@" plan update --complete=$number -q
  prints "plan/s1 v$((number + 1))"
  run "$@" task show $number --json
  json .status completed
  same "$(version)" "v$((number + 1))"
}
works git
(cd deep/er && works git)
number=2
(cd ../linked && works git)
number=3
(cd .git && works git)
number=4
(cd / && works git -C "$scratch/repo/deep")
number=5
(cd / && works git --git-dir="$scratch/repo/.git")
number=6
(cd / && works env GIT_DIR="$scratch/repo/.git" GIT_WORK_TREE="$scratch/repo" git)
number=7
same_checkout

# A hook of `git commit` has GIT_DIR and GIT_INDEX_FILE set: nothing of ours gets into the index.
cat >.git/hooks/pre-commit <<'END'
#!/bin/sh
git plan update --complete=8 -q && git task create 9 -q && git task start 9 -q
END
chmod +x .git/hooks/pre-commit
run git commit -q -m 'With a hook'
same "$(git show --name-only --format= HEAD)" staged.txt
run git task list --json
json '.tasks[7:] | map(.status)' '["completed","in_progress"]'
same "$(git -C .worktrees/worker-1 status --porcelain)" ''
same "$(git status --porcelain)" ' M README.md'

# A bare repository.
git clone -q --bare . "$scratch/bare.git"
cd "$scratch/bare.git"
run git plan list --json
json '.plans | map([.session_id, .completed_tasks])' '[["s1",8]]'
run git plan update --plan=s1 --note='From the bare one' -q
prints 'plan/s1 v10'
run git plan create bare -q
run git task add Thing -q --plan=bare
run git task create bare/1 --json
json .branch task/001-thing
run git plan check --plan=bare
fsck_clean
