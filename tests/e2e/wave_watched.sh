#!/bin/bash
# Watching a plan: titles, how far it is, what is next, how long the rest takes; what a failed worker said last; what
# an interrupt leaves; the end of --watch; large plans in few lines.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END'
001
002 001
003 001
004 003
END
git task add -q 'Write the guide' >/dev/null
git plan update -q --set 002.estimated_time='9 minutes' >/dev/null

# Nobody is at work.
run git wave status
prints '0 of 5 tasks completed
next       001  Make part 001
           005  Write the guide
time left  about 15 min with 3 workers (1 without an estimate)'
complains 'hint: no worker has a task; to start some, run: git wave start'
run git wave status --json
json '[.state, .total_tasks, .completed_tasks, .next, .minutes_left, .unestimated_left, .workers]' '["ready",5,0,["001","005"],15,1,[]]'

# What is over takes no time any more, and of what nothing is known nothing is said.
run git wave list
prints 'Wave 1  ready    0 of 2  5 min  001, 005
Wave 2  pending  0 of 2  9 min  002, 003
Wave 3  pending  0 of 1  5 min  004

makespan with 3 workers: 15 min (1 without an estimate)
critical path: 001 -> 003 -> 004 (15 min)'
git wave start -q -j 1 >/dev/null
work() { (cd ".worktrees/worker-$1" && commit_file "$2" x "Write $2"); }
work 1 one
run git wave status
prints_like '^worker-1  working  001  \+1  Make part 001: Write one \([0-9]+ seconds? ago\)$'
prints_like '^0 of 5 tasks completed, 1 in progress$'
prints_like '^next       005  Write the guide$'
git task "done" 001 -q >/dev/null
run git wave finish
prints 'completed  001
removed    .worktrees/worker-1
next       003, 002, 005
plan       v4, ready, 1 of 5 tasks completed'
git task cancel -q 005 >/dev/null
run git wave list
prints 'Wave 1  completed  1 of 2         001, 005
Wave 2  ready      0 of 2  9 min  002, 003
Wave 3  pending    0 of 1  5 min  004

makespan with 3 workers: 10 min
critical path: 003 -> 004 (10 min)'
run git wave list --json
json '[.makespan_minutes, .critical_path, .critical_path_minutes, .unestimated]' '[10,["003","004"],10,1]'
json '[.waves[] | [.state, .completed_tasks, .total_tasks, .estimated_minutes]]' \
  '[["completed",1,2,5],["ready",0,2,9],["pending",0,1,5]]'

# A run tells titles and how far it is; of a worker that failed the last words stay to be seen.
run git wave run -j 1 -x 'case $GIT_TASK_ID in
  003) seq -f "line %g" 9; echo "no such table" >&2; exit 3 ;; esac; "$MAKE"'
exits 1
complains_like '^003  started in worker-1: Make part 003$'
run git wave status
prints_like '^worker-1  failed  003  \+0  Make part 003$'
prints_like '^003 failed: .*exit status 3'
prints_like '^    no such table$'
prints_like '^    \(all of it: /.*003-1\.log\)$'
prints_like '^next  +002  Make part 002$'
run git wave status --json
json '.workers[0] | [.state, .description, .last_output[-1], (.reason | contains("exit status 3"))]' '["failed","Make part 003","no such table",true]'
json '.workers[0].log | test("003-1.log$")'

# --watch ends when nothing more happens by itself: stuck here.
run git wave run --keep-going -x '"$MAKE"'
exits 1
complains_like '^002  merged as [0-9a-f]{7}, 2 of 5 completed$'
run timeout 20 git wave status --watch
exits 0
prints_like '^stuck +task 003 failed and 004 waits for it$'
prints_unlike '^next'
run timeout 20 git wave status --watch --json
exits 0
json '[.state, .reason, .next]' '["stuck","task 003 failed and 004 waits for it",[]]'

# Interrupted: nobody is at it until the next run.
git task reset -q 003 >/dev/null 2>&1
"$GITPLAN_BIN/git-wave" run -x 'touch "$HOME/begun"; sleep 60' >/dev/null 2>&1 &
wait_until test -e "$HOME/begun"
run git wave status
prints_like '^worker-1  working  003 '
kill -INT $!
run wait $!
exits 130
run git wave status
prints_like '^worker-1  idle  003  \+0  Make part 003$'
prints_like '^003 was interrupted; the next run goes on with it$'
run git wave status --json
json '.workers[0] | [.state, .interrupted, .task]' '["idle",true,"003"]'

# And when the plan is completed.
run git wave run -x '"$MAKE"'
exits 0
run timeout 20 git wave status --watch
exits 0
prints '4 of 5 tasks completed, 1 cancelled'
run git wave list
prints 'Wave 1  completed  1 of 2  001, 005
Wave 2  completed  2 of 2  002, 003
Wave 3  completed  1 of 1  004'

# Large plans: how many there are in a wave, what is open, what one looks for.
jq -n '{session_id: "large", user_request: "Many", tasks: [range(1; 94) | {id: ("00\(.)"[-3:]), description: "Task \(.)",
  priority: (if . % 10 == 0 then "high" else "low" end), files: ["part-\(.)/"],
  depends_on: (if . > 60 then ["001"] else [] end)}]}' >large.json
git plan create -q -F large.json >/dev/null
git plan update -q --complete=002,003 >/dev/null 2>&1
run git wave list
prints_like '^Wave 1  ready    2 of 60  001, 002, .*, 060$'
prints_like '^Wave 2  pending  0 of 33  061, '
prints_like '^makespan with 3 workers: unknown, no task has an estimate$'
prints_unlike 'min'
run git plan show --open
prints_like '^Wave 1  2 of 60 completed$'
prints_like '^Wave 2  0 of 33 completed$'
prints_like '^  001  ready +low +Task 1$'
prints_unlike ' 00[23] |files'
run git plan show --open --json
json '[.total_tasks, (.tasks | length)]' '[93,91]'
ids() { jq -rc '[.tasks[].id]' "$out"; }
run git task list --open --priority=high --wave=1 --json
same "$(ids)" '["010","020","030","040","050","060"]'
run git task list --grep='PART-7/' --json
same "$(ids)" '["007"]'
run git task list --grep='task 9' --status=pending --ready --json
same "$(ids)" '["009"]'
run git task list --wave=0
exits 129
run git task list --priority=urgent
exits 129
complains_like "^error: 'urgent' is no priority$"
fsck_clean

# `git plan` alone.
run git plan
prints_like '^plan/large v2, ready$'
prints_like '^  Many$'
prints_like '^2 of 93 tasks completed$'
prints_like '^next +010  Task 10$'
prints_like '^    create '
prints_like '^To see one verb.s options, run: git plan <verb> -h$'
run git plan --json
json '[.plan_branch, .completed_tasks, .state]' '["plan/large",2,"ready"]'
git config --unset plan.current
git plan create -q another >/dev/null
git config --unset plan.current
run git plan
exits 0
complains_like '^hint: to choose one, run: git plan use '
prints_like '^    create '
cd /
run git plan
exits 0
prints_like '^    create '
