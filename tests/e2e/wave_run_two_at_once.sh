#!/bin/bash
# Two runs on one plan share the work, and never a task; the barrier; what a run leaves to others.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
for n in 001 002 003; do echo "$n"; done >"$state/lines"
for n in 004 005 006 007 008 009; do echo "$n 001 002"; done >>"$state/lines"
for n in 010 011 012; do echo "$n 004 005 006 007 008 009"; done >>"$state/lines"
plan_like <"$state/lines"
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/starts"
sleep 0.2
"$MAKE"
END
chmod +x "$HOME/work"
spawn git wave run -j 2 -- "$HOME/work"
spawn git wave run -j 2 -- "$HOME/work"
all_exit 0
mapfile -t all < <(task_ids 12)
same "$(sort "$HOME/starts" | tr '\n' ' ')" "${all[*]} "
merged_once "${all[@]}"
leaves_nothing

# With a barrier nothing of the next wave starts before the whole wave has ended; within it, workers take turns.
new_repo barrier
plan_like <<'END'
001
002
003
004 001
005 004
END
rm "$HOME/starts"
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/starts"
[ $GIT_TASK_ID != 002 ] || while ! grep -q 003 "$HOME/starts"; do sleep 0.05; done
[ $GIT_TASK_ID != 003 ] || sleep 0.5
echo "end $GIT_TASK_ID" >>"$HOME/starts"
"$MAKE"
END
run git wave run --barrier -j 2 -- "$HOME/work"
exits 0
same "$(grep -n -e '^004' "$HOME/starts")" "7:004"
merged_once 001 002 003 004 005
leaves_nothing

# A slot that a person gave to something else while a run went on is theirs.
new_repo theirs
plan_like <<'END'
001
002 001
END
git branch mine
run git wave run -j 1 -x '"$MAKE" && { [ $GIT_TASK_ID = 001 ] || git wave worker add 1 mine --json; }'
exits 0
same "$(git -C .worktrees/worker-1 branch --show-current)" mine
merged_once 001 002
leaves_nothing worker-1

# A run that a worker starts would wait for that worker.
new_repo nested
plan_like <<'END'
001
002
END
run timeout 60 git wave run -j 1 -x '"$MAKE" && [ $GIT_TASK_ID != 001 ] || git wave run -x true 2>"$HOME/said" || echo "$?" >>"$HOME/said"'
exits 0
merged_once 001 002
same "$(cat "$HOME/said")" "error: this is worker 1 of a run of plan 'session-20250102-030405', at task '001': a run in it would wait for its own worker
hint: to see how far the run is, run: git wave status
3"
