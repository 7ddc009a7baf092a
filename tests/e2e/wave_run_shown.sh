#!/bin/bash
# What is seen of a run: on a terminal, in a pipe, as events; -q; --dry-run.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada
new_repo
plan_like <<'END'
001
002 001
003
END
cat >"$HOME/work" <<'END'
#!/bin/sh
[ "$GIT_TASK_ID" != 003 ] || { seq -f 'line %g' 30; printf '\033[31mred\033[m\n'; exit 3; }
printf 'first\rsecond %s\n' "$GIT_TASK_ID"
sleep 0.5
"$MAKE"
END
chmod +x "$HOME/work"

repository_snapshot
run git wave run --dry-run -j 2 -x true
exits 0
prints_like '^Wave 1 '
prints_like '^10 minutes? with 2 workers$|^10 min'
same_repository

# Events: one object a line, with times.
run git wave run --json=lines --keep-going --retries=1 -- "$HOME/work"
exits 1
cp "$out" "$state/events"
same "$(jq -r '"\(.event) \(.task // "")\(if .attempt then " \(.attempt)" else "" end)"' "$state/events" | sort)" "done 001 1
done 002 1
failed 003 2
finished 
merged 001 1
merged 002 1
retried 003 2
started 001 1
started 002 1
started 003 1"
expect jq -se 'all(.schema == 1 and (.at | test("^[0-9-]+T[0-9:]+Z$"))) and (.[-1] | .event == "finished" and (.success | not)
  and .total_tasks == 3 and .completed_tasks == 2 and .remaining[0].id == "003")' "$state/events"
expect jq -se 'map(select(.event == "failed"))[0] | .exit_status == 3 and (.reason | contains("exit status 3"))' "$state/events"
complains_nothing
leaves_nothing worker-2

# In a pipe: plain lines; the last 20 lines of a log; nothing raw.
git task reset -q 003 2>/dev/null
run git wave run -- "$HOME/work"
exits 1
complains_like '^    line 12$'
complains_unlike '^    line 11$'
complains_like '^    red$'
complains_unlike "$(printf '\033')"
git task reset -q 003 2>/dev/null
run git wave run --color=always -x false
exits 1
complains_like "$(printf '^003  \033\\[31mfailed\033\\[m: ')"
git task reset -q 003 2>/dev/null
TERM=dumb run script -qec 'git-wave run -x false' /dev/null
exits 1
prints_like '^003  failed: '
expect_not grep -q "$(printf '\033')" "$out"
git task reset -q 003 2>/dev/null
run git wave run -q -- "$HOME/work"
exits 1
complains_nothing
git task reset -q 003 2>/dev/null
run git wave run --json -q -- "$HOME/work"
exits 1
json '.success == false and .completed_tasks == 2 and .remaining[0].status == "failed"'

# On a terminal: a line a running worker, drawn over, never wider than the terminal, and wiped at the end.
new_repo terminal
plan_like <<'END'
001
002
END
for width in 80 30 7; do
  TERM=xterm run script -qec "stty cols $width rows 24; git-wave run -j 2 -- '$HOME/work'; echo \"exit \$?\"; stty -a" /dev/null
  exits 0
  tr -d '\r' <"$out" >"$state/screen"
  expect grep -q '^exit 0' "$state/screen"
  expect grep -Eq '(^| )echo( |$)' "$state/screen"
  if ((width == 80)); then
    expect grep -Eq '^(.\[[0-9]*[AJ])*[0-2] of 2 tasks completed(, [12] in progress)?' "$state/screen"
    expect grep -Eq 'worker-1 +001 +0:0[0-9] +Make part 001  second 001' "$state/screen"
    expect grep -Eq 'worker-2 +002 +0:0[0-9] +Make part 002  second 002' "$state/screen"
  fi
  # Drawn lines begin with two blanks and "wor"; none reaches the last column.
  expect grep -q "$(printf '^  w')" "$state/screen"
  sed -n "s/^\(\x1b\[[0-9]*[AJ]\)*\(  w.*\)\x1b\[K$/\2/p" "$state/screen" >"$state/drawn"
  expect test "$(wc -L <"$state/drawn")" -lt "$width"
  git reset -q --hard
  for id in 001 002; do git update-ref -d "refs/heads/task/$id-part-$id"; done
  git branch -f flow main
  git update-ref -d "$plan_ref"
  rm -rf .git/git-plan
  git plan create -q -F "$state/plan.json" >/dev/null
done
