#!/bin/bash
# How workers end, and what becomes of their tasks.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END'
001
002 001
003 001
004 002 003
005
006 005
END
dirty_checkout

# All goes well: merged, recorded, worktrees removed, the checkout untouched.
run git wave run -j 3 -x 'cat >/dev/null && "$MAKE"'
exits 0
prints_like '^6 of 6 tasks completed \(v[0-9]+\)$'
complains_like '^001  started in worker-[123]: Make part 001$'
complains_like '^004  merged as [0-9a-f]{7}, [1-9] of [0-9]+ completed$'
merged_once 001 002 003 004 005 006
same "$(count_tasks completed)" 6
same_checkout
leaves_nothing
run git wave run -x false
exits 0 # there is nothing to do

# Failing, skipped, timed out, uncommitted work, killed: each its reason, and what depends on it waits.
new_repo outcomes
plan_like <<'END'
001
002 001
003
004 003
005
006
007
008
009
END
dirty_checkout
cat >"$HOME/work" <<'END'
#!/bin/sh
case $GIT_TASK_ID in
  001) echo "about to fail"; exit 7 ;;
  003) exit 125 ;;
  005) trap '' TERM; while :; do sleep 1; done ;;
  006) echo left >left.txt ;;
  007) kill -SEGV $$ ;;
  008) git task fail 008 -m "the specification contradicts itself" ;;
  *) "$MAKE" ;;
esac
END
chmod +x "$HOME/work"
limit=$((4 * ${GITPLAN_PATIENCE:-1}))
run git wave run -j 9 --keep-going --timeout="${limit}s" -- "$HOME/work"
exits 1
prints <<END
001  failed: its command ended with exit status 7
002  pending: waiting for 'part 001' (task 001, failed)
003  pending: skipped, exit status 125
004  pending: waiting for 'part 003' (task 003, pending)
005  failed: timed out after $limit s
006  failed: it left uncommitted changes
007  failed: its command was killed by signal 11
008  failed: the specification contradicts itself
1 of 9 tasks completed (v[..])
END
complains_like '^001  failed: its command ended with exit status 7$'
complains_like '^    about to fail$'
complains_like '^003  skipped: exit status 125$'
expect_not git rev-parse -q --verify task/003-part-003
same "$(cat .worktrees/worker-4/left.txt)" left
same_checkout
leaves_nothing worker-1 worker-3 worker-4 worker-5 worker-6
git task show 001 --json | jq -e '.status == "failed"' >/dev/null

# The command gets the prompt, the variables of the contract, and its words replaced.
new_repo words
plan_like <<<'001'
cat >"$HOME/work" <<'END'
#!/bin/sh
printf '%s\n' "$@" >"$HOME/words"
cat >"$HOME/prompt"
cmp "$HOME/prompt" "$GIT_TASK_PROMPT_FILE" || exit 1
pwd >"$HOME/folder"
env | grep -E '^GIT_(PLAN|TASK|WAVE)_' | grep -v TEST_DATE | sort >"$HOME/variables"
"$MAKE"
END
run git wave run -- "$HOME/work" '{task}' 'in {worktree}' '{branch}:{worker}' '{unknown}' '{prompt_file}'
exits 0
top=$PWD
prompt_file=$top/.git/git-plan/workers/1/prompt
same "$(cat "$HOME/words")" "001
in $top/.worktrees/worker-1
task/001-part-001:1
{unknown}
$prompt_file"
same "$(cat "$HOME/folder")" "$top/.worktrees/worker-1"
same "$(cat "$HOME/variables")" "GIT_PLAN_BRANCH=plan/session-20250102-030405
GIT_PLAN_SESSION=session-20250102-030405
GIT_TASK_ATTEMPT=1
GIT_TASK_BRANCH=task/001-part-001
GIT_TASK_ID=001
GIT_TASK_PROMPT_FILE=$prompt_file
GIT_TASK_RETRY_FILE=$top/.git/git-plan/workers/1/retry
GIT_TASK_USAGE_FILE=$top/.git/git-plan/workers/1/usage
GIT_WAVE_PORT=20100
GIT_WAVE_WORKER=1
GIT_WAVE_WORKTREE=$top/.worktrees/worker-1"
expect grep -q 'task/001-part-001' "$HOME/prompt"
leaves_nothing

# Without a command, and without a plan.
run env -u GIT_WAVE_COMMAND git wave run
exits 129
complains_like 'no command for the workers'
run git wave run -x ' '
exits 129
complains_like "the workers' command is empty"
run git wave run -- ''
exits 129
run git wave run -x true --plan=nowhere
exits 2
prints_nothing
