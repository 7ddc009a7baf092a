#!/bin/bash
# Slots with submodules checked out in them: replaced, rescued and removed.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
git config --global protocol.file.allow always
new_repo library
new_repo super
git submodule --quiet add "$scratch/library" lib
git commit -q -m "Add the library"
git branch one && git branch two
checkout_snapshot .

run git wave worker add 1 one
git -C .worktrees/worker-1 submodule --quiet update --init
expect test -f .worktrees/worker-1/lib/README.md
run git wave worker add 1 two # clean: replaced by a new one
complains_nothing
expect_not test -e .worktrees/worker-1/lib/README.md
same "$(git -C .worktrees/worker-1 status --porcelain)" ""

# With work inside the submodule no commit of ours can hold it: moved aside, whole.
git -C .worktrees/worker-1 submodule --quiet update --init
echo "mine" >.worktrees/worker-1/lib/mine
run git wave worker add 1 one
complains_like "^moved '.worktrees/worker-1' aside to '.worktrees/aside-worker-1-1'$"
same "$(cat .worktrees/aside-worker-1-1/lib/mine)" mine
expect git -C .worktrees/aside-worker-1-1/lib log -1
git -C .worktrees/worker-1 submodule --quiet update --init
(cd .worktrees/worker-1/lib && commit_file inner inner "Inner")
git -C .worktrees/worker-1 commit -q -am "Use the inner commit, which nobody else has"
run git wave worker remove 1
complains_like "^moved '.worktrees/worker-1' aside to '.worktrees/aside-worker-1-2'$"
same "$(git -C .worktrees/aside-worker-1-2/lib log -1 --format=%s)" Inner
same_checkout

# The commits of a submodule stay where the slot's folder went, or was taken away, behind our back.
new_repo gone
git plan create s1 -q --request=x
git task add One -q >/dev/null
git task start 1 -q >/dev/null
(cd .worktrees/worker-1 && git -c protocol.file.allow=always submodule --quiet add "$scratch/super" part && git commit -qm Part)
(cd .worktrees/worker-1/part && commit_file own.txt own "Own commit")
own=$(git -C .worktrees/worker-1/part rev-parse HEAD)
rm -rf .worktrees/worker-1
run git plan doctor --fix
complains_like "^kept the submodules of '.worktrees/worker-1', with their commits, in '$PWD/.git/submodules-of-worker-1-1'$"
same "$(git --git-dir=.git/submodules-of-worker-1-1/modules/part log -1 --format=%H)" "$own"
