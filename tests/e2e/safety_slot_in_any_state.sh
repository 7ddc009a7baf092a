#!/bin/bash
# What anybody wrote in a slot is found afterwards, in whatever state a kill, a lock or a move left the slot.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
source "$lib_folder/lib_race.sh"
as Ada
rescued() { git for-each-ref --format='%(refname)' refs/git-plan/rescue; }
# Every file of these stands in some rescue commit, with its content.
is_rescued() { # PATH CONTENT
  local ref
  for ref in $(rescued); do
    if [[ $(git show "$ref:$1" 2>/dev/null) == "$2" ]]; then return; fi
  done
  fail "'$1' with '$2' is in no rescue ref"
}
drop() { rescued | xargs -r -n 1 git update-ref -d; }
# As a command that was killed would leave the slot.
leave_in_phase() { # PHASE
  sed -i -e 's/^pid .*/pid 1/' -e 's/^start-time .*/start-time 1/' -e "s/^phase .*/phase $1/" \
    .git/worktrees/worker-1/git-plan-slot
}

new_repo
commit_file notes.txt "notes" "Notes"
git branch side
free_plan 2

# Killed while wave-post-create runs: the checkout is whole, and somebody works in it.
mkdir -p .git/hooks
printf '#!/bin/sh\ntouch "%s/in-hook"\nexec sleep 60\n' "$scratch" >.git/hooks/wave-post-create
chmod +x .git/hooks/wave-post-create
setsid git-task start 001 >/dev/null 2>&1 &
starter=$!
wait_until test -e "$scratch/in-hook"
kill -KILL -- -"$starter"
wait "$starter" 2>/dev/null || true
rm .git/hooks/wave-post-create
echo "an hour of work" >>.worktrees/worker-1/notes.txt
echo "new" >.worktrees/worker-1/new.txt
run git task start 001
complains_like "^rescued uncommitted changes of '.worktrees/worker-1'"
is_rescued new.txt new
is_rescued notes.txt "notes
an hour of work"
same "$(cat .worktrees/worker-1/notes.txt)" notes
drop

# In every phase that a kill can leave: replaced, and removed.
for phase in saving filling filled discarding; do
  for command in "task start 001" "wave worker remove 1" "task reset 001"; do
    git task start 001 -q >/dev/null 2>&1 || true
    echo "$phase" >.worktrees/worker-1/written.txt
    leave_in_phase "$phase"
    # shellcheck disable=SC2086 # words
    run git $command
    complains_like "^rescued uncommitted changes of '.worktrees/worker-1'"
    is_rescued written.txt "$phase"
    drop
  done
done

# A checkout that was cut off is nobody's work: nothing is rescued of it.
git task start 001 -q >/dev/null
leave_in_phase filling
rm .worktrees/worker-1/notes.txt .git/worktrees/worker-1/index
run git wave worker remove 1
complains_unlike rescued
git task start 001 -q >/dev/null
leave_in_phase discarding
rm -r .worktrees/worker-1/notes.txt .worktrees/worker-1/.plan
run git task start 001
complains_unlike rescued
same "$(git -C .worktrees/worker-1 status --porcelain)" ""

# Killed with the folder out of reach: it comes back, or goes on going, with all that was in it.
for command in "task start 001" "wave worker remove 1"; do
  git task start 001 -q >/dev/null 2>&1 || true
  echo "left" >.worktrees/worker-1/left.txt
  leave_in_phase discarding
  mv .worktrees/worker-1 .worktrees/leaving-worker-1
  # shellcheck disable=SC2086 # words
  run git $command
  is_rescued left.txt left
  expect_not test -e .worktrees/leaving-worker-1
  drop
done

# A locked worktree is refused by every verb, with git's reason.
git task start 001 -q >/dev/null 2>&1 || true
work 1 done.txt
git task done 001 -q >/dev/null
git worktree lock --reason "a database runs here" .worktrees/worker-1
for command in "wave finish" "wave finish 001" "wave finish -f 001" "wave worker remove 1" \
  "wave worker add 1 side" "task done 001 --remove-worktree"; do
  # shellcheck disable=SC2086 # words
  run git $command
  exits 3
  complains_like "^error: '.worktrees/worker-1' is locked: a database runs here$"
done
expect test -e .worktrees/worker-1/done.txt
git worktree unlock .worktrees/worker-1
git wave finish -q >/dev/null

# The branch in a slot is called something else by now: its task is not started again.
git task start 002 -q >/dev/null
git -C .worktrees/worker-1 branch -m fix
run git task list --json
json '.tasks[1] | .status, .worker' "in_progress
1"
run git wave start --json
json '.started' '[]'
run git task start 002
exits 3
complains_like "^error: task '002' is "
run git task create 002
exits 3
complains_like "^error: task '002' is with worker 1 already, in '.worktrees/worker-1'$"
git branch task/002-task-2 fix
run git wave worker add 2 task/002-task-2
exits 3
complains_like "^error: task '002' is with worker 1 already, in '.worktrees/worker-1'$"
git branch -D -q task/002-task-2
git -C .worktrees/worker-1 branch -m task/002-task-2

# The repository stands elsewhere: nothing is given out again, and the hint is git's own cure.
echo "unsaved" >.worktrees/worker-1/unsaved.txt
cd .. && mv repo moved && cd moved
for command in "task start 002" "wave worker remove 1" "task reset 002" "task done 002"; do
  # shellcheck disable=SC2086 # words
  run git $command
  exits 3
  complains_like "^hint: to tell git where it stands now, run: git worktree repair "
done
run git wave status --json
json '.workers[0] | .task, .state' "002
broken"
run git plan doctor
exits 1
prints_like "git worktree repair $PWD/.worktrees/worker-1"
git worktree repair "$PWD/.worktrees/worker-1" >/dev/null 2>&1
run git wave status --json
json '.workers[0] | .state, .dirty' "working
true"
same "$(cat .worktrees/worker-1/unsaved.txt)" unsaved

# Two repositories with one folder for their slots: each leaves the other's alone.
git config --global wave.worktreeDir "$HOME/slots"
new_repo one
free_plan 1
git task start 001 -q >/dev/null
echo "unsaved" >"$HOME/slots/worker-1/unsaved.txt"
new_repo two
free_plan 1
run git plan doctor
exits 1
prints_like "is a worker of another repository"
prints_unlike "worker remove"
for command in "wave worker remove 1" "wave worker add 1 main" "task start 001 --worker=1"; do
  # shellcheck disable=SC2086 # words
  run git $command
  exits 3
done
run git task start 001 --json
json '.worker' 2
same "$(cat "$HOME/slots/worker-1/unsaved.txt")" unsaved
