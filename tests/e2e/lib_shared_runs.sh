# shellcheck shell=bash
# Words for stories of runs in several clones that share a plan: sourced after lib.sh.
session="session-20250102-030405"
declare -A run_of # process of the run in a clone

# share_between ADA BOB…: clones of one bare repository, with an empty plan that they share; leases of 6 s, looks
# each second. The story stands in the first one.
share_between() {
  git init -q --bare "$scratch/hub"
  new_repo "$1"
  git remote add origin "$scratch/hub"
  git push -q origin main
  git plan create "$session" -q >/dev/null
  git plan share -q >/dev/null
  local clone
  for clone in "${@:2}"; do
    git clone -q "$scratch/hub" "$scratch/$clone"
    git -C "$scratch/$clone" config plan.remote origin
  done
  for clone in "$@"; do
    git -C "$scratch/$clone" config plan.machine "$clone"
    git -C "$scratch/$clone" config wave.poll 1
    git -C "$scratch/$clone" config wave.lease 6
  done
  for clone in "${@:2}"; do (cd "$scratch/$clone" && git plan sync -q >/dev/null); done
}

add_tasks() {
  local title
  for title in "$@"; do git task add "$title" -q >/dev/null; done
}

on_hub() { git -C "$scratch/hub" "$@"; }
claims() { on_hub for-each-ref --format='%(refname:lstrip=4)' refs/git-plan/claims | tr '\n' ' '; }
# claim ID TRAILER
claim() { on_hub log -1 --format=%B "refs/git-plan/claims/$session/$1" | sed -n "s/^$2: //p"; }

# until_true 'COMMAND': at most 40 s.
until_true() {
  local _
  for _ in $(seq 400); do
    if eval "$1" 2>/dev/null; then return 0; fi
    sleep 0.1
  done
  fail "never true: $1"
}

# A worker ($HOME/work) that says which task it was started for, commits, and waits for $HOME/go-ID.
work_until_told() {
  cat >"$HOME/work" <<'WORK'
#!/bin/sh
echo "$GIT_TASK_ID" >>"$HOME/started"
echo "$GIT_TASK_ID" >"$GIT_TASK_ID.txt" && git add . && git commit -q -m Begun
until [ -e "$HOME/go-$GIT_TASK_ID" ]; do sleep 0.1; done
echo more >>"$GIT_TASK_ID.txt" && git commit -q -a -m Done
WORK
  chmod +x "$HOME/work"
  : >"$HOME/started"
}

# start_run CLONE ARGUMENT…: in the background; its events are in $state/CLONE.events.
start_run() {
  local clone=$1
  (cd "$scratch/$clone" && exec "$GITPLAN_BIN/git-wave" run --json=lines "${@:2}" -- "$HOME/work" \
    >"$state/$clone.events" 2>"$state/$clone.err") &
  run_of[$clone]=$!
}

# kill_run CLONE: all that works below it, as on a machine that is lost.
kill_run() {
  local id
  for id in $(find /proc/[0-9]* -maxdepth 1 -name cwd \( -lname "$scratch/$1" -o -lname "$scratch/$1/*" \) \
    -printf '%h\n' 2>/dev/null || true); do
    id=${id#/proc/}
    [[ $id == "$$" || $id == "$BASHPID" ]] || kill -KILL "$id" 2>/dev/null || true
  done
  wait "${run_of[$1]}" 2>/dev/null || true
}

# ends_with CLONE STATUS: waits for its run, at most a minute.
ends_with() {
  local status=0 _
  for _ in $(seq 600); do
    kill -0 "${run_of[$1]}" 2>/dev/null || break
    sleep 0.1
  done
  if kill -0 "${run_of[$1]}" 2>/dev/null; then
    cat "$state/$1.events" "$state/$1.err" >&2
    fail "the run in $1 does not end"
  fi
  wait "${run_of[$1]}" || status=$?
  [[ $status == "$2" ]] || {
    cat "$state/$1.events" "$state/$1.err" >&2
    fail "the run in $1 ends with $status"
  }
}

# Events of a clone's run that are called so.
events() { jq -c "select(.event == \"$2\")" <"$state/$1.events"; }

# The hub and all clones are whole.
sound() {
  local folder
  for folder in "$scratch"/*/; do
    [[ -e $folder/HEAD || -e $folder/.git ]] || continue
    same "$(git -C "$folder" fsck 2>&1 | grep -v dangling || true)" ''
  done
}
