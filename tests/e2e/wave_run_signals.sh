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

# Asked twice, by somebody impatient or by who signals a process and its group, as timeout does: no task has failed of it,
# whatever its command ended with.
new_repo twice
independent_plan 2
cat >"$HOME/work" <<'END'
#!/bin/sh
[ "$1" = go ] || { trap 'exit 4' TERM; [ $GIT_TASK_ID = 001 ] || trap '' TERM; touch "$HOME/at.$GIT_TASK_ID"; while :; do sleep 0.1; done; }
"$MAKE"
END
all_gone() { [[ -z $(scratch_processes) ]]; }
for second in TERM INT; do
  rm -f "$HOME"/at.*
  env --default-signal=INT "$GITPLAN_BIN/git-wave" run -j 2 -- "$HOME/work" stop >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
  wait_until test -e "$HOME/at.001" -a -e "$HOME/at.002"
  kill -INT "$run_id"
  sleep 0.7
  kill "-$second" "$run_id" 2>/dev/null || true
  run wait "$run_id"
  exits 130
  no_processes
  same "$(count_tasks in_progress)" 2
done
for _ in 1 2 3; do
  run timeout -s TERM 1 git wave run -q -j 2 -- "$HOME/work" stop
  fails
  wait_until all_gone # git itself does not wait for its verbs
  same "$(count_tasks in_progress)" 2
done
run git wave run -j 2 -- "$HOME/work" go
exits 0
merged_once 001 002
leaves_nothing
