#!/bin/bash
# timeout: 300
# Nobody is blamed unproven: what is red goes back with all that it takes to mend it, and alone; what was red by chance
# lands; and where flow itself is red nobody is blamed.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada

# One bad task among six. All are done before anything is verified.
wait_for_six() {
  script check <<'END'
until [ -e "$HOME/six" ]; do
  [ "$(git for-each-ref refs/git-plan/done | wc -l)" -lt 6 ] || touch "$HOME/six"
  sleep 0.05
done
END
}
new_repo
independent_plan 6
base=$(git rev-parse main)
fresh_verify
wait_for_six
# Its second attempt begins where the first one ended, sees what it was red on, and mends it.
script work <<'END'
"$MAKE" || exit 9
[ "$GIT_TASK_ID" = 003 ] || exit 0
if [ "$GIT_TASK_ATTEMPT" = 1 ]; then
  echo broken >bad-3.txt && git add bad-3.txt && git commit -q -m Bad
  exit
fi
cat >"$HOME/prompt"
git for-each-ref --format='%(refname) %(objectname)' refs/git-plan/red >"$HOME/red"
git cat-file -e refs/git-plan/red/session-20250102-030405/003:bad-3.txt || exit 8
git rm -q bad-3.txt && git commit -q -m Mend
END
run git wave run -j 6 --retries=1 --json=lines --verify="$verify" -- "$HOME/work"
exits 0
cp "$out" events
mapfile -t all < <(task_ids 6)
merged_once "${all[@]}"
flow_only_green "$base"
none_green_twice
expect_not git cat-file -e flow:bad-3.txt
same "$(jq -rc 'select(.event == "sent_back") | [.task, .attempt]' events)" '["003",1]'
same "$(jq -rc 'select(.event == "sent_back") | .reason' events)" \
  "its verification failed with exit status 7: bad-3.txt is bad"
same "$(jq -rc 'select(.event == "retried") | [.task, .attempt]' events)" '["003",2]'
same "$(jq -rc 'select(.event == "flaky")' events)" ''
expect grep -q '^\*\*Attempt 2:\*\* your work was merged with the flow branch' "$HOME/prompt"
expect grep -q 'ended with exit status 7' "$HOME/prompt"
expect grep -qx "    $verify" "$HOME/prompt"
expect grep -qx '    bad-3.txt is bad' "$HOME/prompt"
expect grep -q 'refs/git-plan/red/session-20250102-030405/003' "$HOME/prompt"
expect grep -q '^refs/git-plan/red/session-20250102-030405/003 ' "$HOME/red"
# What stood there was flow with the task: of two parents, and it had the tasks that the prompt names.
red=$(cut -d' ' -f2 "$HOME/red")
same "$(git rev-list --parents -1 "$red" | wc -w)" 3
for id in $(sed -n 's/.*merged with the flow branch and tasks\? \([0-9, ]*\),.*/\1/p' "$HOME/prompt" | tr -d ,); do
  expect git cat-file -e "$red:part-$id.txt"
done
same "$(git for-each-ref refs/git-plan/red)" ''
landing_leaves_nothing

# With no attempts left it fails; its branch and what it was red on stay.
new_repo fails
independent_plan 6
base=$(git rev-parse main)
fresh_verify
rm "$HOME/six"
wait_for_six
script work <<'END'
"$MAKE" || exit 9
[ "$GIT_TASK_ID" != 003 ] || { echo broken >bad-3.txt && git add bad-3.txt && git commit -q -m Bad; }
END
run git wave run -j 6 --keep-going --json=lines --verify="$verify" -- "$HOME/work"
exits 1
cp "$out" events
same "$(jq -rc 'select(.event == "finished") | .remaining' events)" \
  '[{"id":"003","status":"failed","reason":"its verification failed with exit status 7: bad-3.txt is bad"}]'
same "$(jq -rc 'select(.event | IN("sent_back", "failed")) | [.event, .task]' events)" '["sent_back","003"]
["failed","003"]'
merged_once 001 002 004 005 006
flow_only_green "$base"
expect git cat-file -e task/003-part-3:bad-3.txt
expect git cat-file -e refs/git-plan/red/session-20250102-030405/003:bad-3.txt
same "$(git diff-tree --no-commit-id --name-only -r refs/git-plan/red/session-20250102-030405/003^ \
  refs/git-plan/red/session-20250102-030405/003 | grep -v plan | tr '\n' ' ')" 'bad-3.txt part-003.txt '
landing_leaves_nothing worker-3
# Mended by hand it lands, and the ref goes.
run git task reset 003 -m "Leave it out"
run git wave start -q 003
(cd .worktrees/worker-1 && "$HOME/make-part" && commit_file part-003.txt good Good)
run git task done 003 --verify="$verify" --remove-worktree
exits 0
same "$(git for-each-ref refs/git-plan/red refs/git-plan/done)" ''
leaves_nothing

