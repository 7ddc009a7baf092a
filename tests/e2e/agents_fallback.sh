#!/bin/bash
# Exit status 75, the file with the time, fallbacks, and runs that are ended while all agents are parked.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END_OF_PLAN'
001
002
003
END_OF_PLAN

cat >"$HOME/busy" <<'END_OF_AGENT'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/asked"
[ -e "$HOME/free" ] && exec "$MAKE"
echo "${WHEN-5 hours}" >"$GIT_TASK_RETRY_FILE"
exit 75
END_OF_AGENT
chmod +x "$HOME/busy"
git config wave.command "$HOME/busy"
git config wave.default.fallback other
git config wave.other.command "$MAKE"

# --- its fallback does it, in the same worktree ---
run git wave run --json=lines
exits 0
same "$(jq -r 'select(.event == "parked") | .agent' "$out")" default
same "$(jq -rs '[.[] | select(.event == "started" and .reason != null) | .reason] | unique[]' "$out")" \
  "'other' takes over from 'default'"
merged_once 001 002 003
same "$(git log --merges --format='%(trailers:key=Agent,valueonly,separator=%x2C)' flow | sort -u)" other
leaves_nothing

# --- a new run asks it once, at once; Ctrl-C while all wait leaves them so ---
new_repo interrupted
plan_like <<'END_OF_PLAN'
001
002
003
END_OF_PLAN
git config wave.command "$HOME/busy"
all_parked() { [[ $(git wave status --json | jq '[.workers[] | select(.state == "parked")] | length') == 3 ]]; }
rm -f "$HOME/asked"
spawn git-wave run -j 3
wait_until all_parked
kill -INT $!
all_exit 130
no_processes
run git wave status
prints_like '^worker-1  parked '
prints_like "^001, 002, 003 wait for agent 'default', which cannot work until "
same "$(wc -l <"$HOME/asked")" 3
spawn git-wave run -j 3
asked_again() { [[ $(wc -l <"$HOME/asked") == 4 ]]; }
wait_until asked_again
sleep 2.5
same "$(wc -l <"$HOME/asked")" 4
kill -9 $!
all_exit 137
no_processes
touch "$HOME/free"
run git wave run -j 3
exits 0
merged_once 001 002 003
leaves_nothing

# --- without --keep-going, a failure ends the run; what is parked stays ---
rm -f "$HOME/free"
new_repo failed
plan_like <<'END_OF_PLAN'
001
002
END_OF_PLAN
git config wave.command "$HOME/busy"
git config wave.bad.command 'sleep 1; exit 3'
git plan update -q --set tasks.002.agent=bad 2>/dev/null || git task update 002 --agent=bad 2>/dev/null || true
git plan update -q --set 002.agent=bad >/dev/null
run git wave run -j 2
exits 1
prints_like "^001  in_progress: its agent 'default' is parked until "
prints_like '^002  failed: its command ended with exit status 3$'
no_processes
git task reset -q 002
git config wave.bad.command "$MAKE"
touch "$HOME/free"
run git wave run -j 2
exits 0
merged_once 001 002
leaves_nothing

# --- a time that cannot be read, and one that has passed: asked again ever later; it does not spin ---
rm -f "$HOME/free" "$HOME/asked"
for when in 'when pigs fly' '2001-01-01T00:00:00Z' ''; do
  new_repo "odd-$(printf %s "$when" | wc -c)"
  plan_like <<'END_OF_PLAN'
001
END_OF_PLAN
  git config wave.command "$HOME/busy"
  export WHEN=$when
  : >"$HOME/asked"
  spawn git-wave run
  sleep 3
  kill -INT $!
  all_exit 130
  expect test "$(wc -l <"$HOME/asked")" -le 2
  [[ $when != when* ]] || expect grep -q "when pigs fly.*which is no time" "$state/spawn.0.err"
done
unset WHEN

# --- thirty workers that all cannot work at once park their agent once ---
new_repo thirty
independent_plan 30 >/dev/null
git config wave.command "$HOME/busy"
spawn git-wave run -j 30 --json=lines
thirty_parked() { [[ $(git wave status --json | jq '[.workers[] | select(.state == "parked")] | length') == 30 ]]; }
wait_until thirty_parked
lines=$(wc -l <"$state/spawn.0.out")
sleep 3
same "$(wc -l <"$state/spawn.0.out")" "$lines"
same "$(grep -c '"event":"parked"' "$state/spawn.0.out")" 1
kill -INT $!
all_exit 130
no_processes
