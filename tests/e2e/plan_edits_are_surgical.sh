#!/bin/bash
# A plan that a person wrote in their own way, committed by hand: each machine write changes the lines that it
# must, and `git diff` of two versions shows nothing else. CRLF, inline tables, foreign tables and all.
source "$(dirname "$0")/lib.sh"
data=$lib_folder/../data
new_repo
as Ada
at 2025-01-12T14:30:00Z

# The branch of a session, with this very file on it.
plan_by_hand() { # SESSION FILE
  local blob tree
  blob=$(git hash-object -w --no-filters "$2")
  tree=$(printf '100644 blob %s\tplan.toml\n' "$blob" | git mktree)
  git update-ref "refs/heads/plan/$1" "$(git commit-tree -m 'By hand' "$tree")"
}
# What went, and what came, from the version before to this one.
gone() { git diff --unified=0 "plan/$1~" "plan/$1" | grep '^-' | tail -n +2 || true; }
came() { git diff --unified=0 "plan/$1~" "plan/$1" | grep '^+' | tail -n +2 || true; }

for file in "$data"/plan-*.toml; do
  session=$(sed -n 's/^ *"\{0,1\}session_id"\{0,1\} *= *["'\'']\([^"'\'']*\).*/\1/p' "$file" | head -n 1)
  [[ -n $session ]] || session=$(basename "$file" .toml)
  plan_by_hand "$session" "$file"
  git show "plan/$session:plan.toml" >"$state/before.toml"
  expect cmp "$file" "$state/before.toml"
  run git plan show "$session" --json
  first=$(jq -r '[.tasks[] | select(.status != "completed")][0].id' "$out")
  jq '.tasks | map([.id, .description, .provides, .files])' "$out" >"$state/before.json"

  # A status: at most the lines of the version and of that task.
  run git plan update --plan="$session" --complete="$first" -q
  expect test "$(gone "$session" | wc -l)" -le 2
  expect test "$(came "$session" | wc -l)" -le 3
  # A note and a new task add lines; an inline list of them is itself a line.
  run git plan update --plan="$session" --note='A "note"' -q
  expect test "$(gone "$session" | wc -l)" -le 2
  run git task add --plan="$session" 'One more' -q
  expect test "$(gone "$session" | wc -l)" -le 2
  run git plan show "$session" --json
  same "$(jq '.tasks[:-1] | map([.id, .description, .provides, .files])' "$out")" "$(cat "$state/before.json")"
  # Every comment is still there, and so are the ends of lines.
  git show "plan/$session:plan.toml" >"$state/after.toml"
  same "$(grep -o '#.*' "$state/after.toml")" "$(grep -o '#.*' "$file")"
  if grep -q $'\r$' "$file"; then
    same "$(sed '$d' "$state/after.toml" | grep -cv $'\r$' || true)" 0 # the last line has no end
  else
    expect_not grep -q $'\r' "$state/after.toml"
  fi
done
fsck_clean
