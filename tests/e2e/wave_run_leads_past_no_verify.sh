#!/bin/bash
# A worker that does what its prompt says merges nothing unverified: in a run it commits and ends, and `git task done`
# tells the run. What plain git merged is verified before anything else lands.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

# The prompt: no step fails where the worker stands, and none merges.
new_repo
plan_like <<<001
cat >"$HOME/work" <<'END'
#!/bin/bash
cat >"$HOME/prompt"
git task prompt >"$HOME/asked"
grep -o '`\?git [a-z]* [^`]*' "$HOME/prompt" | grep -c 'task done' >"$HOME/merging"
step=$(grep '^1\. cd ' "$HOME/prompt" | cut -c4-)
eval "$step" || exit 9
echo broken >broken.txt && git add broken.txt && git commit -q -m Work
END
chmod +x "$HOME/work"
run git wave run --verify='! test -e broken.txt' -- "$HOME/work"
exits 1
prints_like '^001  failed: its verification failed with exit status 1$'
same "$(cat "$HOME/merging")" 0
expect grep -q '^4\. .*committed, end with exit status 0' "$HOME/prompt"
expect grep -qx -- "- Worktree Path: $scratch/repo/.worktrees/worker-1" "$HOME/prompt"
expect cmp "$HOME/prompt" "$HOME/asked"
expect_not git cat-file -e flow:broken.txt
run git task prompt 001 # whoever reads it after the run
prints_like "^1\. cd $scratch/repo/.worktrees/worker-1 \(you are"
prints_like '^4\. Merge to flow when it works: git task done 001 --plan=session-20250102-030405$'

# `git task done` in the slot of a live run: nothing is merged, whatever options it has; the run verifies, and merges.
new_repo told
plan_like <<'END'
001
002
003
004
END
cat >"$HOME/work" <<'END'
#!/bin/bash
echo "Part $GIT_TASK_ID" >"part-$GIT_TASK_ID.txt"
[ "$GIT_TASK_ID" != 001 ] || { git task done 2>"$HOME/dirty"; echo $? >"$HOME/dirty.status"; }
[ "$GIT_TASK_ID" != 002 ] || { git stash -q -u; git task done 2>"$HOME/empty"; echo $? >"$HOME/empty.status"; git stash pop -q; }
git add . && git commit -q -m "Make part $GIT_TASK_ID"
flow=$(git rev-parse flow)
git task done --json --remove-worktree -m "Said by $GIT_TASK_ID" >"$HOME/told.$GIT_TASK_ID" || exit 9
[ -d "$GIT_WAVE_WORKTREE" ] && [ "$flow" = "$(git rev-parse flow)" ] || exit 9
case $GIT_TASK_ID in
  001) exit 3 ;;
  002) echo verified >flag && git add flag && git commit -q -m Later && kill -TERM $$ ;;
  003) echo "leave it out" && exit 125 ;;
  004) echo broken >broken.txt && git add . && git commit -q -m Broken ;;
esac
END
run git wave run -j 1 --keep-going --verify='! test -e broken.txt' -- "$HOME/work"
exits 1
prints <<'END'
003  pending: skipped, exit status 125: leave it out
004  failed: its verification failed with exit status 1
2 of 4 tasks completed (v[..])
END
complains_like '^003  skipped: exit status 125: leave it out$'
same "$(jq -c 'del(.warnings)' "$HOME/told.001")" '{"schema":1,"success":true,"plan_branch":"plan/session-20250102-030405","task_id":"001","branch":"task/001-part-001","merge_commit":null,"told":true,"already_merged":false,"plan_version":"v1","conflicts":[]}'
same "$(cat "$HOME/dirty.status" "$HOME/empty.status")" "3
3"
expect grep -q 'has uncommitted changes; nothing was merged' "$HOME/dirty"
expect grep -q 'has no commit of its own; nothing was merged' "$HOME/empty"
merged_once 001 002
same "$(git log -1 --format=%b --grep 'Merge task 001' flow | head -1)" "Said by 001"
expect git cat-file -e flow:flag
run git task done 004 # the run is over: by hand, as ever
prints_like '^004 merged into flow'

# Not when it ran out of time.
new_repo late
plan_like <<<001
run git wave run --timeout=1s -x '"$MAKE" && git task done -q && sleep 100'
exits 1
prints_like '^001  failed: timed out'
same "$(merges_of 001)" 0

# Merged by plain git. What flow then holds is verified before anything else lands, and by whom it was made red.
new_repo red
plan_like <<'END'
001
002
003 002
END
cat >"$HOME/work" <<'END'
#!/bin/bash
"$MAKE"
if [ "$GIT_TASK_ID" = 001 ]; then
  echo broken >broken.txt && git add . && git commit -q -m Broken && git push -q . HEAD:flow
else
  while ! git cat-file -e flow:broken.txt 2>/dev/null; do sleep 0.1; done
fi
END
run git wave run -j 2 --json=lines --verify='test ! -e broken.txt || { echo "it is broken"; exit 4; }' -- "$HOME/work"
exits 1
cp "$out" events
same "$(jq -rc 'select(.event == "flow_red") | [.command, .exit_status]' events)" \
  '["test ! -e broken.txt || { echo \"it is broken\"; exit 4; }",4]'
