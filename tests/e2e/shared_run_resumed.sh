#!/bin/bash
# kill -9 of a run beside others: its own restart goes on at once with its own claims, and with its workers that live.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared_runs.sh"
as Ada
share_between ada bob
for clone in ada bob; do git -C "$scratch/$clone" config wave.lease 60; done
add_tasks One Two
work_until_told
start_run ada -j 2
until_true '[ "$(wc -l <"$HOME/started")" = 2 ]'
kill -KILL "${run_of[ada]}"
wait "${run_of[ada]}" || true
first=$(claim 001 Run)
began=$SECONDS
start_run ada -j 2
until_true '[ "$(claim 001 Run)" != "$first" ]'
touch "$HOME/go-001" "$HOME/go-002"
ends_with ada 0
expect test $((SECONDS - began)) -le 20
same "$(sort "$HOME/started" | tr '\n' ' ')" '001 002 '
same "$(claims)" ''

# All of its processes killed: it starts over in its worktrees, without a wait.
add_tasks Three
: >"$HOME/started"
start_run ada -j 1
until_true '[ "$(wc -l <"$HOME/started")" = 1 ]'
kill_run ada
began=$SECONDS
touch "$HOME/go-003"
start_run ada -j 1
ends_with ada 0
expect test $((SECONDS - began)) -le 20
same "$(claims)" ''

# A claim that was made by hand does not expire: a run that has nothing else ends, and names it.
add_tasks Four
(cd "$scratch/bob" && git plan sync -q >/dev/null && git task start 004 -q >/dev/null)
cd "$scratch/ada"
run git wave run -- "$HOME/work"
exits 1
prints_like '^004  in_progress: claimed by machine bob, worker 1, since '
sound
