#!/bin/bash
# timeout: 120
# Runs and starts in a container and on its host, on one repository: none takes the other for dead. Process ids
# of one mean nothing to the other.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_run.sh"
as Ada

# As in a container: process ids of its own. A user who is not root gets them with a user namespace.
for contain in "unshare --pid --fork --kill-child --mount-proc" \
  "unshare --user --map-root-user --pid --fork --kill-child --mount-proc" ""; do
  # shellcheck disable=SC2086 # words
  if [[ -n $contain ]] && $contain true 2>/dev/null; then break; fi
done
if [[ -z $contain ]]; then
  echo "no process namespaces here: nothing was played"
  exit 0
fi
cat >"$HOME/work" <<'END'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/starts"
while [ ! -e "$HOME/go" ]; do sleep 0.05; done
"$MAKE"
END
chmod +x "$HOME/work"

# Two runs share the work and never a task.
new_repo
independent_plan 3
# shellcheck disable=SC2086 # words
$contain git-wave run -j 2 -- "$HOME/work" >"$state/first" 2>&1 &
wait_until bash -c '[[ $(wc -l <"$HOME/starts") == 2 ]]'
"$GITPLAN_BIN/git-wave" run -j 2 -- "$HOME/work" >"$state/second" 2>&1 &
wait_until bash -c '[[ $(wc -l <"$HOME/starts") == 3 ]]'
sleep 2 # the second one looks around every second
touch "$HOME/go"
wait
same "$(sort "$HOME/starts")" "001
002
003"
merged_once 001 002 003
leaves_nothing

# A container that was killed whole is dead: its task starts over at once.
new_repo killed
independent_plan 1
rm "$HOME/go" "$HOME/starts"
# shellcheck disable=SC2086 # words
$contain git-wave run -- "$HOME/work" >"$state/first" 2>&1 &
wait_until test -s "$HOME/starts"
pkill -KILL -f "unshare .*$HOME/work"
wait 2>/dev/null || true
touch "$HOME/go"
run git wave run -- "$HOME/work"
exits 0
same "$(cat "$HOME/starts")" "001
001"
merged_once 001
leaves_nothing

# A slot that is being made in a container is left to it.
new_repo starting
independent_plan 1
mkdir -p .git/hooks
printf '#!/bin/sh\ntouch "%s/in-hook"\nwhile [ ! -e "%s/go-on" ]; do sleep 0.05; done\n' "$scratch" "$scratch" \
  >.git/hooks/wave-post-create
chmod +x .git/hooks/wave-post-create
# shellcheck disable=SC2086 # words
$contain git-task start 001 >/dev/null 2>&1 &
wait_until test -e "$scratch/in-hook"
run git task start 001
exits 3
run git wave worker remove 1
exits 5
run git wave status --json
json '.workers[0].state' working
touch "$scratch/go-on"
wait
run git wave status --json
json '.workers[0].state' working
run git task start 001
exits 3
