#!/bin/bash
# What a run allows its workers: --timeout for all that a task takes, hooks and verification too, and wave.maxLog.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
limit=$((3 * ${GITPLAN_PATIENCE:-1}))

# A hook that hangs is ended in time: while the worktree is made, before the command, behind it.
hook() { # NAME
  printf '#!/bin/sh\nexec sleep 1000\n' >".git/hooks/$1"
  chmod +x ".git/hooks/$1"
}
for name in post-checkout wave-post-create wave-pre-run; do
  new_repo "$name"
  independent_plan 1
  hook "$name"
  run git wave run --timeout="${limit}s" -x '"$MAKE"'
  exits 1
  prints_like "^001  failed: timed out after $limit s$"
  complains_like "^001  failed: timed out after $limit s$"
  rm ".git/hooks/$name"
  git task reset -q 001 >"$out"
  run git wave run -x '"$MAKE"'
  exits 0
  merged_once 001
  leaves_nothing
done
new_repo post_run
independent_plan 1
hook wave-post-run
run git wave run --timeout="${limit}s" -x '"$MAKE"'
exits 0
merged_once 001
leaves_nothing

# So is a verification; flow stays where it was.
new_repo verification
independent_plan 1
git task list >"$out"
run git wave run --timeout="${limit}s" --verify='trap "" TERM; test ! -e part-001.txt || { sleep 1000; sleep 1000; }' -x '"$MAKE"'
exits 1
prints_like "^001  failed: its verification timed out after $limit s$"
same "$(git log --format=%s --first-parent flow)" Begin
leaves_nothing worker-1
git task reset -q 001 >"$out"
git wave run -q -x '"$MAKE"' >"$out"
merged_once 001

# The last part of a log is kept, of all attempts together no more than wave.maxLog.
new_repo logs
independent_plan 1
git config wave.maxLog 200k
run git wave run --retries=2 -x 'seq 1 200000; echo "the end of $GIT_TASK_ATTEMPT"; exit 1'
exits 1
complains_like '^    the end of 3$'
logs=.git/git-plan/logs/session-20250102-030405
expect test "$(cat "$logs"/001-*.log | wc -c)" -le $((200 * 1024))
for attempt in 1 2 3; do
  same "$(tail -n 1 "$logs/001-$attempt.log")" "the end of $attempt"
  same "$(head -n 1 "$logs/001-$attempt.log")" '[what was written before is not kept: see wave.maxLog]'
done
git config wave.maxLog -1
run git wave run -x false
exits 128
complains_like "^error: 'wave.maxLog' is -1: less than nothing$"
git config --unset wave.maxLog

# Logs that nobody has written to for a month go with the next run, or when they are asked to.
touch -d '40 days ago' "$logs"/001-[12].log
git task reset -q 001 >"$out"
git wave run -q -x '"$MAKE"' >"$out"
expect_not test -e "$logs/001-2.log"
expect test -e "$logs/001-3.log"
run git wave worker prune --expire=now
exits 0
expect_not test -e "$logs"
