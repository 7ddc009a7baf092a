#!/bin/bash
# What is common to all verbs; near misses; values that nobody set.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
new_repo
auth_plan >plan.json
git plan create -q -F plan.json >"$out"
git task create -q 1 >"$out"

for verb in 'plan use' 'plan delete' 'plan import' 'plan merge' 'plan completion' 'task add' 'task create' \
  'task start' 'wave worker add' 'wave worker remove' 'plan show'; do
  # shellcheck disable=SC2086 # words they are
  run git $verb --version
  exits 0
  prints_like "^git-${verb%% *} version "
done

# As git's commands have it.
run git -c color.ui=always plan list --no-color
expect_not grep -q $'\x1b' "$out"

# -v: what was chosen, by what, and what moved.
run git task list -v
complains "using plan 'session-20250112-143000' (plan.current)"
run git plan update -v --note=x
complains "using plan 'session-20250112-143000' (plan.current)
'plan/session-20250112-143000' is at v2, [..]"
run git plan show session-20250112-143000 -v
complains "using plan 'session-20250112-143000' (it is named)"

near() { # COMMAND WORD
  # shellcheck disable=SC2086 # words they are
  run git $1
  fails
  complains_like "did you mean '$2'\\?\$"
}
near 'plan graph --format=dto' dot
near 'plan report --format=mardown' markdown
near 'plan merge mian' main
near 'plan list --color=alwys' always
near 'task show task/001-create-user-model-with-email-passwor' task/001-create-user-model-with-email-password

# A variable that was not set.
run git task add x --files=
exits 129
run git plan create ''
exits 129
complains "error: the name of the plan is empty
hint: to let the clock name it, run: git plan create"

# Lists: an option is given again for each item; commas are of the item, but for ids.
git plan update -q --set '3.provides=f(a, b)' --set 3.provides=g --set 4.depends_on=1,2 >"$out" 2>"$err"
run git plan show --json
json '.tasks[2].provides, .tasks[3].depends_on' '["f(a, b)","g"]
["1","2"]'
git plan update -q --set 3.provides= >"$out" 2>"$err"
run git task show 3 --json
json .provides '[]'

# What a version took back is shown in either direction.
run git plan update -q --note=learned
run git plan diff v5 v4
prints_like '^- note v5$'
prints_like '^    learned$'
run git plan diff v5 v4 --json
json '[.notes, .lost_notes[].note]' '[[],"learned"]'
