#!/bin/bash
# timeout: 300
# Whatever is killed while it lands, the next run goes on: flow is only ever at what was verified, nothing is verified
# twice, and nothing is left.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada
start_run() { # ARGUMENT…
  "$GITPLAN_BIN/git-wave" run --verify="$verify" "$@" >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
}
# Of the run's processes: the lander is "run-land", a verification "run-verify".
processes_of() { # WORD
  local id
  for id in $(scratch_processes); do
    ! { tr '\0' '\n' <"/proc/$id/cmdline"; } 2>/dev/null | grep -qx "$1" || echo "$id"
  done
}
kill_all_of() { # WORD
  local id
  for id in $(processes_of "$1"); do kill -KILL "$id" 2>/dev/null || true; done
}
kill_run() {
  kill -KILL "$run_id" 2>/dev/null || true
  wait "$run_id" 2>/dev/null || true
}
hold_verification() {
  rm -f "$HOME/go" "$HOME/held"
  script check <<'END'
[ ! -e "$HOME/go" ] || exit 0
touch "$HOME/held"
until [ -e "$HOME/go" ]; do sleep 0.05; done
END
}
finishes() { # BASE
  mapfile -t all < <(git task list --json | jq -r '.tasks[].id')
  merged_once "${all[@]}"
  same "$(count_tasks completed)" "${#all[@]}"
  flow_only_green "$1"
  landing_leaves_nothing
}

# The run, while its lander verifies: that goes, too, and what it verified; nothing has to be made again.
new_repo
independent_plan 4
base=$(git rev-parse main)
fresh_verify
hold_verification
rm -f "$HOME/started"
start_run -j 4 -x 'echo $GIT_TASK_ID >>"$HOME/started"; "$MAKE"'
wait_until are_done 4
wait_until test -e "$HOME/held"
kill_run
all_gone() { [[ -z $(scratch_processes) ]]; }
wait_until all_gone
same "$(tasks_done | tr '\n' ' ')" '001 002 003 004 '
run git wave status --json
json '[.queue[].task] | sort' '["001","002","003","004"]'
run git wave next --json
json '.available' '[]'
touch "$HOME/go"
run git wave run --verify="$verify" -x 'echo $GIT_TASK_ID >>"$HOME/started"; "$MAKE"'
exits 0
same "$(sort "$HOME/started" | tr '\n' ' ')" '001 002 003 004 '
none_green_twice
finishes "$base"

# The lander, and a verification: the run starts another one, and ends well by itself.
for what in run-land run-verify; do
  new_repo "$what"
  independent_plan 4
  base=$(git rev-parse main)
  fresh_verify
  hold_verification
  start_run -j 4 -x '"$MAKE"'
  wait_until are_done 4
  wait_until test -e "$HOME/held"
  rm "$HOME/held"
  kill_all_of "$what"
  wait_until test -e "$HOME/held"
  touch "$HOME/go"
  run wait "$run_id"
  exits 0
  none_green_twice
  finishes "$base"
done

# One that was sent back, and waits for a slot: it starts over as if nothing had been, told what it was red on.
new_repo sent_back
independent_plan 2
base=$(git rev-parse main)
fresh_verify
script work <<'END'
cat >"$HOME/prompt.$GIT_TASK_ID.$GIT_TASK_ATTEMPT"
"$MAKE" || exit 9
case $GIT_TASK_ID.$GIT_TASK_ATTEMPT in
  001.1) touch bad-1.txt; git add .; git commit -q -m Bad ;;
  001.2) git rm -q bad-1.txt && git commit -q -m Mend ;;
  002.1) touch "$HOME/second"; until [ -e "$HOME/end.second" ]; do sleep 0.05; done ;;
esac
END
start_run -j 1 --retries=1 -- "$HOME/work"
wait_until grep -q '^001  sent back' "$state/run.err"
wait_until test -e "$HOME/second"
kill_run
wait_until bash -c '[[ -z $(pgrep -f "git-wave run-land.*$HOME" || true) ]]'
touch "$HOME/end.second"
run git wave run -j 1 --retries=1 --verify="$verify" -- "$HOME/work"
exits 0
expect grep -q 'bad-1.txt is bad' "$HOME/prompt.001.2"
none_green_twice
finishes "$base"

# Once it is green, and before it has landed: it is not verified again.
new_repo green
independent_plan 3
base=$(git rev-parse main)
fresh_verify
cat >.git/hooks/wave-pre-land <<'END'
#!/bin/bash
[ ! -e "$HOME/open" ] || exit 0
touch "$HOME/asked.gate"
until [ -e "$HOME/open" ]; do sleep 0.05; done
END
chmod +x .git/hooks/wave-pre-land
start_run -j 3 -x '"$MAKE"'
wait_until test -e "$HOME/asked.gate"
wait_until grep -Eq '^[0-9]+ [0-9]+ [0-9]+  green' "$state/run.err"
before=$(asked_count)
kill_run
wait_until bash -c '[[ -z $(pgrep -f "git-wave run-land.*$HOME" || true) ]]'
touch "$HOME/open"
run git wave run --verify="$verify" -x '"$MAKE"'
exits 0
none_green_twice
same "$(asked_count)" "$before"
finishes "$base"

# At any moment, whatever of it: the plan is finished in the end, each task once.
new_repo any
independent_plan 12
base=$(git rev-parse main)
dirty_checkout
fresh_verify
script check <<'END'
sleep 0.1
END
RANDOM=17
run_status=
for ((kills = 0; ; ++kills)); do
  start_run -j 3 -x '"$MAKE"'
  if ((kills < 20)); then
    sleep "0.$(printf %03d $((RANDOM % 900)))"
    case $((kills % 4)) in
      0 | 1) kill -KILL "$run_id" 2>/dev/null || true ;;
      2) kill_all_of run-land ;;
      3) kill_all_of run-verify ;;
    esac
  fi
  run_status=0
  wait "$run_id" 2>/dev/null || run_status=$?
  [[ $run_status == 0 || $run_status == 137 ]] || {
    show_file "the run's stderr" "$state/run.err" >&2
    fail "exit $run_status of a resumed run"
  }
  ((run_status != 0)) || break
done
wait_until all_gone
run git wave run --verify="$verify" -x '"$MAKE"'
exits 0
same_checkout
finishes "$base"
