#!/bin/bash
# The id of a task that was taken out of the plan is not given to another one: what git keeps of it would be that one's.
source "$(dirname "$0")/lib.sh"
as Ada
at 2025-01-02T03:04:05Z

# Three tasks, the last of which is taken out by hand.
begin() { # REPOSITORY
  new_repo "$1"
  git plan create -q s1 --request=x >"$state/plan.created"
  for part in 1 2 3; do git task add -q "Part $part" >"$state/task.added"; done
}
take_out() {
  git show plan/s1:plan.toml >"$state/before.toml"
  sed "$(grep -n '^\[\[tasks' "$state/before.toml" | tail -1 | cut -d: -f1),\$d" "$state/before.toml" >"$state/plan.toml"
  git plan edit -q -F "$state/plan.toml" >"$out"
}
work() {
  git task start -q 003 >"$out"
  (cd .worktrees/worker-1 && commit_file old.txt old Old)
}
added() { git task add "Another thing" --json | jq -c '[.task_id // .added[0]]'; }

# Never begun: nothing is known of it.
begin unused
take_out
same "$(added)" '["003"]'

# Merged.
begin merged
work
git task done -q 003 --remove-worktree >"$out"
git branch -q -D task/003-part-3
take_out
same "$(added)" '["004"]'
same "$(git task list --json | jq -c '[.tasks[] | .id + " " + .status]')" '["001 pending","002 pending","004 pending"]'

# With a branch; with a worker; only done, or red; begun before.
begin branch
work
git wave worker remove -q 1 >"$out"
take_out
same "$(added)" '["004"]'
begin worker
work
take_out
same "$(added)" '["004"]'
for ref in done/s1/003 red/s1/003 attempts/s1/003/20250101T000000Z; do
  begin "${ref%%/*}"
  take_out
  git update-ref "refs/git-plan/$ref" main
  same "$(added)" '["004"]'
done

# Who writes it by hand is told.
begin by_hand
work
git task done -q 003 --remove-worktree >"$out"
take_out
git show plan/s1:plan.toml >"$state/plan.toml"
printf '\n[[tasks]]\nid = "003"\ndescription = "By hand"\n' >>"$state/plan.toml"
run git plan edit -F "$state/plan.toml"
complains_like "^warning: task '003' has the id of one that was there before"
take_out
echo '[{"id": "003", "description": "By update"}]' >"$state/more.json"
run git plan update --add="$state/more.json"
complains_like "^warning: task '003' has the id of one that was there before"
