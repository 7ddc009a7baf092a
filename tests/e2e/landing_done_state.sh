#!/bin/bash
# timeout: 300
# Done is a state of its own: no slot, not free, first in line when it is sent back, and out of the queue when somebody
# takes it back.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada

# Waits at the first verification until the story says so.
hold_verification() {
  rm -f "$HOME/go" "$HOME/verifying"
  script check <<'END'
[ ! -e "$HOME/go" ] || exit 0
touch "$HOME/verifying"
until [ -e "$HOME/go" ]; do sleep 0.05; done
END
}
start_run() { # ARGUMENT…
  "$GITPLAN_BIN/git-wave" run --json=lines --verify="$verify" "$@" >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
}
events() { cat "$state/run.out"; }
has_event() { # EVENT TASK
  events | jq -e --arg event "$1" --arg task "$2" -n '[inputs | select(.event == $event and .task == $task)] | length > 0'
}
ends_with() { # STATUS
  local run_status=0
  wait "$run_id" || run_status=$?
  same "$run_status" "$1"
}

# With one worker, the second task starts while the first waits; it is nobody's to start.
new_repo
plan_like <<'END'
001
002
003 001
END
base=$(git rev-parse main)
fresh_verify
hold_verification
script work <<'END'
[ "$GIT_TASK_ID" != 002 ] || { touch "$HOME/second"; until [ -e "$HOME/go" ]; do sleep 0.05; done; }
"$MAKE"
END
start_run -j 1 -- "$HOME/work"
wait_until test -e "$HOME/verifying" -a -e "$HOME/second"
same "$(tasks_done)" 001
same "$(git rev-parse refs/git-plan/done/session-20250102-030405/001)" "$(git rev-parse task/001-part-001)"
run git wave next --json
json '.available, (.tasks | length)' '[]
0'
run git task start 001
exits 3
complains_like "^error: task '001' is done and waits to be merged"
run git wave start -j 3
prints_nothing
run git task show 001 --json
json '[.status, .ready]' '["in_progress",false]'
run git wave status --json
json '.queue[] | [.task, .position, .state]' '["001",1,"verifying"]'
json '.queue[0].since | test("^20[0-9-]*T[0-9:]*Z$")'
json '[.workers[] | [.worker, .task, .state]]' '[["1","002","working"]]'
run git wave status
prints_like '^ +1 +001 +verifying '
run git task list --json --status=completed
json '.tasks' '[]'
# What comes to its branch meanwhile lands too.
git worktree add -q ../late task/001-part-001
(cd ../late && commit_file late.txt late Late)
git worktree remove ../late
wait_until bash -c '[[ $(git rev-parse refs/git-plan/done/session-20250102-030405/001) == $(git rev-parse task/001-part-001) ]]'
touch "$HOME/go"
ends_with 0
merged_once 001 002 003
expect git cat-file -e flow:late.txt
flow_only_green "$base"
none_green_twice
landing_leaves_nothing

# Sent back, it comes before what is new.
new_repo first
independent_plan 3
fresh_verify
rm -f "$HOME/order"
script check <<'END'
[ -e part-002.txt ] || exit 0
[ -e mended.txt ] || { echo unmended; exit 4; }
END
script work <<'END'
echo "$GIT_TASK_ID $GIT_TASK_ATTEMPT" >>"$HOME/order"
"$MAKE" || exit 9
if [ "$GIT_TASK_ID $GIT_TASK_ATTEMPT" = "003 1" ]; then
  until grep -q '"sent_back"' "$GIT_WAVE_WORKTREE/../../events"; do sleep 0.05; done
fi
[ "$GIT_TASK_ID $GIT_TASK_ATTEMPT" != "002 2" ] || { touch mended.txt; git add .; git commit -q -m Mend; }
END
plan_update=$(jq -n '[{description: "Make part 4", slug: "part-4", priority: "low"}]')
git plan update -q --add=- <<<"$plan_update" >"$state/plan.updated"
git wave run -j 1 --retries=1 --json=lines --verify="$verify" -- "$HOME/work" >events
merged_once 001 002 003 004
same "$(sed -n '/^003 1/,$p' "$HOME/order" | tr '\n' ' ')" '003 1 002 2 004 1 '
rm events
landing_leaves_nothing

# Reset, cancelled, failed while it waits: it is out of the queue, and what is behind it lands.
new_repo out
independent_plan 5
base=$(git rev-parse main)
fresh_verify
hold_verification
# What was reset starts over at once.
script work <<'END'
if [ -e "$HOME/was.reset" ]; then
  touch "$HOME/over.$GIT_TASK_ID"
  until [ -e "$HOME/go" ]; do sleep 0.05; done
fi
"$MAKE"
END
start_run -j 5 --keep-going -- "$HOME/work"
wait_until are_done 5
wait_until test -e "$HOME/verifying"
touch "$HOME/was.reset"
run git task reset 002
run git task cancel 003
run git task fail 004 -m "It is wrong"
same "$(tasks_done | tr '\n' ' ')" '001 005 '
run git wave status --json
json '[.queue[].task] | sort' '["001","005"]'
wait_until test -e "$HOME/over.002"
touch "$HOME/go"
ends_with 1
merged_once 001 002 005
same "$(find "$HOME" -name 'over.*' -printf '%f\n')" over.002
for id in 003 004; do same "$id $(merges_of "$id")" "$id 0"; done
same "$(git task list --json | jq -c '[.tasks[] | [.id, .status]] | .[2:4]')" '[["003","cancelled"],["004","failed"]]'
flow_only_green "$base"
landing_leaves_nothing worker-4

# In conflict with one before it, but not with flow: it waits behind that, and then goes back for the conflict, once.
new_repo conflict
jq -n '{session_id: "session-20250102-030405", user_request: "Many things at once",
  tasks: [("001", "002", "003") | {id: ., description: "Make part \(.)", slug: "part-\(.)"}]}' >"$state/plan.json"
git plan create -q -F "$state/plan.json" >"$state/plan.created"
base=$(git rev-parse main)
fresh_verify
hold_verification
script work <<'END'
cat >"$HOME/prompt.$GIT_TASK_ID.$GIT_TASK_ATTEMPT"
if [ "$GIT_TASK_ID" = 003 ]; then
  "$MAKE"
  exit
fi
if [ "$GIT_TASK_ATTEMPT" = 1 ]; then
  [ "$GIT_TASK_ID" = 001 ] || until git rev-parse -q --verify refs/git-plan/done/session-20250102-030405/001; do sleep 0.05; done
  echo "$GIT_TASK_ID" >same.txt
else
  printf '001\n002\n' >same.txt
fi >/dev/null
git add . && git commit -q -m "Part $GIT_TASK_ID"
END
start_run -j 3 -- "$HOME/work"
wait_until are_done 3
touch "$HOME/go"
ends_with 0
same "$(events | jq -rc 'select(.event == "sent_back") | [.task, .reason]')" '["002","conflicts with flow in same.txt"]'
same "$(events | jq -rc 'select(.event == "retried") | [.task, .attempt]')" '["002",2]'
expect grep -q '^- same.txt$' "$HOME/prompt.002.2"
same "$(git show flow:same.txt)" '001
002'
merged_once 001 002 003
flow_only_green "$base"
none_green_twice
landing_leaves_nothing
