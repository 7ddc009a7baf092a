#!/bin/bash
# timeout: 240
# A run that is killed is resumed, wherever it was killed; its workers' own processes too.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
kill_run() {
  kill -KILL "$run_id"
  wait "$run_id" 2>/dev/null || true
}
start_run() { # ARGUMENT…
  "$GITPLAN_BIN/git-wave" run "$@" >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
}
record_of() { cat ".git/git-plan/workers/$1/record" 2>/dev/null || true; }

# A live worker is waited for, and not started twice; one that ended meanwhile is judged by its status.
new_repo
independent_plan 4
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/starts"
while [ ! -e "$HOME/go.$GIT_TASK_ID" ]; do sleep 0.05; done
"$MAKE" && [ "$GIT_TASK_ID" != 002 ] || exit 9
END
chmod +x "$HOME/work"
start_run -j 3 -- "$HOME/work"
wait_until bash -c '[[ $(wc -l <"$HOME/starts") == 3 ]]'
kill_run
touch "$HOME/go.001" "$HOME/go.002"
wait_until grep -q '^phase ended' .git/git-plan/workers/1/record
wait_until grep -q '^phase ended' .git/git-plan/workers/2/record
start_run -j 3 --keep-going -- "$HOME/work"
wait_until grep -q '^001  merged' "$state/run.err"
wait_until grep -q '^003  started in worker-3 (resumed)' "$state/run.err"
touch "$HOME/go.003" "$HOME/go.004"
run wait "$run_id"
exits 1
same "$(cat "$state/run.out")" "002  failed: its command ended with exit status 9
3 of 4 tasks completed (v$(plan_version))"
same "$(sort "$HOME/starts")" "001
002
003
004"
merged_once 001 003 004
leaves_nothing worker-2

# However old its log is, it stays.
new_repo old_log
independent_plan 1
cat >"$HOME/work" <<'END'
#!/bin/sh
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
"$MAKE"
END
start_run -- "$HOME/work"
wait_until grep -q '^command [1-9]' .git/git-plan/workers/1/record
kill_run
touch "$HOME/go"
wait_until grep -q '^phase ended' .git/git-plan/workers/1/record
log=$(record_of 1 | sed -n 's/^log //p')
touch -d '40 days ago' "$log"
run git wave run -- "$HOME/work"
exits 0
expect test -e "$log"
merged_once 001
leaves_nothing

# A dead worker's task starts over in its worktree, whether the run died with it or not.
new_repo dead
independent_plan 2
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>tried.txt
[ "$(wc -l <tried.txt)" = 2 ] || { setsid sleep 1000 & sleep 1000; }
rm tried.txt && "$MAKE"
END
start_run -j 2 -- "$HOME/work"
for n in 1 2; do
  wait_until test -s ".worktrees/worker-$n/tried.txt"
  wait_until grep -q '^command [1-9]' ".git/git-plan/workers/$n/record"
done
kill -KILL "$(record_of 1 | sed -n 's/^mind \([0-9]*\) .*/\1/p')"
wait_until grep -q '^001  merged' "$state/run.err"
expect grep -q '^001  started in worker-1 (its worker was killed): ' "$state/run.err"
kill_run
for name in mind command; do
  kill -KILL "$(record_of 2 | sed -n "s/^$name \([0-9]*\) .*/\1/p")"
done
run git wave run -j 2 -- "$HOME/work"
exits 0
complains_like '^002  started in worker-2 \(resumed\): '
merged_once 001 002
leaves_nothing

# At a hundred moments of one plan, and now and then its workers' processes too. Each task takes as long as some
# kills, so that the plan lasts for all of them, however fast the machine is.
new_repo hundred
independent_plan 30
dirty_checkout
cat >"$HOME/work" <<'END'
#!/bin/sh
"$MAKE" || exit 9
until [ "$(wc -c <"$HOME/kills")" -ge $(((1$GIT_TASK_ID - 1000) * 10 / 3)) ]; do sleep 0.05; done
END
RANDOM=42
kills=0
: >"$HOME/kills" # a letter each
run_status=
while [[ $run_status != 0 ]]; do
  start_run -j 3 -- "$HOME/work"
  if ((kills < 100)); then
    sleep "0.$(printf %03d $((RANDOM % 250)))"
    if ((kills % 7 == 0)); then
      for n in 1 2 3; do
        mind=$(record_of $n | sed -n 's/^mind \([1-9][0-9]*\) .*/\1/p')
        [[ -z $mind ]] || kill -KILL "$mind" 2>/dev/null || true
      done
    fi
    kill -KILL "$run_id" 2>/dev/null && kills=$((kills + 1)) && printf k >>"$HOME/kills"
  fi
  run_status=0
  wait "$run_id" 2>/dev/null || run_status=$?
  [[ $run_status == 0 || $run_status == 137 ]] || {
    show_file "the run's stderr" "$state/run.err" >&2
    fail "exit $run_status of a resumed run"
  }
done
same "$kills" 100
mapfile -t all < <(task_ids 30)
merged_once "${all[@]}"
same "$(count_tasks completed)" 30
same_checkout
leaves_nothing

# What ended badly meanwhile was not interrupted: the status says what the next run goes by.
new_repo ended_badly
independent_plan 2
cat >"$HOME/work" <<'END'
#!/bin/sh
touch "$HOME/at.$GIT_TASK_ID"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
[ "$GIT_TASK_ID" = 001 ] && exit 4
exit 125
END
rm -f "$HOME/go"
start_run -j 2 -- "$HOME/work"
wait_until test -e "$HOME/at.001" -a -e "$HOME/at.002"
kill_run
touch "$HOME/go"
wait_until grep -q '^phase ended' .git/git-plan/workers/1/record
wait_until grep -q '^phase ended' .git/git-plan/workers/2/record
all_gone() { [[ -z $(scratch_processes) ]]; }
wait_until all_gone
run git wave status
prints_like '^001 ended with exit status 4; the next run goes by that$'
prints_like '^002 ended with exit status 125; the next run goes by that$'
run git wave status --json
json '.workers | map([.state, .ended_with, has("interrupted")])' '[["idle","exit status 4",false],["idle","exit status 125",false]]'
run git wave run -- "$HOME/work"
exits 1
prints_like '^001  failed: its command ended with exit status 4$'
