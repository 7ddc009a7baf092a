#!/bin/bash
# What a machine bears: load, ports, workers that stand still; and the hook that is told, never in the way.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

# --- a machine that is always busy: one worker at a time, and it ends ---
new_repo
plan_like <<'END_OF_PLAN'
001
002
003
END_OF_PLAN
cat >"$HOME/alone" <<'END_OF_AGENT'
#!/bin/sh
mkdir "$HOME/busy" || echo "two at once" >>"$HOME/two"
sleep 0.3
rmdir "$HOME/busy"
echo "$GIT_WAVE_WORKER $GIT_WAVE_PORT" >>"$HOME/ports"
"$MAKE"
END_OF_AGENT
chmod +x "$HOME/alone"
run git wave run -j 3 --max-load=0.0000001 -- "$HOME/alone"
exits 0
expect_not test -e "$HOME/two"
merged_once 001 002 003
leaves_nothing
expect grep -qx '1 20100' "$HOME/ports"

new_repo memory
plan_like <<'END_OF_PLAN'
001
002
END_OF_PLAN
git config wave.minMemory 1000000g
git config wave.portBase 30000
run git wave run -j 3 -- "$HOME/alone"
exits 0
expect_not test -e "$HOME/two"
expect grep -qx '1 30100' "$HOME/ports"

# --- stalled: no output, no commit, no changed file ---
new_repo stalled
plan_like <<'END_OF_PLAN'
001
END_OF_PLAN
run git wave run --stall=3s --json=lines -x 'for i in 1 2 3 4 5; do sleep 1; echo "$i" >file; done; echo started; sleep 60'
exits 1
same "$(jq -r 'select(.event == "stalled" or .event == "failed") | .event' "$out")" "stalled
failed"
expect jq -se 'map(select(.event == "failed"))[0].reason == "stalled: no output, commit or changed file for 3 s"' "$out"
expect jq -se '(map(select(.event == "failed"))[0].at | fromdate) - (map(select(.event == "started"))[0].at | fromdate) | . >= 7 and . < 40' "$out"
no_processes

# --- wave-notify: what wants a person, one after the other; hanging or failing it is not in the way ---
new_repo notified
plan_like <<'END_OF_PLAN'
001
002
END_OF_PLAN
mkdir -p .git/hooks
cat >.git/hooks/wave-notify <<'END_OF_HOOK'
#!/bin/sh
cat >>"$HOME/told"
pwd >"$HOME/told-in"
exit 7
END_OF_HOOK
chmod +x .git/hooks/wave-notify
run git wave run --keep-going -x '[ "$GIT_TASK_ID" = 002 ] && "$MAKE"'
exits 1
same "$(jq -r '"\(.event) \(.task // "")"' "$HOME/told")" "failed 001
finished "
same "$(cat "$HOME/told-in")" "$PWD"
git task reset -q 001
printf '#!/bin/sh\nsleep 600\n' >.git/hooks/wave-notify
begin=$SECONDS
run git wave run -x false
exits 1
expect test $((SECONDS - begin)) -lt 15
no_processes
git task reset -q 001
rm "$HOME/told"
printf '#!/bin/sh\ncat >>"$HOME/told"\n' >.git/hooks/wave-notify
run git wave run --no-hooks -x "$MAKE"
exits 0
expect_not test -e "$HOME/told"
