#!/bin/bash
# Interrupted runs: nothing outlives them, and the next run goes on.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
independent_plan 3
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/starts"
case "$1 $GIT_TASK_ID" in
  "stop 001") sleep 1000 ;;
  "stop 002") trap '' TERM; (setsid sh -c 'trap "" TERM; while :; do sleep 1; done' &); while :; do sleep 1; done ;;
esac
"$MAKE"
END
chmod +x "$HOME/work"
: >"$HOME/starts"
for signal in INT TERM; do
  : >"$HOME/starts"
  "$GITPLAN_BIN/git-wave" run -j 2 -- "$HOME/work" stop >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
  wait_until bash -c '[[ $(wc -l <"$HOME/starts") == 2 ]]'
  kill "-$signal" "$run_id"
  run wait "$run_id"
  exits $((128 + $(kill -l $signal)))
  same "$(tail -n 1 "$state/run.out")" "0 of 3 tasks completed (v$(plan_version))"
  expect grep -q '^001  interrupted; the next run goes on with it$' "$state/run.err"
  no_processes
  nothing_left_over
done
run git wave run -j 2 -- "$HOME/work" go
exits 0
complains_like '^00[12]  started in worker-[12] \(interrupted\): '
merged_once 001 002 003
leaves_nothing

# While its verification goes on: nothing was merged, and its worker's work is not done again.
new_repo verifying
independent_plan 1
: >"$HOME/starts"
"$GITPLAN_BIN/git-wave" run --verify="touch '$HOME/verifying'; sleep 1000" -- "$HOME/work" go >"$state/run.out" 2>"$state/run.err" &
run_id=$!
wait_until test -e "$HOME/verifying"
kill -INT "$run_id"
run wait "$run_id"
exits 130
no_processes
same "$(merges_of 001)" 0
expect_not test -e "$(common_folder)/git-plan/scratch-1"
run git wave run --verify=true -- "$HOME/work" go
exits 0
same "$(cat "$HOME/starts")" 001
merged_once 001
leaves_nothing

# A reader that goes away ends the run, as SIGPIPE ends git.
new_repo pipe
independent_plan 3
: >"$HOME/starts"
run bash -c 'set -o pipefail; git-wave run -j 2 --json=lines -- "$1" go | head -n 1' bash "$HOME/work"
exits 141
no_processes
run git wave run -- "$HOME/work" go
exits 0
merged_once 001 002 003
leaves_nothing
