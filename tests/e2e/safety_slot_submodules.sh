#!/bin/bash
# What stands in the folders of a slot's submodules outlives the slot, whatever the settings of theirs show of it: files
# in one that is not populated are rescued as untracked ones are, a populated one with work is moved aside with the slot.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
git config --global protocol.file.allow always
slot=.worktrees/worker-1
new_repo inner
new_repo library
git submodule --quiet add "$scratch/inner" inner && git config -f .gitmodules submodule.inner.ignore all
git add . && git commit -q -m Inner

begin() { # NAME
  new_repo "$1"
  git submodule --quiet add "$scratch/library" lib && echo '*.o' >.gitignore && git add . && git commit -q -m "Add the library"
  git branch other
  git branch without && git -c advice.detachedHead=false checkout -q without && git rm -q lib .gitmodules && git commit -q -m Without
  git checkout -q main 2>/dev/null
  free_plan 2
  git task start 001 -q >/dev/null
  (cd $slot && commit_file work.txt work Work)
}
rescued() { # PATH
  git show "$(git for-each-ref --format='%(refname)' --sort=-creatordate refs/git-plan/rescue | head -n 1):$1"
}

# Not populated: the folder is there, and git looks into it no more than into a populated one.
for verb in 'wave worker remove 1' 'task reset 001' 'wave worker add 1 other' 'wave worker add 1 without'; do
  begin "plain-${verb// /-}"
  mkdir -p $slot/lib/deep && echo "in a submodule" >$slot/lib/deep/file && echo built >$slot/lib/file.o
  run git wave status
  prints_like 'dirty'
  # shellcheck disable=SC2086 # words
  run git $verb
  complains_like "^rescued uncommitted changes of '$slot' to refs/git-plan/rescue/worker-1/"
  same "$(rescued lib/deep/file)" "in a submodule"
  expect_not test -e $slot/lib/deep
  expect_not test -e $slot/lib/file.o
done
begin done
mkdir -p $slot/lib && echo "in a submodule" >$slot/lib/file
run git task done 001 --remove-worktree
exits 3
complains_like "^error: '$slot' has files in a submodule that is not populated: 'lib/file'; nothing was merged$"
complains_like "^hint: to see them, run: ls -lA $PWD/$slot/lib$"
same "$(cat $slot/lib/file)" "in a submodule"
# A file of another's submodule, where the slot's next task has one.
begin next
git -C $slot checkout -q without 2>/dev/null && mkdir -p $slot/lib && echo "untracked" >$slot/lib/file
run git wave worker add 1 other
same "$(rescued lib/file)" untracked
same "$(ls -A $slot/lib)" ""
# Empty ones, and ignored files alone, are nobody's.
begin ignored
mkdir -p $slot/lib && echo built >$slot/lib/file.o
run git wave worker add 1 other
complains_nothing
same "$(ls -A $slot/lib)" ""
# Another repository in it.
begin other
git init -q $slot/lib/new && echo "in a repository" >$slot/lib/new/file
run git wave worker remove 1
complains_like "^moved '$slot' aside to"
same "$(cat .worktrees/aside-worker-1-1/lib/new/file)" "in a repository"

# Populated, and told to show nothing.
begin untracked
git config --global status.showUntrackedFiles no
git -C $slot submodule --quiet update --init
echo mine >$slot/lib/mine
run git wave worker remove 1
complains_like "^moved '$slot' aside to"
same "$(cat .worktrees/aside-worker-1-1/lib/mine)" mine
git config --global --unset status.showUntrackedFiles
for file in README.md new; do
  begin "inner-$file"
  git -C $slot submodule --quiet update --init --recursive
  echo mine >$slot/lib/inner/$file
  run git wave worker remove 1
  complains_like "^moved '$slot' aside to"
  same "$(cat .worktrees/aside-worker-1-1/lib/inner/$file)" mine
done
begin clean
git -C $slot submodule --quiet update --init --recursive
run git wave worker remove 1
complains_nothing
expect_not test -e $slot

# A worktree that was made of one works on, wherever its folder goes.
begin worktree
git -C $slot submodule --quiet update --init
git -C $slot/lib worktree add -q "$scratch/elsewhere" 2>/dev/null
echo staged >"$scratch/elsewhere/file" && git -C "$scratch/elsewhere" add file
run git wave worker remove 1
complains_like "^moved '$slot' aside to"
same "$(git -C "$scratch/elsewhere" status --porcelain)" "A  file"
begin worktree-gone
rm -rf "$scratch/elsewhere"
git -C $slot submodule --quiet update --init
git -C $slot/lib worktree add -q "$scratch/elsewhere" 2>/dev/null
echo staged >"$scratch/elsewhere/file" && git -C "$scratch/elsewhere" add file
rm -rf $slot
run git plan doctor --fix
complains_like "^kept the submodules of '$slot'"
same "$(git -C "$scratch/elsewhere" status --porcelain)" "A  file"
