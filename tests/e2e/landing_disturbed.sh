#!/bin/bash
# timeout: 300
# While a verification runs: the state folder goes, git collects its garbage, flow is deleted or has changes in the way,
# the plan is deleted, a second run begins. Nothing unverified lands, nothing is lost, nothing is left.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada

# Three tasks are done, and the first verification waits.
disturbed() { # NAME
  new_repo "$1"
  independent_plan 3
  base=$(git rev-parse main)
  fresh_verify
  rm -f "$HOME/go" "$HOME/held"
  script check <<'END'
[ ! -e "$HOME/go" ] || exit 0
touch "$HOME/held"
until [ -e "$HOME/go" ]; do sleep 0.05; done
END
  "$GITPLAN_BIN/git-wave" run -j 3 --keep-going --verify="$verify" -x '"$MAKE"' >"$state/run.out" 2>"$state/run.err" &
  run_id=$!
  wait_until test -e "$HOME/held"
  wait_until are_done 3
}
ends() { # STATUS…: any of these
  local status=0
  touch "$HOME/go"
  wait "$run_id" || status=$?
  claims=$((claims + 1))
  [[ " $* " == *" $status "* ]] || {
    show_file "the run's stderr" "$state/run.err" >&2
    fail "exit $status of the run, where $* was expected"
  }
}
is_whole() {
  merged_once 001 002 003
  flow_only_green "$base"
  landing_leaves_nothing
}
once_more() { # [SLOT…]
  run git wave run --verify="$verify" -x '"$MAKE"'
  exits 0
  merged_once 001 002 003
  flow_only_green "$base"
  landing_leaves_nothing "$@"
}

disturbed hand_ins_deleted
rm -rf .git/git-plan/landing
ends 0
is_whole

# With it go the records of the workers, too, so that nobody knows any more whose the slots are.
disturbed state_deleted
until rm -rf .git/git-plan 2>/dev/null; do :; done # somebody may write into it meanwhile
ends 0 1
once_more worker-1 worker-2 worker-3

disturbed garbage_collected
git gc -q --prune=now
ends 0
is_whole
none_green_twice

disturbed flow_deleted
flow=$(git rev-parse flow)
git branch -q -D flow
ends 1
expect grep -q "there is no branch 'flow'" "$state/run.out"
same "$(tasks_done | tr '\n' ' ')" '001 002 003 '
git branch flow "$flow"
once_more

disturbed flow_has_changes
git worktree add -q ../disturbed_flow flow
echo mine >../disturbed_flow/part-001.txt
ends 1
# That is the business of 001 alone: the others land.
same "$(cat ../disturbed_flow/part-001.txt)" mine
expect grep -q "^001  in_progress: local changes are in the way in '.*/disturbed_flow': 'part-001.txt'$" "$state/run.out"
expect grep -qx 'hint: to merge what is done, run: git task done 001' "$state/run.err"
same "$(tasks_done | tr '\n' ' ')" '001 '
merged_once 002 003
same "$(git wave status --json | jq -c '[.workers, (.queue | map(.task))]')" '[[],["001"]]'
git worktree remove --force ../disturbed_flow
once_more

# The same without a verification, where what is done lands at once; and where nothing can land at all.
new_repo unverified
independent_plan 3
git worktree add -q ../unverified_flow flow
echo mine >../unverified_flow/part-002.txt
run git wave run -j 3 -x '"$MAKE"'
exits 1
merged_once 001 003
same "$(tasks_done | tr '\n' ' ')" '002 '
run git wave status --json
json '[.workers, (.queue | map(.task))]' '[[],["002"]]'
rm ../unverified_flow/part-002.txt
run git wave run -x false
exits 0
merged_once 001 002 003
landing_leaves_nothing

new_repo unlandable
independent_plan 2
git worktree add -q ../unlandable_flow flow
(cd ../unlandable_flow && git checkout -q -b side && commit_file README.md other side && git checkout -q flow &&
  commit_file README.md mine mine && ! git merge -q side >/dev/null 2>&1)
run git wave run -j 2 -x '[ $GIT_TASK_ID = 001 ] || sleep 2; "$MAKE"'
exits 1
prints_like "^001  in_progress: .*'flow'.*'README.md'$"
same "$(tasks_done | tr '\n' ' ')" '001 002 '
run git wave status --json
json '[.workers, (.queue | map(.task))]' '[[],["001","002"]]'
git -C ../unlandable_flow merge --abort
run git wave run -x false
exits 0
merged_once 001 002
landing_leaves_nothing

disturbed plan_deleted
tips=$(git for-each-ref --format='%(objectname)' refs/git-plan/done)
git plan delete -f session-20250102-030405 >"$state/delete.out" 2>&1
ends 2
same "$(git rev-parse flow)" "$base"
for tip in $tips; do expect git merge-base --is-ancestor "$tip" "$(git for-each-ref --contains "$tip" --count=1 \
  --format='%(objectname)')"; done
landing_leaves_nothing worker-1 worker-2 worker-3

disturbed second_run
"$GITPLAN_BIN/git-wave" run -j 3 --verify="$verify" -x '"$MAKE"' >"$state/second.out" 2>"$state/second.err" &
second_id=$!
ends 0
run_status=0
wait "$second_id" || run_status=$?
same "$run_status" 0
is_whole
none_green_twice
