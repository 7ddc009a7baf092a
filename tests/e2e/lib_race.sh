# shellcheck shell=bash
# shellcheck disable=SC2034,SC2154 # lib.sh and the stories share their variables
# Several commands at once, and commands that are killed.

spawned=()

# Starts a command beside the others; its output goes to $state/spawn.N.out and .err.
spawn() { # COMMAND…
  local n=${#spawned[@]}
  "$@" >"$state/spawn.$n.out" 2>"$state/spawn.$n.err" &
  spawned+=($!)
}

# Waits for all that were spawned; each must exit with STATUS, or one of the others given.
all_exit() { # STATUS…
  claims=$((claims + 1))
  local n spawn_status bad=0
  ((${#spawned[@]} > 0)) || fail "nothing was spawned"
  for n in "${!spawned[@]}"; do
    spawn_status=0
    wait "${spawned[n]}" || spawn_status=$?
    if [[ " $* " != *" $spawn_status "* ]]; then
      bad=$((bad + 1))
      show_file "spawned $n: exit $spawn_status, stdout" "$state/spawn.$n.out" >&2
      show_file "spawned $n: exit $spawn_status, stderr" "$state/spawn.$n.err" >&2
    fi
  done
  local count=${#spawned[@]}
  spawned=()
  no_sanitizer_report
  ((bad == 0)) || fail "$bad of $count spawned commands exited with other than: $*"
}

# Tries again and again, for 30 seconds (times patience), until the command succeeds.
wait_until() { # COMMAND…
  local end=$((SECONDS + 30 * ${GITPLAN_PATIENCE:-1}))
  until "$@" >/dev/null 2>&1; do
    ((SECONDS < end)) || fail "did not come true in time: ${*@Q}"
    sleep 0.05
  done
}

# Nothing that was started in the scratch folder is running any more.
no_processes() {
  claims=$((claims + 1))
  local left
  left=$(scratch_processes)
  [[ -z $left ]] || {
    ps -o pid,ppid,pgid,stat,args -p "${left//$'\n'/,}" >&2 || true
    fail "still running: ${left//$'\n'/ }"
  }
}

# kill_at, its exit status being that of the function. What the command prints goes through pipes: to a file it would be
# a change as well.
cut_short() { # MODE N COMMAND…
  local mode=$1 n=$2
  shift 2
  {
    {
      local cut=0
      kill_at "$mode" --settle "$n" -- "$@" 2>&1 >&3 || cut=$?
      echo "$cut" >"$state/cut"
    } | cat >"$err"
  } 3>&1 | cat >"$out"
  return "$(cat "$state/cut")"
}

# On a full disk a command did without what it wanted to write, or refused, in an orderly way.
refused_or_done() {
  if grep -q '^kill_at: .*; exit 0$' "$err"; then return; fi
  grep -q '^kill_at: .*; exit 128$' "$err" || fail "no orderly end on a full disk"
  grep -q '^error: ' "$err" || fail "no word of the full disk"
  [[ ! -s $out ]] || fail "an answer beside a failure"
}

# Kills a command before each of its changes to the file system in turn, each time in the repository as
# it is now, and calls VERIFY (a function, told the number) after each kill. --whole-tree kills like a
# power cut, --root-only leaves what the command started running; --disk-full kills nobody, but has no room
# left from that change on. Ends with the command run to its end, and the number of kills in $sweep_kills.
kill_sweep() { # --whole-tree|--root-only|--disk-full [--step N] VERIFY COMMAND…
  settle
  # Of two changes that follow each other one is cut as by a power cut, the other one as by a kill.
  local mode=$1 step=2 first=1 share=3
  shift
  [[ $mode != --root-only ]] || first=2
  [[ $mode != --disk-full ]] || step=3
  if [[ $1 == --step ]]; then
    step=$2
    shift 2
  fi
  # Of these every third is looked at (all of them by tests/bench/sweeps); under the sanitizers, ten times slower,
  # every eleventh.
  [[ ${GITPLAN_SANITIZE:-OFF} != ON ]] || share=11
  [[ ${GITPLAN_SWEEP:-} != all ]] || share=1
  step=$((step * share))
  local verify=$1 here=$PWD top n kill_status
  shift
  claims=$((claims + 1))
  top=$(dirname "$(common_folder)")
  rm -rf "$state/pristine"
  cp -a "$top" "$state/pristine"
  for ((n = first; ; n += step)); do
    kill_status=0
    cut_short "$mode" "$n" "$@" || kill_status=$?
    ran=(kill_at "$mode" --settle "$n" -- "$@") ran_at=$(story_line) ran_in=$PWD status=$kill_status
    no_sanitizer_report
    case $kill_status in
      99)
        [[ $mode != --disk-full ]] || refused_or_done
        grep '^kill_at: ' "$err" >"$state/killed"
        "$verify" "$n"
        ;;
      0) break ;;
      77) fail "ptrace is not permitted here: this test cannot be done" ;;
      *) fail "exit $kill_status of the command under kill_at" ;;
    esac
    settle
    cd /
    rm -rf "$top"
    cp -a "$state/pristine" "$top"
    cd "$here"
  done
  rm -f "$state/killed"
  ((n > first)) || fail "the command changes nothing: there was nothing to kill"
  sweep_kills=$(((n - first) / step))
}
