#!/bin/bash
# timeout: 300
# What a power cut leaves of a slot's git folder (files that are empty, cut off or gone) is named wherever the slot is
# needed, `git plan doctor --fix` mends it, and what stands in the slot is as it was.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
slot=.worktrees/worker-1
admin=.git/worktrees/worker-1
state_of_slot() { git -C $slot status --porcelain=v2 --branch | grep -v '^# branch.oid'; }

begin() {
  new_repo "$1"
  for i in $(seq 40); do echo "line $i" >"file-$i"; done
  git add . && git commit -q -m Files && git branch side
  free_plan 2
  git task start 001 -q >/dev/null
  echo committed >$slot/done.txt && git -C $slot add done.txt && git -C $slot commit -q -m Done
  echo changed >$slot/file-1
  echo untracked >$slot/new.txt
  before=$(state_of_slot)
}
damage() { # FILE HOW
  case $2 in
    empty) : >$admin/"$1" ;;
    gone) rm $admin/"$1" ;;
    zeros) head -c "$(stat -c %s $admin/"$1")" /dev/zero >"$scratch/zeros" && cp "$scratch/zeros" $admin/"$1" ;;
    *) truncate -s "$2" $admin/"$1" ;;
  esac
}
is_mended() { # FILES
  told="the git folder of '$slot' is damaged: $1"
  run git wave status
  prints_like broken
  run git plan doctor
  exits 1
  prints_like "$told"
  for verb in 'task start 001' 'task done 001' 'task reset 001' 'wave worker remove 1' 'wave worker add 1 side'; do
    # shellcheck disable=SC2086 # words
    run git $verb
    exits 3
    complains_like "^error: $told$"
    complains_like 'run: git plan doctor --fix$'
  done
  expect test -e $slot/new.txt
  run git plan doctor --fix
  run git plan doctor
  same "$(state_of_slot)" "$before"
  same "$(cat $slot/file-1 $slot/new.txt | tr '\n' ' ')" 'changed untracked '
}

for file in HEAD commondir gitdir; do
  for how in empty zeros gone; do
    begin "$file-$how"
    damage $file $how
    is_mended $file
  done
done
for how in empty zeros 12 40 700 -1 -25; do
  begin "index$how"
  damage index "$how"
  is_mended index
done
begin all
damage HEAD empty
damage commondir empty
damage index empty
is_mended 'HEAD, commondir, index'
# It works as ever.
run git task done 001
exits 3
git -C $slot add -A && git -C $slot commit -q -m Rest
run git task done 001
same "$(git show flow:done.txt)" committed
git wave worker remove 1 -q

# Commits made elsewhere than on the task's branch are where HEAD goes back to.
begin detached
git -C $slot checkout -q --detach
git -C $slot commit -q --allow-empty -m Detached
tip=$(git -C $slot rev-parse HEAD)
damage HEAD empty
run git plan doctor --fix
same "$(git -C $slot rev-parse HEAD)" "$tip"
run git task done 001
exits 3
complains_like 'HEAD is detached'

# Half made, too.
begin half_made
sed -i -e 's/^pid .*/pid 1/' -e 's/^start-time .*/start-time 1/' -e 's/^phase .*/phase saving/' $admin/git-plan-slot
damage HEAD empty
run git task start 001
exits 3
run git plan doctor --fix
exits 1
run git task start 001
complains_like "^rescued uncommitted changes of '$slot'"

# A worktree of nobody's making, without a log of where it was: the way out is a person's.
new_repo by_hand
free_plan 1
git worktree add -q -b side $slot
echo mine >$slot/mine
rm -r $admin/logs
damage HEAD empty
run git plan doctor --fix
exits 1
prints_like "run: echo 'ref: refs/heads/<branch>' >.*/HEAD$"
bash -c "$(sed -n 's/.*run: \(echo .*\)/\1/p' "$out" | sed 's/<branch>/side/')"
same "$(git -C $slot rev-parse --abbrev-ref HEAD)" side