same "$(jq -rc 'select(.event == "merged")' events)" ''
same "$(jq -rc 'select(.event == "not_merged") | .task' events | sort | tr '\n' ' ')" '001 002 '
same "$(jq -rc 'select(.event == "finished") | [.success, .flow_red.exit_status, .flow_red.commit]' events)" \
  "[false,4,\"$(git rev-parse flow)\"]"
same "$(merges_of 002)" 0
run git wave status # with a slot, if it was done too late to go without
prints_like '^002 is done; the next run merges it$|^done; the next run merges:$'
run git wave status --json
json '[.workers[], .queue[] | select(.task == "002") | .state | IN("done", "waiting")] | any' true
json '[.workers[] | select(.task == "002" and has("interrupted"))] | length' 0
# Nor does the next run go on as if nothing were; the hint shows it failing.
run git wave run --verify='test ! -e broken.txt || { echo "it is broken"; exit 4; }' -x '"$MAKE"'
exits 1
prints_like "^002  in_progress: .* fails on the flow branch, with exit status 4$"
prints_like "^'flow' is red: 'test ! -e broken.txt .*' fails there, with exit status 4$"
hint=$(sed -n 's/^hint: to see it fail, run: //p' "$err")
run bash -c "$hint"
exits 4
prints 'it is broken'
git worktree remove .worktrees/red
# Mended, it goes on.
git worktree add -q ../mended flow
(cd ../mended && git rm -q broken.txt && git commit -q -m Mend)
run git wave run --verify='test ! -e broken.txt' -x '"$MAKE"'
exits 0
merged_once 002 003
leaves_nothing

# A plan with all its work in flow is not completed while flow is red, however often it is run.
new_repo red_at_the_end
plan_like <<<001
for _ in 1 2; do
  run git wave run --verify='test ! -e broken.txt' -x 'touch broken.txt; git add .; git commit -qm Work; git push -q . HEAD:flow'
  exits 1
  prints_like "^'flow' is red: 'test ! -e broken.txt' fails there, with exit status 1$"
done
run git wave run --verify='test ! -e broken.txt' --json=lines -x true
exits 1
same "$(jq -rc 'select(.event == "flow_red") | [.exit_status, .flow_commit, has("task")]' "$out")" \
  "[1,\"$(git rev-parse flow)\",false]"
git worktree add -q ../mended_too flow
(cd ../mended_too && git rm -q broken.txt && git commit -q -m Mend)
run git wave run --verify='test ! -e broken.txt' -x true
exits 0
leaves_nothing

# A killed run is resumed with another command: flow, which nobody touched, is right as it stands.
new_repo corrected
plan_like <<<001
"$GITPLAN_BIN/git-wave" run --verify='test -e mistyped' -x '"$MAKE"; : >"$HOME/made"; while [ ! -e "$HOME/go" ]; do sleep 0.05; done' \
  >"$state/run.out" 2>"$state/run.err" &
run_id=$!
wait_until test -e "$HOME/made"
kill -KILL "$run_id"
wait "$run_id" 2>/dev/null || true
touch "$HOME/go"
wait_until grep -q '^phase ended' .git/git-plan/workers/1/record
run git wave status
prints_like '^001 is done; the next run merges it$'
run git wave run --verify='test -e part-001.txt' -x false
exits 0
merged_once 001
leaves_nothing

# Only in its own slot is a task said to be done: elsewhere, a live worker has it.
new_repo elsewhere
plan_like <<'END'
001
002
END
cat >"$HOME/work" <<'END'
#!/bin/bash
"$MAKE"
if [ "$GIT_TASK_ID" = 002 ]; then
  : >"$HOME/part.002"
  while [ ! -e "$HOME/asked.002" ]; do sleep 0.05; done
  exit 1
fi
while [ ! -e "$HOME/part.002" ]; do sleep 0.05; done
git task done 002 2>"$HOME/refused"
echo $? >"$HOME/asked.002"
END
run git wave run -j 2 --keep-going -- "$HOME/work"
exits 1
prints_like '^002  failed: its command ended with exit status 1$'
same "$(cat "$HOME/asked.002")" 3
expect grep -q "worker 2 of a run is at task '002'" "$HOME/refused"
merged_once 001
same "$(merges_of 002)" 0

# A worker's question is an event of its own; a task that was cancelled meanwhile did not fail.
new_repo asks
plan_like <<'END'
001
002
END
run git wave run -j 1 --keep-going --json=lines \
  -x 'if [ $GIT_TASK_ID = 001 ]; then git task fail 001 --needs-decision -m "Which one?"; else git plan update -q --cancel=002; fi; exit 1'
exits 1
same "$(jq -rc 'select(.event | IN("needs_decision", "skipped", "failed")) | [.event, .task, .reason]' "$out")" \
  '["needs_decision","001","Which one?"]
["skipped","002","cancelled"]'
run git wave status
prints_like '^001 needs a decision: Which one\?$'

# Green, it counts as done, and what comes after is merged on top.
new_repo green
plan_like <<'END'
001
002
END
run git wave run -j 1 --verify='echo seen >>"$HOME/seen"' -x '"$MAKE" && { [ $GIT_TASK_ID = 002 ] || git push -q . HEAD:flow; }'
exits 0
complains_like '^001  completed \(merged by its worker\), 1 of 2 completed$'
same "$(wc -l <"$HOME/seen")" 2
leaves_nothing
