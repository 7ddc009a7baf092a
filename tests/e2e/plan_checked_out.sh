#!/bin/bash
# A plan's branch that is checked out and edited somewhere while it is written: the hinted command brings both
# together, and a commit that takes back what was written meanwhile is named.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
w=$scratch/plan

begin() { # NAME
  new_repo "$1"
  free_plan 3
  rm -rf "$w"
  git worktree add -q "$w" plan/s1
}
edit() { sed -i 's/^description = "Task 1"/description = "Edited"/' "$w/plan.toml"; }
follow_hint() {
  local command
  command=$(sed -n "s/^hint: to have it there.* run: //p" "$err")
  (cd / && bash -c "$command" >"$state/hinted" 2>&1) || fail "'$command': $(cat "$state/hinted")"
}
# Both are in the plan.
both_are_there() { # IDS
  git -C "$w" commit -q -a -m "Edit by hand"
  json_of() { git plan show --json 2>/dev/null | jq -c "$1"; }
  same "$(json_of '.tasks[0].description')" '"Edited"'
  same "$(json_of '[.tasks[].id]')" "$1"
  run git plan check
  prints_unlike 'takes back'
  same "$(git -C "$w" rev-parse --abbrev-ref HEAD)" plan/s1
}

# As it was checked out: git takes it along.
begin clean
run git task add Second
complains_like "^hint: to have it there, run: git -C $w reset --merge HEAD$"
follow_hint
same "$(git -C "$w" status --porcelain)" ""
# Where it is up to date, there is nothing to say.
edit
run git task list
both_are_there '["001","002","003","004"]'

# Edited, once and while more than one version is made.
begin edited
edit
run git task add Second
complains_like "^warning: '$w' has 'plan/s1' checked out, and not this version of it$"
follow_hint
both_are_there '["001","002","003","004"]'
begin edited_twice
edit
run git task add Second
run git task add Third
follow_hint
both_are_there '["001","002","003","004","005"]'

# Edited and staged.
begin staged
edit
git -C "$w" add plan.toml
run git task add Second
follow_hint
both_are_there '["001","002","003","004"]'

# In conflict: both sides stand there.
begin conflict
sed -i 's/^description = "Task 1"/description = "By hand"/' "$w/plan.toml"
run git plan update --set 001.description="By update"
follow_hint
expect grep -q '^<<<<<<<' "$w/plan.toml"
expect grep -q 'By hand' "$w/plan.toml"
expect grep -q 'By update' "$w/plan.toml"

# Committed as it stands: check, the doctor and the next write name what it took back.
begin taken_back
edit
git task add -q Second >/dev/null 2>&1
before=$(git rev-parse --short=10 plan/s1)
git -C "$w" commit -q -a -m "Edit by hand"
after=$(git rev-parse --short=10 plan/s1)
git -C "$w" commit -q --allow-empty -m "Another one"
told="commit $after was made from v1, and takes back what v2 had: description of 001; removed 004"
run git plan check
prints_like "$told"
run git plan doctor
exits 1
prints_like "plan 's1': $told"
prints_like "run: git diff $before $after"
git diff --exit-code "$before" "$after" >/dev/null && fail "nothing differs"
run git task add Third
complains_like "^warning: .*$told"
complains_like "^hint: to see what it took back, run: git diff $before $after$"
# Once said, it is over; and what is no step back is none.
run git task add Fourth
complains_unlike 'takes back'
git -C "$w" reset -q --hard
sed -i 's/"Edited"/"Edited again"/' "$w/plan.toml"
git -C "$w" commit -q -a -m "Edit the latest"
run git plan check
prints_unlike 'takes back'
