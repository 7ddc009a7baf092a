#!/bin/bash
# timeout: 300
# What is done lands by prefixes: fewer verifications than tasks where workers are the faster ones, never more at once
# than wave.verifyJobs, and flow is only ever at what was verified.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_landing.sh"
as Ada

# All are done before the first verification ends.
new_repo
independent_plan 12
base=$(git rev-parse main)
fresh_verify
script check <<'END'
until [ -e "$HOME/all" ]; do
  [ "$(git for-each-ref refs/git-plan/done | wc -l)" -lt 12 ] || touch "$HOME/all"
  sleep 0.05
done
END
run git wave run -j 4 --json=lines --verify="$verify" -x '"$MAKE"'
exits 0
cp "$out" events
mapfile -t all < <(task_ids 12)
merged_once "${all[@]}"
expect test "$(asked_count)" -le 3
flow_only_green "$base"
none_green_twice
same "$(jq -rc 'select(.event == "verified" and .success) | .tree' events)" "$(cat "$HOME/green")"
same "$(jq -rc 'select(.event == "verified") | .tasks[]' events | sort | uniq -d)" ''
same "$(jq -rc 'select(.event == "done") | .task' events | sort | tr '\n' ' ')" "${all[*]} "
same "$(jq -rc 'select(.event | IN("sent_back", "flaky", "retried"))' events)" ''
# In the order in which they were done.
same "$(git log --first-parent --reverse --format='%(trailers:key=Task,valueonly,separator=%x2C)' "$base..flow")" \
  "$(jq -r 'select(.event == "done") | .task' events)"
landing_leaves_nothing

# Every first-parent commit was verified; three are, at once, and never four.
new_repo each
independent_plan 9
base=$(git rev-parse main)
fresh_verify
mkdir "$HOME/running"
script check <<'END'
: >"$HOME/running/$$"
while :; do
  count=$(ls "$HOME/running" | wc -l)
  [ "$count" -lt 3 ] || touch "$HOME/three"
  [ "$count" -lt 4 ] || touch "$HOME/four"
  [ ! -e "$HOME/three" ] || break
  sleep 0.05
done
sleep 0.1
rm "$HOME/running/$$"
END
run git -c wave.verifyBatch=1 -c wave.verifyJobs=3 wave run -j 4 --verify="$verify" -x '"$MAKE"'
exits 0
mapfile -t all < <(task_ids 9)
merged_once "${all[@]}"
expect test -e "$HOME/three"
expect_not test -e "$HOME/four"
flow_only_green "$base"
none_green_twice
same "$(git log --first-parent --format=%T "$base..flow" | sort)" "$(sort "$HOME/green")"
same "$(asked_count)" 9
landing_leaves_nothing

# A bound on a batch.
new_repo bound
independent_plan 7
base=$(git rev-parse main)
fresh_verify
script check <<'END'
until [ -e "$HOME/all.bound" ]; do
  [ "$(git for-each-ref refs/git-plan/done | wc -l)" -lt 7 ] || touch "$HOME/all.bound"
  sleep 0.05
done
END
run git -c wave.verifyBatch=2 wave run -j 7 --json=lines --verify="$verify" -x '"$MAKE"'
exits 0
mapfile -t all < <(task_ids 7)
merged_once "${all[@]}"
expect test "$(asked_count)" -ge 4
expect test "$(asked_count)" -le 5
flow_only_green "$base"
landing_leaves_nothing

# What is no number is refused before anything starts.
new_repo bad_values
independent_plan 1
for setting in wave.verifyJobs=0 wave.verifyJobs=x wave.verifyBatch=-1 wave.verifyRetries=-1 wave.verifyRetries=many \
  wave.land=never wave.poll=x wave.verifyJobs=99999999999999999999; do
  run git -c "$setting" wave run --verify=true -x '"$MAKE"'
  exits 128
  complains_like "^error: bad .*'${setting%%=*}'"
  prints_nothing
done
same "$(git for-each-ref refs/heads/task)" ''
