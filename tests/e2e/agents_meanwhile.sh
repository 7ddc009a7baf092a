#!/bin/bash
# What people do with parked tasks meanwhile; and two runs whose agent is parked.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
cat >"$HOME/busy" <<'END_OF_AGENT'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/asked"
[ -e "$HOME/free" ] && exec "$MAKE"
echo "${UNTIL-5 hours}" >"$GIT_TASK_RETRY_FILE"
exit 75
END_OF_AGENT
chmod +x "$HOME/busy"
parked() { [[ $(git wave status --json | jq '[.workers[] | select(.state == "parked")] | length') == "$1" ]]; }

# --- reset, done by hand, cancelled: the run sees it when the agent can work again ---
new_repo
plan_like <<'END_OF_PLAN'
001
002
003
004 002
END_OF_PLAN
clock=$scratch/clock
date -d 2025-03-04T12:00:00Z +%s >"$clock"
export GIT_PLAN_TEST_DATE=$clock UNTIL=2025-03-04T15:00:00Z
spawn git-wave run --keep-going -x "$HOME/busy" --json=lines
wait_until parked 3
run git wave agents
exits 0
prints_like "^default +parked +a shell's line +until 15:00; 001, 002, 003 wait"
git task reset -q 001
(cd "$(git task show 002 --json | jq -r .worktree_path)" && GIT_TASK_ID=002 "$MAKE" && git task done -q)
git task cancel -q 003
touch "$HOME/free"
date -d 2025-03-04T15:00:01Z +%s >"$clock"
all_exit 0
merged_once 001 002 004
same "$(git task show 003 --json | jq -r .status)" cancelled
no_processes
unset GIT_PLAN_TEST_DATE
rm "$HOME/free"

# --- another agent for a parked task, while no run is there ---
new_repo another
plan_like <<<001
git config wave.other.command "$MAKE"
export UNTIL='5 hours'
spawn git-wave run -x "$HOME/busy"
wait_until parked 1
kill -9 $!
all_exit 137
git plan update -q --set 001.agent=other >/dev/null
run git wave run -x false
exits 0
merged_once 001
leaves_nothing

# --- two runs on one plan: each asks once, none spins, both go on ---
new_repo two
plan_like <<'END_OF_PLAN'
001
002
003
END_OF_PLAN
: >"$HOME/asked"
spawn git-wave run -j 1 -x "$HOME/busy"
wait_until parked 1
spawn git-wave run -j 1 -x "$HOME/busy"
wait_until parked 2
sleep 3
same "$(wc -l <"$HOME/asked")" 2
touch "$HOME/free"
rm -f .git/git-plan/agents/parked # as if its time had come
all_exit 0
merged_once 001 002 003
no_processes
