#!/bin/bash
# Repositories and paths in a slot that git does not look at: the slot is moved aside with them, or stays.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
slot=.worktrees/worker-1
aside=.worktrees/aside-worker-1-1

begin() { # NAME
  new_repo "$1"
  echo '/tmp/' >.gitignore && git add . && git commit -q -m Ignore && git branch other
  free_plan 1
  git task start 001 -q >/dev/null
}
moved_aside() {
  # shellcheck disable=SC2086 # words
  run git $1
  complains_like "^moved '$slot' aside to '$aside'$"
}

# A bare one that is ignored, as tests make; below a folder that is not, and the git folder of a work tree elsewhere.
for verb in 'wave worker remove 1' 'task reset 001' 'wave worker add 1 other'; do
  for folder in tmp new; do
    begin "bare-$folder-${verb// /-}"
    git init -q --bare $slot/$folder/remote.git
    git push -q $slot/$folder/remote.git main:pushed
    moved_aside "$verb"
    same "$(git -C $aside/$folder/remote.git rev-parse pushed)" "$(git rev-parse main)"
  done
done
begin separate
mkdir $slot/tmp && git init -q --separate-git-dir $slot/tmp/git "$scratch/elsewhere"
(cd "$scratch/elsewhere" && commit_file file content Elsewhere)
moved_aside 'wave worker remove 1'
same "$(git --git-dir=$aside/tmp/git log -1 --format=%s)" Elsewhere

# What only a submodule of an ignored clone has, which is not checked out any more.
git config --global protocol.file.allow always
new_repo inner
new_repo outer
git submodule --quiet add "$scratch/inner" sub && git init -q --bare example.git && touch example.git/{refs,objects}/.keep
git add -f . && git commit -q -m "Sub, and an example"
begin in_clone
git clone -q --recurse-submodules "$scratch/outer" $slot/tmp/outer
(cd $slot/tmp/outer/sub && git checkout -q -b own && commit_file own own Own && cd .. && git submodule --quiet deinit -f sub)
moved_aside 'wave worker remove 1'
same "$(git --git-dir=$aside/tmp/outer/.git/modules/sub --work-tree=. log -1 --format=%s own)" Own
# Clones that have nothing of their own go with the rest, and so do examples that are tracked.
begin nobodys
git clone -q --recurse-submodules "$scratch/outer" $slot/tmp/outer
git clone -q --bare "$scratch/inner" $slot/example.git && touch $slot/example.git/refs/.keep
git -C $slot add example.git && git -C $slot commit -q -m "An example"
run git wave worker remove 1
complains_nothing
expect_not test -e $slot

# A worktree in a slot that its owner locked.
begin locked
git init -q --bare "$scratch/remote.git" && git remote add origin "$scratch/remote.git"
git -C $slot worktree add -q tmp/inner 2>/dev/null
git worktree lock --reason "an agent is at work" $slot/tmp/inner
git push -q origin --all
moved_aside 'wave worker remove 1'
same "$(git -C $aside/tmp/inner status --porcelain)" ""

# Paths that are too long for git.
begin deep
name=$(printf 'd%.0s' $(seq 200))
(
  cd $slot
  for _ in $(seq 24); do mkdir "$name" && cd -P "./$name"; done
  echo deep >file
)
for verb in 'wave worker remove 1' 'wave worker add 1 other' 'task reset 001' 'task done 001'; do
  # shellcheck disable=SC2086 # words
  run git $verb
  exits 3
  complains_like "^error: git cannot look everywhere in '$slot': a path is too long$"
  complains_like "^hint: to see where, run: git -C $PWD/$slot status$"
done
(
  cd $slot
  for _ in $(seq 24); do cd -P "./$name"; done
  same "$(cat file)" deep
)
rm -rf "${slot:?}/$name"
run git wave worker remove 1
complains_nothing
