#!/bin/bash
# TERM, as schedulers send it before a time limit: in 20 seconds at most the workers have ended, what was not committed
# is on the remote, too, and the claims are free: another machine goes on from the branches.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_shared_runs.sh"
as Ada
share_between ada bob
add_tasks One Two
cat >"$HOME/work" <<'WORK'
#!/bin/sh
trap '' TERM
if [ -e "$HOME/second" ]; then
  cat "$GIT_TASK_ID.txt" >>"$HOME/found"
  echo more >>"$GIT_TASK_ID.txt"
  exec git commit -q -a -m Done
fi
echo begun >"$GIT_TASK_ID.txt" && git add . && git commit -q -m Begun
echo unsaved >>"$GIT_TASK_ID.txt"
echo "$GIT_TASK_ID" >>"$HOME/started"
while :; do sleep 0.2; done
WORK
chmod +x "$HOME/work"
: >"$HOME/started"
start_run ada -j 2
until_true '[ "$(wc -l <"$HOME/started")" = 2 ]'
same "$(claims)" '001 002 '
began=$SECONDS
kill -TERM "${run_of[ada]}"
ends_with ada 143
expect test $((SECONDS - began)) -le 20
same "$(claims)" ''
same "$(on_hub show task/001-one:001.txt) $(on_hub show task/002-two:002.txt)" 'begun begun'
same "$(on_hub for-each-ref refs/git-plan/rescue/ada | wc -l)" 2
for ref in $(on_hub for-each-ref --format='%(refname)' refs/git-plan/rescue/ada); do
  same "$(on_hub show "$ref" | grep -c '^+unsaved$')" 1
done
no_processes

# Another machine goes on at once.
touch "$HOME/second"
: >"$HOME/found"
start_run bob -j 2
ends_with bob 0
same "$(tr '\n' ' ' <"$HOME/found")" 'begun begun '
same "$(claims)" ''
sound
