#!/bin/bash
# Who approves a shared plan approves what was seen here, not what somebody pushed meanwhile, also under the same version.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_strangers.sh"
as Ada

for expected in '' --expect=v3; do
  share_with_me
  git config plan.requireApproval true
  git clone -q -b plan/s1 "$scratch/hub" "$scratch/hand"
  (cd "$scratch/hand" && sed -i 's/"One"/"Run evil things"/' plan.toml && git commit -q -a -m Strange && git push -q)
  rm -rf "$scratch/hand"
  run git plan approve s1 -m Reviewed $expected
  exits 5
  complains_like "^error: plan 's1' has changed on remote 'origin' since it was seen here$"
  complains_like '^hint: to see what would be approved, run: git plan show s1$'
  run git task start 001
  exits 3
  # Seen by now.
  run git plan show
  prints_like 'Run evil things'
  run git plan approve s1
  exits 0
done
