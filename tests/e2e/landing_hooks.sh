#!/bin/bash
# wave-pre-land is asked about each task of what is green: it lets it land, holds it, or sends it back.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada
hook() { # NAME, its lines on standard input
  mkdir -p .git/hooks
  { echo '#!/bin/bash' && cat; } >".git/hooks/$1"
  chmod +x ".git/hooks/$1"
}

# 75: 001 is held, and asked again; those behind do not wait. What it is told, and where it runs.
new_repo
independent_plan 3
base=$(git rev-parse main)
fresh_verify
git config wave.poll 1
hook wave-pre-land <<'END'
[ "$(pwd -P)" = "$(dirname "$GIT_TEST_TOP")" ] || pwd -P >>"$HOME/elsewhere"
echo "$GIT_PLAN_SESSION $GIT_PLAN_BRANCH $GIT_TASK_ID $GIT_TASK_BRANCH $GIT_TASK_ATTEMPT" >>"$HOME/asked.about"
git cat-file -e "$GIT_TASK_MERGE:part-$GIT_TASK_ID.txt" || exit 1
! git cat-file -e "flow:part-$GIT_TASK_ID.txt" 2>/dev/null || exit 1
[ "$GIT_TASK_ID" = 001 ] || exit 0
# Until the others have landed; that it is asked again is all that lets it land then.
git cat-file -e flow:part-002.txt 2>/dev/null && git cat-file -e flow:part-003.txt 2>/dev/null && exit 0
echo "not before the others"
exit 75
END
export GIT_TEST_TOP=$PWD/.git
run git wave run -j 3 --json=lines --verify="$verify" -x '"$MAKE"'
exits 0
cp "$out" events
merged_once 001 002 003
flow_only_green "$base"
same "$(jq -rc 'select(.event == "held") | [.task, .reason]' events | sort -u)" '["001","not before the others"]'
same "$(jq -rc 'select(.event == "merged") | .task' events | tail -1)" 001
same "$(jq -rc 'select(.event | IN("sent_back", "retried"))' events)" ''
expect_not test -e "$HOME/elsewhere"
same "$(sort -u "$HOME/asked.about")" "session-20250102-030405 plan/session-20250102-030405 001 task/001-part-1 1
session-20250102-030405 plan/session-20250102-030405 002 task/002-part-2 1
session-20250102-030405 plan/session-20250102-030405 003 task/003-part-3 1"
rm events
landing_leaves_nothing

# While it is held, the queue says so.
new_repo held
independent_plan 1
git config wave.poll 1
fresh_verify
hook wave-pre-land <<'END'
[ -e "$HOME/open" ] || exit 75
END
"$GITPLAN_BIN/git-wave" run --verify="$verify" -x '"$MAKE"' >"$state/run.out" 2>"$state/run.err" &
run_id=$!
wait_until bash -c '[[ $(git wave status --json | jq -r ".queue[0].state") == held ]]'
touch "$HOME/open"
wait "$run_id"
merged_once 001
same "$(asked_count)" 1
landing_leaves_nothing

# Anything else: sent back with what it wrote.
new_repo refused
independent_plan 2
base=$(git rev-parse main)
fresh_verify
hook wave-pre-land <<'END'
[ "$GIT_TASK_ID" = 001 ] || exit 0
git cat-file -e "$GIT_TASK_MERGE:signed.txt" 2>/dev/null && exit 0
echo "nobody has signed it"
exit 3
END
script work <<'END'
cat >"$HOME/prompt.$GIT_TASK_ID.$GIT_TASK_ATTEMPT"
"$MAKE" || exit 9
[ "$GIT_TASK_ID $GIT_TASK_ATTEMPT" != "001 2" ] || { echo Ada >signed.txt; git add .; git commit -q -m Sign; }
END
run git wave run -j 2 --retries=1 --json=lines --verify="$verify" -- "$HOME/work"
exits 0
cp "$out" events
merged_once 001 002
flow_only_green "$base"
same "$(jq -rc 'select(.event == "sent_back") | [.task, .reason]' events)" \
  '["001","the wave-pre-land hook refused it with exit status 3"]'
expect grep -qx '    nobody has signed it' "$HOME/prompt.001.2"
expect grep -q 'wave-pre-land' "$HOME/prompt.001.2"
expect_not grep -q 'That merge is' "$HOME/prompt.001.2"
rm events
landing_leaves_nothing

# With no attempts left it has failed. Without a verification it is asked, too.
new_repo fails
independent_plan 2
hook wave-pre-land <<'END'
[ "$GIT_TASK_ID" != 001 ] || { echo "never"; exit 1; }
END
run git wave run -j 2 --keep-going -x '"$MAKE"'
exits 1
prints_like '^001  failed: the wave-pre-land hook refused it with exit status 1'
merged_once 002
same "$(merges_of 001)" 0

# --no-hooks: nobody is asked.
new_repo none
independent_plan 2
fresh_verify
hook wave-pre-land <<<'exit 1'
run git wave run -j 2 --no-hooks --verify="$verify" -x '"$MAKE"'
exits 0
merged_once 001 002
landing_leaves_nothing

# One that hangs ends with the run.
new_repo hangs
independent_plan 1
hook wave-pre-land <<'END'
touch "$HOME/hangs"
exec sleep 1000
END
env --default-signal=INT "$GITPLAN_BIN/git-wave" run -x '"$MAKE"' >"$state/run.out" 2>"$state/run.err" &
run_id=$!
wait_until test -e "$HOME/hangs"
kill -INT "$run_id"
run wait "$run_id"
exits 130
no_processes
rm .git/hooks/wave-pre-land
run git wave run -x false
exits 0
merged_once 001
landing_leaves_nothing

# Who asks by hand is told what the hook wrote, and while it holds the task, that.
new_repo by_hand
independent_plan 1
git config wave.poll 1
git task start -q 001 >/dev/null
work_in .worktrees/worker-1 001
hook wave-pre-land <<'END'
[ ! -e "$HOME/signed" ] || exit 0
echo "needs a review"
[ -e "$HOME/held" ] && { touch "$HOME/signed"; exit 75; }
exit 3
END
run git task done 001 --verify=true
exits 1
prints "001 refused by the wave-pre-land hook: exit status 3; nothing was merged
    needs a review"
run git task done 001 --verify=true --json
exits 1
json '.success, has("verify_exit_status"), .refused_by' 'false
false
{"hook":"wave-pre-land","exit_status":3,"last_lines":["needs a review"]}'
touch "$HOME/held"
run git task done 001 --verify=true
exits 0
complains_like '^001 is held back by the wave-pre-land hook, which is asked again: needs a review$'
merged_once 001
