#!/bin/bash
# Tried again in the same worktree; conflicts given back once; merges only of what was verified.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

# The third attempt finds what the first two left, and is told why they did not do.
new_repo
plan_like <<'END'
001
002 001
END
cat >"$HOME/work" <<'END'
#!/bin/sh
cat >"$HOME/prompt.$GIT_TASK_ID.$GIT_TASK_ATTEMPT"
[ "$GIT_TASK_ID" = 001 ] || exec "$MAKE"
echo "attempt $GIT_TASK_ATTEMPT" | tee -a tried.txt
git add tried.txt && git commit -q -m "Try"
[ "$GIT_TASK_ATTEMPT" = 3 ] || exit "$GIT_TASK_ATTEMPT"
END
chmod +x "$HOME/work"
run git wave run --retries=2 -- "$HOME/work"
exits 0
complains_like '^001  tried again: its command ended with exit status 1$'
complains_like '^    attempt 1$'
complains_like '^001  tried again: its command ended with exit status 2$'
same "$(git show flow:tried.txt)" "attempt 1
attempt 2
attempt 3"
expect grep -q 'Attempt 3:.*did not succeed: its command ended with exit status 2' "$HOME/prompt.001.3"
expect grep -q '/001-2.log' "$HOME/prompt.001.3"
merged_once 001 002
leaves_nothing

# One time too few: failed, what it did is kept, and nothing new starts; the others finish.
new_repo toofew
plan_like <<'END'
001
002
003
END
run git wave run -j 2 --retries=1 -x '[ $GIT_TASK_ID != 001 ] && sleep 1 && "$MAKE"'
exits 1
prints <<'END'
001  failed: its command ended with exit status 1
003  pending: it could start
1 of 3 tasks completed (v[..])
END
leaves_nothing worker-1
# Reset, it is taken up again by the next run.
git task reset -q 001
run git wave run -x '"$MAKE"'
exits 0
merged_once 001 002 003
leaves_nothing

# A conflict comes back to its worker once, with the names of the files.
new_repo conflicts
printf '{"session_id": "session-20250102-030405", "user_request": "x", "tasks": [
  {"id": "001", "description": "One", "slug": "one"}, {"id": "002", "description": "Two", "slug": "two"},
  {"id": "003", "description": "Three", "slug": "three"}]}' >"$state/plan.json"
git plan create -q -F "$state/plan.json" >/dev/null
cat >"$HOME/work" <<'END'
#!/bin/sh
cat >"$HOME/prompt.$GIT_TASK_ID.$GIT_TASK_ATTEMPT"
while [ "$(ls "$HOME" | grep -c '^prompt\.00.\.1$')" != 3 ]; do sleep 0.1; done
if [ "$GIT_TASK_ATTEMPT" = 2 ] && [ "$GIT_TASK_ID" = 003 ]; then
  git merge --abort # does not resolve it
elif [ "$GIT_TASK_ATTEMPT" = 2 ]; then
  grep -q '^<<<<<<<' shared.txt || exit 9
  printf 'resolved by 002\n' >shared.txt && git add shared.txt && git commit -q --no-edit
else
  [ "$GIT_TASK_ID" = 001 ] || while ! git cat-file -e flow:shared.txt 2>/dev/null; do sleep 0.1; done
  [ "$GIT_TASK_ID" != 003 ] || while ! git show flow:shared.txt | grep -q resolved; do sleep 0.1; done
  echo "$GIT_TASK_ID" >shared.txt && git add shared.txt && git commit -q -m "Write"
fi
END
run git wave run -j 3 --keep-going -- "$HOME/work"
exits 1
prints <<'END'
003  failed: conflicts with flow in shared.txt
2 of 3 tasks completed (v[..])
END
expect grep -q '^- shared.txt$' "$HOME/prompt.002.2"
expect_not test -e "$HOME/prompt.003.3"
same "$(git show flow:shared.txt)" "resolved by 002"
merged_once 001 002
leaves_nothing worker-3

# Nothing unverified comes into flow, and a failed verification is tried again.
new_repo verified
plan_like <<'END'
001
002
003 002
END
cat >"$HOME/work" <<'END'
#!/bin/sh
[ "$GIT_TASK_ID" != 002 ] || [ "$GIT_TASK_ATTEMPT" != 1 ] || echo broken >broken.txt
[ "$GIT_TASK_ID" != 002 ] || [ "$GIT_TASK_ATTEMPT" != 2 ] || { git rm -q broken.txt && git commit -q -m "Mend it"; }
git add . && "$MAKE"
END
run git wave run --retries=1 --verify='! test -e broken.txt || { echo "it is broken"; exit 1; }' -- "$HOME/work"
exits 0
complains_like '^002  tried again: its verification failed with exit status 1: it is broken$'
merged_once 001 002 003
for commit in $(git rev-list flow --first-parent); do
  expect_not git cat-file -e "$commit:broken.txt"
done
leaves_nothing
