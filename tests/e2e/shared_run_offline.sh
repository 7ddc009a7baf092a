#!/bin/bash
# A run whose remote is away goes on: what is done waits, and lands once it is there again. Others, and a person, are
# told.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared_runs.sh"
as Ada
share_between ada bob
add_tasks One Two
work_until_told
start_run ada -j 1
until_true '[ "$(wc -l <"$HOME/started")" = 1 ]'

# The link is cut while the worker is at work; it ends meanwhile.
mv "$scratch/hub" "$scratch/away"
touch "$HOME/go-001"
until_true '[ -n "$(events ada offline)" ]'
sleep 2
same "$(events ada merged)" ''
expect kill -0 "${run_of[ada]}"
mv "$scratch/away" "$scratch/hub"
until_true '[ -n "$(events ada merged)" ]'
until_true '[ -n "$(events ada online)" ]'
touch "$HOME/go-002"
ends_with ada 0
same "$(on_hub log --first-parent --merges --oneline flow | wc -l)" 2
same "$(claims)" ''
same "$(sort "$HOME/started" | tr '\n' ' ')" '001 002 '

# A worker that fails while it is away: that is recorded later.
add_tasks Three Four
printf '#!/bin/sh\ntouch "$HOME/at-$GIT_TASK_ID"; until [ -e "$HOME/go-$GIT_TASK_ID" ]; do sleep 0.1; done; exit 1\n' >"$HOME/work"
start_run ada -j 1
until_true '[ -e "$HOME/at-003" ]'
mv "$scratch/hub" "$scratch/away"
touch "$HOME/go-003"
sleep 3
mv "$scratch/away" "$scratch/hub"
ends_with ada 1
same "$(on_hub show "plan/$session:plan.toml" | grep -A4 '^id = "003"' | grep -c '^status = "failed"')" 1
same "$(claims)" ''

# Completed, cancelled or failed by others: its worker ends, and its work is kept.
work_until_told
start_run ada -j 1
until_true '[ "$(wc -l <"$HOME/started")" = 1 ]'
cd "$scratch/bob"
git plan sync -q >/dev/null
run git task cancel 004 -m 'Not wanted any more'
exits 0
ends_with ada 1
same "$(events ada skipped | jq -r .task)" 004
cd "$scratch/ada"
same "$(claims)" ''
sound
