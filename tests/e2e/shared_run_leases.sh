#!/bin/bash
# A run's claims: named, leased, renewed with the branches of its workers; taken over once nobody has renewed them for
# a whole lease. Nothing is lost, nothing lands twice.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared_runs.sh"
as Ada
share_between ada bob
add_tasks One Two Three
work_until_told

# Claims for all workers in one push, with the run's name and the lease.
start_run ada -j 2
until_true '[ "$(wc -l <"$HOME/started")" = 2 ]'
same "$(claims)" '001 002 '
same "$(claim 001 Machine) $(claim 001 Lease) $(claim 001 State)" 'ada 6 held'
same "$(claim 001 Run)" "$(claim 002 Run)"
expect test -n "$(claim 001 Run)"

# Renewed each third of it, and what the workers committed is there with it.
before=$(on_hub rev-parse "refs/git-plan/claims/$session/001")
until_true '[ "$(on_hub rev-parse "refs/git-plan/claims/$session/001")" != "$before" ]'
until_true '[ "$(on_hub show task/001-one:001.txt 2>/dev/null)" = 001 ]'

# Another machine takes what is left, and waits for the rest as long as that is renewed.
start_run bob -j 3
until_true '[ "$(wc -l <"$HOME/started")" = 3 ]'
same "$(claim 003 Machine)" bob
sleep 8
same "$(claim 001 Machine) $(claim 002 Machine) $(sort "$HOME/started" | tr '\n' ' ')" 'ada ada 001 002 003 '

# A machine that is lost with all that it has: the other goes on after a lease, from what was pushed.
kill_run ada
until_true '[ "$(claim 001 Machine)" = bob ]'
touch "$HOME/go-001" "$HOME/go-002" "$HOME/go-003"
ends_with bob 0
same "$(claims)" ''
for id in 001 002 003; do same "$(on_hub show "flow:$id.txt" | tail -1)" more; done
same "$(on_hub log --oneline --merges flow | wc -l)" 3

# What it had learns of it: its slots are emptied, and nothing more is to do.
cd "$scratch/ada"
run git plan sync
run git wave run -- "$HOME/work"
exits 0
same "$(claims)" ''
sound
