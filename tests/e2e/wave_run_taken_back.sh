#!/bin/bash
# A task that a person resets or cancels while a run has it: nothing has failed, and the run goes on.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/starts"
[ $GIT_TASK_ID != 001 ] || [ -e "$HOME/go" ] || { touch "$HOME/at.001"; while [ ! -e "$HOME/go" ]; do sleep 0.05; done; }
"$MAKE"
END
chmod +x "$HOME/work"
start_run() { # ARGUMENT…
  rm -f "$HOME/go" "$HOME/at.001" "$HOME/starts"
  "$GITPLAN_BIN/git-wave" run -j 1 --json=lines "$@" -- "$HOME/work" >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
}
ends() { # STATUS
  run wait "$run_id"
  exits "$1"
}
events_of() { # ID
  jq -rc --arg id "$1" 'select(.task == $id) | [.event, .reason // ""] | join(" ")' "$state/run.out" | sed 's/ $//'
}

new_repo reset
independent_plan 3
start_run
wait_until test -e "$HOME/at.001"
git task reset -q 001
touch "$HOME/go"
ends 0
same "$(events_of 001 | head -2)" 'started
skipped it was reset meanwhile'
same "$(sort "$HOME/starts" | tr '\n' ' ')" '001 001 002 003 '
merged_once 001 002 003
leaves_nothing

new_repo cancel
independent_plan 3
start_run
wait_until test -e "$HOME/at.001"
git task cancel -q 001 2>/dev/null
touch "$HOME/go"
ends 0
same "$(events_of 001)" 'started
skipped cancelled'
merged_once 002 003
same "$(merges_of 001)" 0

# While it waits to land, too.
new_repo cancel_done
independent_plan 3
script check <<'END'
touch "$HOME/checks"
while [ ! -e "$HOME/green.light" ]; do sleep 0.05; done
END
start_run --verify="$verify"
touch "$HOME/go"
wait_until test -e "$HOME/checks"
git task cancel -q 001 2>/dev/null
touch "$HOME/green.light"
ends 0
same "$(events_of 001 | tail -1)" 'skipped cancelled'
merged_once 002 003
