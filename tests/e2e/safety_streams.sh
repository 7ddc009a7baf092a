#!/bin/bash
# Standard streams that are closed or full: nothing of the repository is read or written in their place, and the exit
# status is what it would have been.
source "$(dirname "$0")/lib.sh"
new_repo
as Ada
run git plan create -q --request=Streams
for task in One Two Three Four; do run git task add -q "$task"; done
closed() { # in|out|err|all|full COMMAND…
  case $1 in
    in) run bash -c '"$@" <&-' _ "${@:2}" ;;
    out) run bash -c '"$@" >&-' _ "${@:2}" ;;
    err) run bash -c '"$@" 2>&-' _ "${@:2}" ;;
    all) run bash -c '"$@" <&- >&- 2>&-' _ "${@:2}" ;;
    full) run bash -c '"$@" 2>/dev/full' _ "${@:2}" ;;
  esac
}

for which in in out err all full; do
  closed $which git-plan show
  closed $which git-plan show --plan=nope
  exits 2
  closed $which git-plan nosuch
  exits 129
  closed $which git-plan list --json
done
closed in git-task start 1
prints_like '^001 '
closed out git-task start 2
expect git rev-parse -q --verify task/002-two
closed err git-task start 3
prints_like '^003 '
closed full git-wave start -j 9 4
prints_like '^004 '
closed all git-wave status
closed in git-plan edit -F - # an empty text
exits 128
fsck_clean

# What cannot be answered is an error.
for command in 'git plan show' 'git plan list --json' 'git plan --version' 'git plan -h'; do
  run bash -c "$command >/dev/full"
  exits 128
  complains_like 'cannot write to standard output: No space left on device'
done
