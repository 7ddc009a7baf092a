#!/bin/bash
# What agents use, in their units; caps; files of any kind where the usage is wanted.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END_OF_PLAN'
001
002 001
003 002
004 003
END_OF_PLAN
cat >"$HOME/uses" <<'END_OF_AGENT'
#!/bin/sh
printf 'tokens 1000\nusd 0.25\n' >>"$GIT_TASK_USAGE_FILE"
echo 'tokens 200' >>"$GIT_TASK_USAGE_FILE"
[ "$GIT_TASK_ID" != 002 ] || [ "$GIT_TASK_ATTEMPT" != 1 ] || exit 4
"$MAKE"
END_OF_AGENT
chmod +x "$HOME/uses"

# --- summed by attempt, in the trailers; the cap ends the starting, what runs lands ---
git config wave.cap usd=0.7
git config --add wave.cap tokens=1000000
run git wave run --retries=1 --json=lines -- "$HOME/uses"
exits 1
same "$(jq -c 'select(.event == "capped") | [.unit, .cap, .used]' "$out")" '["usd",0.7,0.75]'
same "$(jq -c 'select(.event == "finished") | .capped' "$out")" '{"unit":"usd","cap":0.7,"used":0.75}'
merged_once 001 002
same "$(git log --merges --format='%(trailers:key=Usage,valueonly,separator=%x2C)' flow | sort)" "tokens=1200 usd=0.25
tokens=2400 usd=0.5"
leaves_nothing
run git wave status
prints_like '^0.75 of 0.7 usd used$'
run git wave run --json -- "$HOME/uses"
exits 1
json '.capped.used' 0.75
merged_once 001 002
# An option goes before the config.
run git wave run --cap=usd=100 -- "$HOME/uses"
exits 0
run git plan report --json
json '.usage' '{"tokens":6000,"usd":1.25}'
json '.usage_by_agent' '{"default":{"tokens":6000,"usd":1.25}}'
json '.tasks[1].run.usage' '{"tokens":2400,"usd":0.5}'
run git plan report
prints_like 'tokens=6000 usd=1.25'
run git wave agents --json
json '.agents' '[]'
run git wave run --cap=usd -x true
exits 129
complains_like "^error: bad cap 'usd' for '--cap'$"

# --- on a terminal what is used stands behind how far the plan is ---
new_repo live
plan_like <<'END_OF_PLAN'
001
END_OF_PLAN
TERM=xterm run script -qec "stty cols 80 rows 24; git-wave run --cap=usd=5 -x 'echo usd 1 >\"\$GIT_TASK_USAGE_FILE\"; sleep 3; \"\$MAKE\"'" /dev/null
exits 0
expect grep -q '^.*0 of 1 task completed.*, 1 of 5 usd used' "$out"

# --- a failure tells of what it used, and the next attempt counts on ---
new_repo failing
plan_like <<'END_OF_PLAN'
001
END_OF_PLAN
run git wave run -x 'echo "usd 2" >"$GIT_TASK_USAGE_FILE"; exit 1'
exits 1
same "$(git log -1 --format='%(trailers:key=Usage,valueonly)' plan/session-20250102-030405 | head -1)" usd=2
git task reset -q 001
run git wave run -x 'echo "usd 3" >"$GIT_TASK_USAGE_FILE"; "$MAKE"'
exits 0
run git plan report --json
json '.usage' '{"usd":5}'

# --- a warning, nothing else ---
odd=0
for file in 'printf "garbage\n\377\0x\nusd -5\nusd 1e308\nusd nan\nusd 1\n" >"$GIT_TASK_USAGE_FILE"' \
  'mkfifo "$GIT_TASK_USAGE_FILE"' 'mkdir "$GIT_TASK_USAGE_FILE"' 'ln -s /dev/zero "$GIT_TASK_USAGE_FILE"' \
  'seq -f "usd %g" 1000000 >"$GIT_TASK_USAGE_FILE"' 'mkfifo "$GIT_TASK_USAGE_FILE"; mkfifo "$GIT_TASK_RETRY_FILE"'; do
  new_repo "odd-$((odd += 1))"
  plan_like <<'END_OF_PLAN'
001
END_OF_PLAN
  run git wave run -x "$file; \"\$MAKE\""
  exits 0
  complains_like "^warning: task '001': "
  merged_once 001
done
