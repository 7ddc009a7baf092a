#!/bin/bash
# Agents that cannot work now: parked until the time that they name, on a clock that this story drives; nothing is
# burnt, nothing fails, the other agent works meanwhile.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo

# The clock of our programs; that of the workers, too.
clock=$scratch/clock
set_clock() { date -d "$1" +%s >"$clock.new" && mv "$clock.new" "$clock"; }
set_clock 2025-03-04T12:00:00Z
export GIT_PLAN_TEST_DATE=$clock CLOCK=$clock

cat >"$state/plan.json" <<'END_OF_PLAN'
{"session_id": "session-20250102-030405", "user_request": "x", "tasks": [
  {"id": "001", "description": "One", "agent": "limited"}, {"id": "002", "description": "Two", "agent": "limited"},
  {"id": "003", "description": "Three", "agent": "limited"}, {"id": "004", "description": "Four", "agent": "free"},
  {"id": "005", "description": "Five", "agent": "free"}, {"id": "006", "description": "Six"}]}
END_OF_PLAN
git plan create -q -F "$state/plan.json" >/dev/null

# Its limit ends at 15:00; it says so in its last lines, and leaves work in its worktree.
cat >"$HOME/limited" <<'END_OF_AGENT'
#!/bin/sh
echo "$GIT_TASK_ID $GIT_TASK_ATTEMPT $(cat "$CLOCK")" >>"$HOME/asked"
if [ "$(cat "$CLOCK")" -lt "$(date -d 2025-03-04T15:00:00Z +%s)" ]; then
  echo "half of it" >"half-$GIT_TASK_ID.txt"
  echo "Usage limit reached. Your limit resets at 3pm"
  exit 1
fi
[ -e "half-$GIT_TASK_ID.txt" ] || echo "$GIT_TASK_ID began anew" >>"$HOME/anew"
git add . && "$MAKE"
END_OF_AGENT
chmod +x "$HOME/limited"
git config wave.limited.command "$HOME/limited"
git config wave.limited.notNow 'limit resets at ([0-9:apm]+)'
git config wave.free.command "$MAKE"

# --- it is parked; what waits for it does not keep the others ---
spawn git-wave run -j 2 --json=lines -x "$MAKE"
pid=$!
parts_in_flow() { [[ $(git log --merges --format=%H flow | wc -l) == "$1" ]]; }
wait_until parts_in_flow 3
run git wave agents
exits 0
prints_like '^free +idle +.*make-part'
prints_like '^limited +parked +.*limited +until 15:00; .*wait'
run git wave agents --json
json '.agents | map(select(.name == "limited"))[0] | [.state, .found, .parked_until]' '["parked",true,"2025-03-04T15:00:00Z"]'
run git wave status --json
json '.parked' '[{"agent":"limited","until":"2025-03-04T15:00:00Z"}]'
json '[.workers[] | select(.state == "parked") | .agent] | unique' '["limited"]'
run git wave status
prints_like "^00[123], 00[123] wait for agent 'limited', which cannot work until 15:00$"
# Nobody asks it again.
asked=$(wc -l <"$HOME/asked")
sleep 2.5
same "$(wc -l <"$HOME/asked")" "$asked"

# --- at its time it goes on, within 10 s, in its worktrees, by the same attempt ---
begin=$SECONDS
set_clock 2025-03-04T15:00:01Z
wait_until parts_in_flow 6
expect test $((SECONDS - begin)) -le 10
all_exit 0
same "$(cut -d' ' -f2 "$HOME/asked" | sort -u)" 1
same "$(cat "$HOME/anew")" "003 began anew" # it had no room before
merged_once 001 002 003 004 005 006
leaves_nothing
run git plan report --json
json '.failures' '[]'
expect jq -e '.parked_seconds >= 10800 and (.tasks[0].run.agent == "limited")' "$out"
run git wave agents --json
json '[.agents[].state] | unique' '["idle"]'
