#!/bin/bash
# A worker whose worktree is not where slots stand, or not as a worker has it, keeps its task: nothing is merged over
# what is not committed there, nobody else is given the task, and what belongs to others is not deleted through it.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_plans.sh"
as Ada

one_task() { # NAME: a repository in which 001 is at work, with a commit
  cd "$scratch"
  new_repo "$1"
  independent_plan 1
  git task start -q 001 >"$out"
  work_in .worktrees/worker-1 1
}
not_merged() {
  same "$(count_tasks completed)" 0
  same "$(git log --format=%s --first-parent flow)" Begin
}

# Moved, with something else checked out: the record goes with it.
for how in worktree_move config; do
  for head in branch detached; do
    one_task "$how-$head"
    case $head in
      branch) git -C .worktrees/worker-1 checkout -q -b experiment ;;
      detached) git -C .worktrees/worker-1 checkout -q --detach ;;
    esac
    case $how in
      worktree_move) git worktree move .worktrees/worker-1 ../moved && where=$scratch/moved ;;
      config) git config wave.worktreeDir ../slots && where=$PWD/.worktrees/worker-1 ;;
    esac
    same "$(count_tasks in_progress)" 1
    for verb in 'task start' 'task reset'; do
      # shellcheck disable=SC2086
      run git $verb 001
      exits 3
      complains_like "^error: task '001' is being worked on in '$where', a worker that was moved there$"
    done
    run git wave start
    exits 0
    run git wave worker add 2 task/001-part-1
    exits 3
    run git task done 001
    exits 3
    not_merged
    run git plan doctor
    exits 1
    prints_like "^problem: '$where' was a worker's worktree, for task 001, before it was moved there$"
    expect test -e "$where/part-1.txt"
    git -C "$where" checkout -q task/001-part-1
    run git task done 001
    exits 0
    same "$(count_tasks completed)" 1
    rm -rf "$scratch/moved" "$scratch/slots"
    git worktree prune
  done
done

# Wherever the branch is checked out: not over changes, nor in the middle of a rebase.
one_task dirty
echo rest >.worktrees/worker-1/rest
git worktree move .worktrees/worker-1 ../moved
run git task done 001
exits 3
complains_like "^error: '$scratch/moved' has uncommitted changes; nothing was merged$"
not_merged
rm ../moved/rest
GIT_SEQUENCE_EDITOR="sed -i '1s/pick/edit/'" git -C ../moved rebase -q -i HEAD~1 2>"$err"
run git task done 001
exits 3
complains_like "is in the middle of a rebase; nothing was merged$"
git -C ../moved rebase --abort
run git task done 001
exits 0
rm -rf ../moved
one_task main
git wave worker remove 1 >"$out"
git checkout -q task/001-part-1
echo untracked >notes.txt
echo more >>part-1.txt
run git task done 001
exits 3
complains_like "^error: '$PWD' has uncommitted changes; nothing was merged$"
not_merged
git checkout -q part-1.txt
run git task done 001
exits 0

# A slot whose work could not be saved, or that a killed command left: it keeps its task, and its work counts.
one_task refused
echo '*.x filter=f' >.git/info/attributes
git config filter.f.clean cat
git config filter.f.required true
echo rest >.worktrees/worker-1/rest.x
git config filter.f.clean false
for verb in 'task reset 001' 'wave worker remove 1' 'wave worker add 1 main'; do
  # shellcheck disable=SC2086
  run git $verb
  fails
  expect test -e .worktrees/worker-1/rest.x
  same "$(git task show 001 --json | jq -r '.status + " " + .worker')" 'in_progress 1'
done
git config filter.f.clean cat
run git task done 001
exits 3
complains_like "^error: '.worktrees/worker-1' has uncommitted changes; nothing was merged$"
not_merged
hook=.git/hooks/reference-transaction
# shellcheck disable=SC2016 # for the hook's shell
printf '#!/bin/sh\n! grep -q git-plan/rescue || kill -9 0\n' >"$hook"
chmod +x "$hook"
setsid -w git task reset 001 >"$out" 2>&1 || true
rm "$hook"
expect test -e .worktrees/leaving-worker-1/rest.x
run git task done 001
exits 3
complains_like 'was left half made by a command that was killed, and has uncommitted changes; nothing was merged$'
not_merged
git worktree unlock .worktrees/worker-1 # which is how git's own hints say to go on
git worktree prune
run git plan doctor
exits 1
prints_like "^problem: '.worktrees/leaving-worker-1' was moved aside from a slot$"
run git task start 001
exits 0
run git task reset 001
exits 0
same "$(cat .worktrees/aside-worker-1-1/rest.x)" rest

# Another worktree inside of it goes with it, and works there.
one_task inner
git -C .worktrees/worker-1 worktree add -q --detach inner
(
  cd .worktrees/worker-1/inner
  commit_file deep.txt deep Deep
  echo staged >staged.txt
  git add staged.txt
)
deep=$(git -C .worktrees/worker-1/inner rev-parse HEAD)
run git task reset 001
exits 0
git worktree prune
git gc -q --prune=now
same "$(git -C .worktrees/aside-worker-1-1/inner rev-parse HEAD)" "$deep"
same "$(git -C .worktrees/aside-worker-1-1/inner status --porcelain)" 'A  staged.txt'

# What is mounted in it is not of it.
one_task mounted
echo /cache >.git/info/exclude
mkdir "$scratch/others" .worktrees/worker-1/cache
echo theirs >"$scratch/others/data"
git branch other
if unshare -m true 2>"$err"; then # as root
  for verb in 'task reset 001' 'wave worker remove 1' 'wave worker add 1 other'; do
    run unshare -m sh -c "mount --bind '$scratch/others' .worktrees/worker-1/cache && exec git $verb"
    exits 3
    complains_like "^error: something is mounted in '.worktrees/worker-1': '$PWD/.worktrees/worker-1/cache'$"
  done
fi
same "$(cat "$scratch/others/data")" theirs