# A worker's prompt escapes what the verification said.
new_repo escapes
independent_plan 1
fresh_verify
script check <<'END'
[ -e part-ok.txt ] || [ ! -e part-001.txt ] || { printf 'a\033[31mred\033[0m\n\\n `x`\n'; exit 3; }
END
script work <<'END'
cat >"$HOME/prompt"
"$MAKE" || exit 9
[ "$GIT_TASK_ATTEMPT" = 1 ] || { touch part-ok.txt; git add .; git commit -q -m Mend; }
END
run git wave run --retries=1 --verify="$verify" -- "$HOME/work"
exits 0
expect_not grep -q $'\033' "$HOME/prompt"
landing_leaves_nothing

# By chance: each tree is red the first time. All land, marked, and nobody goes back.
new_repo flaky
independent_plan 4
base=$(git rev-parse main)
fresh_verify
script check <<'END'
tree=$(git rev-parse 'HEAD^{tree}')
[ "$(grep -c "$tree" "$HOME/asked")" -gt 1 ] || { echo "bad luck"; exit 5; }
END
run git wave run -j 4 --json=lines --verify="$verify" -x '"$MAKE"'
exits 0
cp "$out" events
merged_once 001 002 003 004
flow_only_green "$base"
none_green_twice
same "$(jq -rc 'select(.event | IN("sent_back", "retried", "failed", "flow_red"))' events)" ''
mapfile -t flaky < <(jq -r 'select(.event == "flaky") | .task' events | sort)
expect test "${#flaky[@]}" -ge 1
same "$(git log --format='%(trailers:key=Flaky,valueonly,separator=%x2C) %(trailers:key=Task,valueonly,separator=%x2C)' \
  "$base..flow" | sed -n 's/^true //p' | sort)" "$(printf '%s\n' "${flaky[@]}")"
run git plan check
landing_leaves_nothing

# Without a retry there is no second chance.
new_repo no_retry
independent_plan 1
fresh_verify
script check <<'END'
[ ! -e part-001.txt ] || [ "$(grep -c "$(git rev-parse 'HEAD^{tree}')" "$HOME/asked")" -gt 1 ] || exit 5
END
run git -c wave.verifyRetries=0 wave run --verify="$verify" -x '"$MAKE"'
exits 1
prints_like '^001  failed: its verification failed with exit status 5$'

# Flow is red by itself: nobody is blamed, what is done stays done, and the next run goes on once it is mended.
new_repo flow_red
commit_file bad-before.txt bad "Break it"
independent_plan 3
fresh_verify
flow=$(git rev-parse main)
run git wave run -j 3 --json=lines --verify="$verify" -x '"$MAKE"'
exits 1
cp "$out" events
same "$(jq -rc 'select(.event == "flow_red") | [.command, .exit_status, .flow_commit]' events)" "[\"$verify\",7,\"$flow\"]"
same "$(jq -rc 'select(.event | IN("sent_back", "failed", "merged"))' events)" ''
for id in 001 002 003; do
  same "$(git rev-parse "refs/git-plan/done/session-20250102-030405/$id")" "$(git rev-parse "task/$id-part-${id#00}")"
done
same "$(git rev-parse flow)" "$flow"
run git wave status --json
json '[.queue[] | .state]' '["waiting","waiting","waiting"]'
no_processes
git worktree add -q ../mended flow
(cd ../mended && git rm -q bad-before.txt && git commit -q -m Mend)
run git wave run -j 3 --verify="$verify" -x 'echo started >>"$HOME/again"; "$MAKE"'
exits 0
merged_once 001 002 003
expect_not test -e "$HOME/again"
landing_leaves_nothing

# Too slow is red, though it says that all is well when it is told to end; and what a cancelled one leaves ends with it.
new_repo slow
independent_plan 1
script slow <<'END'
[ -e part-001.txt ] || exit 0
trap 'exit 0' TERM
setsid sleep 1000 &
sleep 1000 & wait
END
run git wave run --verify-timeout=1s --verify="$HOME/slow" -x '"$MAKE"'
exits 1
prints_like '^001  failed: its verification timed out after 1 s$'
same "$(merges_of 001)" 0
no_processes

# What it writes may be no text at all.
new_repo bytes
independent_plan 1
script bytes <<'END'
[ -e part-001.txt ] || exit 0
printf '\xff\xfe\n\x00\x01 "\\ \n'
exit 3
END
run git wave run --json=lines --retries=1 --verify="$HOME/bytes" -x '"$MAKE"'
exits 1
same "$(jq -rc 'select(.event == "sent_back") | .task' "$out")" '001
001'

# What ends well only after that is done, too, and keeps no slot.
new_repo flow_red_later
commit_file bad-before.txt bad "Break it"
independent_plan 2
fresh_verify
run git wave run -j 2 --json=lines --verify="$verify" -x '[ "$GIT_TASK_ID" = 001 ] || sleep 3; "$MAKE"'
exits 1
same "$(jq -rc 'select(.event | IN("done", "not_merged")) | [.event, .task] | join(" ")' "$out" | tr '\n' ',')" \
  'done 001,not_merged 001,done 002,not_merged 002,'
same "$(tasks_done | tr '\n' ' ')" '001 002 '
run git wave status --json
json '[.workers, (.queue | map(.task))]' '[[],["001","002"]]'
run git wave next
complains_like '^  002  done, not merged yet$'
