#!/bin/bash
# A command that is killed while it saves what stands in a slot has deleted nothing: the next one saves all of it, also
# what only shortens or deletes files.
source "$(dirname "$0")/lib.sh"
source "$lib_folder/lib_seed.sh"
as Ada
at 2025-01-12T14:30:00Z
slot=.worktrees/worker-1

begin() { # NAME
  new_repo "$1"
  printf '*.slow filter=slow\n' >.gitattributes
  printf 'one\ntwo\n' >a.slow && printf 'one\ntwo\n' >short && echo gone >gone && echo mode >mode
  git add . && git commit -q -m Files && git branch other
  free_plan 1
  git task start 001 -q >/dev/null
  echo one >$slot/a.slow && echo one >$slot/short && rm $slot/gone && chmod +x $slot/mode
  cat >"$scratch/slow" <<END
#!/bin/sh
if [ -e $scratch/armed ]; then rm $scratch/armed; touch $scratch/hit; sleep 2; fi
cat
END
  chmod +x "$scratch/slow"
  git config filter.slow.clean "$scratch/slow"
  rm -f "$scratch/hit" && touch "$scratch/armed"
}
killed() { # COMMAND…    while git reads the first file for it
  "$@" >"$state/killed" 2>&1 &
  local process=$!
  wait_until test -e "$scratch/hit"
  kill -KILL $process
  wait $process 2>/dev/null || true
  sleep 2.2
}
is_saved() {
  local ref
  ref=$(git for-each-ref --format='%(refname)' refs/git-plan/rescue | head -n 1)
  same "$(git diff --raw --abbrev=1 "$ref^1" "$ref" | sed 's/\t/ /' | cut -d ' ' -f 1,2,5,6)" ":100644 100644 M a.slow
:100644 000000 D gone
:100644 100755 M mode
:100644 100644 M short"
  same "$(git show "$ref:short")" one
}
for first in 'git-wave worker remove 1' 'git-task reset 001' 'git-wave worker add 1 other'; do
  for second in 'git wave worker remove 1' 'git task start 001'; do
    begin "${first// /-}-${second// /-}"
    # shellcheck disable=SC2086 # words
    killed $first
    # shellcheck disable=SC2086 # words
    run $second
    is_saved
  done
done
