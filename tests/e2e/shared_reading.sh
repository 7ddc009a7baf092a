#!/bin/bash
# Reading a shared plan: from what was seen last, without a network; with --fetch from what the remote has now.
# shellcheck disable=SC2086 # session and reading commands are words
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared.sh"
as Ada
two_clones One Two Three
count_connections

reading=('git plan' 'git plan list' 'git plan show' 'git plan log' 'git plan diff' 'git plan graph' 'git plan check'
  'git plan provides' 'git plan report' 'git plan export' 'git task list' 'git task show 001' 'git task prompt 001'
  'git wave list' 'git wave next' 'git wave status' 'git wave worker list')

# Without --fetch nobody is asked, reachable or not, and nothing moves; who was asked last, and when, is said.
in_bob
repository_snapshot
hub_goes_away
for words in "${reading[@]}"; do
  run $words
  exits 0
  run $words --json
  exits 0
  json .remote.name origin
  json '.remote.fetched_at | test("^2[0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")' true
done
hub_comes_back
same_repository
same "$(connections)" ''

# Where nothing is shared there is no such key, and --fetch has nothing to ask.
run git -c plan.remote= task list --json --fetch
exits 0
json 'has("remote")' false
same "$(connections)" ''

# What another machine writes is seen with --fetch, by each of them; two connections: beat, and what decides.
in_ada
git task start 001 -q >/dev/null
git task add Four -q >/dev/null
(cd .worktrees/worker-1 && commit_file one.txt one One)
git task done 001 -q >/dev/null
connections >/dev/null
in_bob
json_of() { git "$@" -q --json | jq -c "$filter"; }
filter='[.tasks[].status]'
same "$(json_of task list)" '["pending","pending","pending"]'
run git task list --fetch --json
exits 0
json '[.tasks[].status]' '["completed","pending","pending","pending"]'
same "$(connections)" '2 upload-pack'
same "$(json_of task list)" '["completed","pending","pending","pending"]'
same "$(git rev-parse flow plan/$session)" "$(on_hub rev-parse flow plan/$session)"
for words in "${reading[@]}"; do
  run $words --fetch
  exits 0
  same "$(connections)" '2 upload-pack'
done

# A branch that is checked out stays where it is; what is answered does not.
git checkout -q flow
checkout_snapshot
in_ada
git task start 002 -q >/dev/null
(cd .worktrees/worker-2 && commit_file two.txt two Two)
git task done 002 -q >/dev/null
in_bob
run git task list --fetch --json
exits 0
json '[.tasks[].status]' '["completed","completed","pending","pending"]'
same_checkout
git checkout -q main

# A fetch of git's own is enough to know: the plan and flow as they were seen, whatever stands here.
in_ada
git task add Five -q >/dev/null
in_bob
git fetch -q
run git task list --json
exits 0
json '.tasks | length' 5
run git task add Six
exits 0
same "$(git show plan/$session:plan.toml | grep -c '^id = ')" 6
same "$(git rev-parse plan/$session)" "$(on_hub rev-parse plan/$session)"

# One that cannot be reached is named, and nothing is answered.
hub_goes_away
run git wave status --fetch --json
exits 5
json_error .error.code remote_unreachable
hub_comes_back

# What a fetch for one verb did not ask for is asked for before another one decides on it.
in_ada
git plan sync -q >/dev/null
git task start 003 -q >/dev/null
in_bob
git task add Seven -q >/dev/null
run git wave start -j 1 --json
exits 0
json '[.started[].task]' '["004"]'
