#!/bin/bash
# Unusual repositories: each works, or is refused with a message that says what to do, and nothing is written.
# timeout: 240
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z

whole_job() { # one task from plan to flow, and its worktree
  free_plan 1
  run git wave start
  prints_like '^001 '
  work 1 made
  run git task done 001
  run git wave finish
  expect git cat-file -e flow:made
  fsck_clean
}

# SHA-256: libgit2 cannot read it.
git init -q --object-format=sha256 "$scratch/sha256"
cd "$scratch/sha256" && commit_file a a a
repository_snapshot
for command in "git plan list" "git plan create" "git wave start"; do
  run $command
  exits 128
  prints_nothing
  complains_like "sha256|SHA-256"
  complains_like "^hint: "
done
same_repository

# No repository at all.
mkdir "$scratch/none" && cd "$scratch/none"
run git plan list
exits 128
complains_like "not a git repository|no repository"

# An unborn HEAD: planning works, starting says what is missing.
git init -q "$scratch/unborn" && cd "$scratch/unborn"
free_plan 1
run git plan show --json
json .total_tasks 1
for verb in create start; do
  run git task "$verb" 001
  exits 3
  complains_like "unborn"
  complains_like "^hint: .*git commit"
done
run git wave next
commit_file a a a
run git wave start
prints_like '^001 '

# extensions.worktreeConfig, format 1, and a partial clone.
new_repo worktree_config
git config core.repositoryFormatVersion 1
git config extensions.worktreeConfig true
git config --worktree wave.maxParallel 1
whole_job

new_repo origin
git config uploadpack.allowFilter true
commit_file big big "Big"
git clone -q --no-checkout --filter=blob:none "file://$scratch/origin" "$scratch/partial"
cd "$scratch/partial" && git checkout -q main
whole_job

# A submodule's own checkout, and a superproject whose slots have submodules.
new_repo super
git -c protocol.file.allow=always submodule --quiet add "$scratch/origin" sub
git commit -q -m "Add a submodule"
(cd sub && whole_job)
same "$(git status --porcelain)" "" || true
git -C sub worktree prune
whole_job

# A bare one with a worktree beside it, where the commands are typed; GIT_DIR set by the caller.
git clone -q --bare "$scratch/origin" "$scratch/bare.git"
git -C "$scratch/bare.git" worktree add -q "$scratch/beside" -b beside && cd "$scratch/beside"
whole_job
# A project folder around a bare one: the path in the answer leads to the slot from there, and from a worktree in it.
for name in .bare .git; do
  mkdir "$scratch/project$name" && cd "$scratch/project$name"
  git clone -q --bare "$scratch/origin" "$name"
  [[ $name == .git ]] || echo "gitdir: ./$name" >.git
  git worktree add -q main
  free_plan 2
  run git wave start 001 --json
  json '.started[0].worktree_path' .worktrees/worker-1
  expect test -f .worktrees/worker-1/README.md
  cd main
  run git wave start 002 --json
  json '.started[0] | .worktree_path, .absolute_path' "$scratch/project$name/.worktrees/worker-2
$scratch/project$name/.worktrees/worker-2"
  same "$(git status --porcelain)" ""
done

new_repo by_environment
free_plan 1
cd "$scratch"
GIT_DIR=$scratch/by_environment/.git GIT_WORK_TREE=$scratch/by_environment run git wave start
prints_like '^001 .*worker-1$'
expect test -f by_environment/.worktrees/worker-1/README.md
run git --git-dir=by_environment/.git wave status --json
json '.workers[0].state' working

# A foreign owner: refused as git itself refuses.
if ((EUID == 0)); then
  new_repo foreign
  free_plan 1
  chown -R 12345 "$scratch/foreign"
  run git plan list
  exits 128
  prints_nothing
  complains_like "dubious ownership|safe.directory"
  complains_like "git config --global --add safe.directory"
  git config --global --add safe.directory "$scratch/foreign"
  run git wave start
  git config --global --unset-all safe.directory
fi
