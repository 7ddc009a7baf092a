#!/bin/bash
# Workers that merge by themselves, go astray, flood, fork into the background.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

# By itself, by git, on another branch, detached, without its worktree, beside git gc.
new_repo
independent_plan 9
dirty_checkout
cat >"$HOME/work" <<'END'
#!/bin/sh
set -e
"$MAKE"
case $GIT_TASK_ID in
  001) git task done ;;
  002) until git merge-base --is-ancestor "$GIT_TASK_BRANCH" flow; do
         git worktree add -q -f --detach ../mine flow && git -C ../mine merge -q --no-ff "$GIT_TASK_BRANCH" \
           -m "By hand

Task: 002" && git update-ref refs/heads/flow "$(git -C ../mine rev-parse HEAD)" "$(git -C ../mine rev-parse HEAD^1)" || true
         git worktree remove --force ../mine || rm -rf ../mine
       done ;;
  003) case $GIT_TASK_ATTEMPT in
         1) git checkout -q -b elsewhere && echo more >more.txt && git add . && git commit -q -m More ;;
         *) git checkout -q "$GIT_TASK_BRANCH" && git merge -q elsewhere ;;
       esac ;;
  004) rm -rf "$GIT_WAVE_WORKTREE" ;;
  005) cd .. && git worktree remove --force "$GIT_WAVE_WORKTREE" ;;
  006) git gc -q ;;
  007) git task done --remove-worktree ;;
  008) head -c 100000000 /dev/zero | tr '\0' x; echo; echo last words ;;
  009) git pack-refs --all && git repack -q -d ;;
esac
END
chmod +x "$HOME/work"
run git wave run -j 3 --keep-going --retries=3 -- "$HOME/work"
exits 0
merged_once 001 002 003 004 005 006 007 008 009
complains_like "^003  tried again: '.worktrees/worker-[0-9]' has 'elsewhere' checked out, not the task's branch"
same "$(git show flow:more.txt)" more
same_checkout
leaves_nothing

# Merged by itself is done, whatever comes after it.
cat >"$HOME/merge" <<'END'
#!/bin/sh
until old=$(git rev-parse flow) && tree=$(git merge-tree --write-tree "$old" HEAD) &&
  git update-ref refs/heads/flow "$(printf 'By hand\n\nTask: %s\n' "$GIT_TASK_ID" | git commit-tree -p "$old" -p HEAD "$tree")" "$old"
do
  sleep 0.1
done
END
chmod +x "$HOME/merge"
new_repo merged
independent_plan 4
limit=$((4 * ${GITPLAN_PATIENCE:-1}))
run git wave run -j 4 --timeout="${limit}s" --keep-going -x '
  "$MAKE" && "$HOME/merge" && case $GIT_TASK_ID in
    001) exit 1 ;;
    002) exit 125 ;;
    003) sleep 1000 ;;
    004) kill -KILL "$PPID"; sleep 1000 ;;
  esac'
exits 0
merged_once 001 002 003 004
leaves_nothing

# Not on its branch at all: HEAD is detached, with work in it. It fails, and nothing is lost.
new_repo detached
independent_plan 1
run git wave run -x 'git checkout -q --detach && "$MAKE"'
exits 1
prints_like "^001  failed: '.worktrees/worker-1' is not on the task's branch 'task/[^']*': its HEAD is detached; nothing was merged$"
expect test -e .worktrees/worker-1/part-001.txt
leaves_nothing worker-1

# What it leaves in the background ends with it: also forked twice, in a session of its own, deaf to TERM.
new_repo background
independent_plan 3
cat >"$HOME/work" <<'END'
#!/bin/sh
case $GIT_TASK_ID in
  001) sleep 1000 & ;;
  002) (setsid sh -c 'sleep 1001 & sleep 1002' &) & ;;
  003) (setsid env -i PATH="$PATH" sh -c 'trap "" TERM; while :; do sleep 1; done' >/dev/null 2>&1 &) & ;;
esac
sleep 0.2
"$MAKE"
END
run git wave run -j 3 -- "$HOME/work"
exits 0
merged_once 001 002 003
leaves_nothing

# So does a verification's, and what hangs is ended in time.
new_repo hanging
independent_plan 2
run git wave run --timeout="${limit}s" --verify='sleep 1000 & true' -x '
  [ $GIT_TASK_ID = 001 ] || { "$MAKE"; exit; }
  trap "" TERM; (setsid sh -c "trap \"\" TERM; sleep 1000; sleep 1000" &); sleep 1000; sleep 1000'
exits 1
prints_like "^001  failed: timed out after $limit s$"
merged_once 002
leaves_nothing worker-1
