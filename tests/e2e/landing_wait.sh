#!/bin/bash
# wave.land=wait: the run merges nothing itself. Here somebody in another worktree plays the forge: merges by squash,
# rejects, edits before merging. Dependents start once flow has what they need.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada
new_repo
plan_like <<'END'
001
002
003
004 001
005 003
END
base=$(git rev-parse main)
git config wave.land wait
git config wave.poll 1
fresh_verify
mkdir -p .git/hooks
# Opens a "pull request"; the first time for 002 the forge is down.
cat >.git/hooks/wave-post-done <<'END'
#!/bin/bash
echo "$GIT_TASK_ID" >>"$HOME/called"
if [ "$GIT_TASK_ID" = 002 ] && [ ! -e "$HOME/was.down" ]; then
  touch "$HOME/was.down"
  echo "the forge is down"
  exit 1
fi
git cat-file -e "$GIT_TASK_MERGE:part-$GIT_TASK_ID.txt" || exit 1
echo "$GIT_TASK_ID $GIT_TASK_BRANCH" >>"$HOME/requests"
END
chmod +x .git/hooks/wave-post-done
script work <<'END'
echo "$GIT_TASK_ID" >>"$HOME/started"
case $GIT_TASK_ID in
  004) [ -e part-001.txt ] || exit 9 ;;
  005) [ -e part-003.txt ] || exit 9 ;;
esac
cat >"$HOME/prompt.$GIT_TASK_ID.$(grep -cx "$GIT_TASK_ID" "$HOME/started")"
"$MAKE"
END
start_run() {
  "$GITPLAN_BIN/git-wave" run -j 3 --keep-going --json=lines --verify="$verify" -- "$HOME/work" \
    >"$state/run.$1" 2>"$state/run.err" &
  run_id=$!
}
says() { # ID ATTEMPT TEXT: the prompt that it had
  expect grep -qF "$3" "$HOME/prompt.$1.$2"
}
requested() { # ID…
  local id
  for id in "$@"; do grep -q "^$id " "$HOME/requests" || return 1; done
}
offered() { # how many the queue shows so
  git wave status --json | jq '[.queue[] | select(.state == "offered")] | length'
}
git worktree add -q ../forge flow 2>/dev/null || { git plan init && git worktree add -q ../forge flow; }
squash() { # ID
  (
    cd ../forge
    local branch
    branch=$(git for-each-ref --format='%(refname:short)' "refs/heads/task/$1-*")
    git merge -q --squash "$branch" >/dev/null && git commit -q -m "Part $1 (#${1#00})"
  )
}

start_run 1
wait_until requested 001 002 003
says 001 1 'end with exit status 0: it waits to be merged to flow then'
same "$(git rev-parse flow)" "$base"
same "$(sort "$HOME/started" | tr '\n' ' ')" '001 002 003 '
same "$(grep -cx 002 "$HOME/called")" 2
same "$(sort "$HOME/requests" | uniq -d)" ''
wait_until bash -c '[[ $(git wave status --json | jq "[.queue[] | select(.state == \"offered\")] | length") == 3 ]]'
same "$(tasks_done | tr '\n' ' ')" '001 002 003 '
run git wave next --json
json '.available' '[]'

# Squashed: flow has it, and its dependent starts.
squash 001
wait_until requested 004
# The run is killed and started again meanwhile: nothing is verified or asked for again.
kill -KILL "$run_id"
wait "$run_id" 2>/dev/null || true
all_gone() { [[ -z $(scratch_processes) ]]; }
wait_until all_gone
before=$(asked_count)
start_run 2
wait_until bash -c 'git wave status --json | jq -e "[.queue[] | select(.state == \"offered\")] | length == 3"'
same "$(sort "$HOME/requests" | uniq -d)" ''

# Rejected, with a reason that its worker reads; it does not count as merged, and its dependents wait.
run git task reset 003 -m "Name it better"
wait_until test -e "$HOME/prompt.003.2"
expect grep -q 'Name it better' "$HOME/prompt.003.2"
wait_until bash -c '[[ $(grep -c "^003 " "$HOME/requests") == 2 ]]'
squash 003
wait_until requested 005

# Edited by somebody before it is merged: verified and announced again, and merged with that.
edit=$(git worktree list --porcelain | awk '/^worktree/ { path = $2 } $0 == "branch refs/heads/task/002-part-002" { print path }')
[[ -n $edit ]] || { edit=$scratch/edit && git worktree add -q "$edit" task/002-part-002; }
(cd "$edit" && commit_file edited.txt edited Edit)
[[ $edit != "$scratch/edit" ]] || git worktree remove "$edit"
wait_until bash -c '[[ $(grep -c "^002 " "$HOME/requests") == 2 ]]'
squash 002
squash 004
squash 005
run wait "$run_id"
exits 0
same "$(count_tasks completed)" 5
expect git cat-file -e flow:edited.txt
same "$(git log --merges --format=%H flow)" ''
same "$(jq -rc 'select(.event == "merged") | .task' "$state"/run.[12] | sort | tr '\n' ' ')" '001 002 003 004 005 '
same "$(sort "$HOME/started" | tr '\n' ' ')" '001 002 003 003 004 005 '
none_green_twice
git worktree remove ../forge
landing_leaves_nothing
run git plan check

# By `git task done`, too, which nothing else lands meanwhile; and whoever waits for its hook reads why.
new_repo by_hand
plan_like <<'END'
001
002
END
git config wave.land wait
git config wave.poll 1
fresh_verify
rm -f "$HOME/forge.up"
mkdir -p .git/hooks
cat >.git/hooks/wave-post-done <<'END'
#!/bin/bash
[ -e "$HOME/forge.up" ] && exit 0
echo "the forge is down"
exit 3
END
chmod +x .git/hooks/wave-post-done
"$GITPLAN_BIN/git-wave" run -j 2 --json=lines -x '"$MAKE"' >"$state/run.out" 2>"$state/run.err" &
run_id=$!
event() { jq -rc --arg event "$1" 'select(.event == $event) | .reason' "$state/run.out" | sort -u; }
wait_until bash -c '[[ $(grep -c "\"event\":\"held\"" "$1") == 2 ]]' bash "$state/run.out"
same "$(event held)" 'the wave-post-done hook ended with exit status 3, and is run again: the forge is down'
same "$(event offered)" ''
touch "$HOME/forge.up"
wait_until bash -c '[[ $(grep -c "\"event\":\"offered\"" "$1") == 2 ]]' bash "$state/run.out"
run git task done 001
prints_like '^001 merged into flow'
run git task done 002 --verify='exit 4'
exits 1
prints "002 failed its verification: exit status 4; nothing was merged"
run git task done 002 --verify='test -e part-001.txt'
prints_like '^002 merged into flow'
run wait "$run_id"
exits 0
same "$(jq -rc 'select(.event == "merged") | .task' "$state/run.out" | sort | tr '\n' ' ')" '001 002 '
landing_leaves_nothing
