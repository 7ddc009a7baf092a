#!/bin/sh
# kill_at kills where it says, whom it says, and says when there was nothing to kill: kill_at_test.sh KILL_AT
set -eu
kill_at=$1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/kill-at-test.XXXXXX")
trap 'rm -rf "$scratch"' EXIT
trap 'exit 143' TERM INT HUP
cd "$scratch"

fail() {
  echo "kill_at_test: $*" >&2
  cat stderr >&2
  exit 1
}

# try EXPECTED-STATUS ARG…: runs kill_at. Both outputs are pipes, so that only changes in `d` count.
try() {
  expected=$1
  shift
  rm -rf d
  mkdir d
  { { "$kill_at" "$@" || echo "$?" >status; } 2>&1 >&3 | cat >stderr; } 3>&1 | cat >stdout
  status=0
  if [ -e status ]; then
    status=$(cat status)
    rm status
  fi
  [ "$status" = "$expected" ] || fail "exit $status, where $expected was expected, of: $*"
}

holds() { # what `d` holds
  actual=$(cd d && echo *)
  [ "$actual" = "$1" ] || fail "there is '$actual', where '$1' was expected"
}

# Five changes: create a, write a, rename a to b, and create and write c in a process of its own. Reading
# and writing to a pipe are none.
story='echo 1 >d/a; mv d/a d/b; cat d/b >/dev/null; (echo 2 >d/c); echo said'

try 0 --count -- sh -c "$story"
[ "$(cat stdout)" = 5 ] || fail "counted '$(cat stdout)' changes, not 5"

try 99 1 -- sh -c "$story"; holds '*'
try 99 2 -- sh -c "$story"; holds a; [ ! -s d/a ] || fail 'the write was let happen'
try 99 3 -- sh -c "$story"; holds a; [ -s d/a ] || fail 'the write was not let happen'
grep -q '^kill_at: killed before change 3: rename[a-z0-9]*(d/a, d/b)$' stderr || fail 'it does not say where'
try 99 4 -- sh -c "$story"; holds b
try 99 --whole-tree 5 -- sh -c "$story"; holds 'b c'; [ ! -s d/c ] || fail 'the write was let happen'
try 0 6 -- sh -c "$story"; holds 'b c'; [ -s d/c ] || fail 'it did not run to the end'

# A power cut takes those in the background too; --root-only leaves them.
behind='(sleep 0.2; echo late >d/late) & echo now >d/now; wait'
try 99 --whole-tree 1 -- sh -c "$behind"; sleep 0.4; holds '*'
try 99 --root-only --settle 1 -- sh -c "$behind"; holds late
try 99 --root-only 1 -- sh -c "$behind"
tries=0
until [ -s d/late ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 200 ] || fail 'the one in the background did not live on'
  sleep 0.05
done
holds late

# A stopped job stays stopped until it is continued; signals arrive.
try 0 --count -- sh -c '(kill -STOP $$; sleep 0.1; kill -CONT $$) & sleep 0.05; wait; echo 1 >d/a'
[ "$(cat stdout)" = 2 ] || fail 'stop and continue'
try 0 9 -- sh -c 'trap "echo 1 >d/trapped" TERM; kill -TERM $$'; holds trapped

# A full disk: nothing new fits; what is there can be moved and removed.
try 99 --disk-full 2 -- sh -c 'mkdir d/a; echo 1 >d/a/b || echo full; mkdir d/c || echo full; mv d/a d/e; exit 7'; holds e
grep -q '^kill_at: disk full before change 2: .*d/a/b.*; exit 7$' stderr || fail 'it does not say where'
[ "$(cat stdout)" = "$(printf 'full\nfull')" ] || fail "the command saw another disk: $(cat stdout)"
grep -q 'No space left on device' stderr || fail 'another error'
try 0 --disk-full 9 -- sh -c 'echo 1 >d/a'; holds a

try 98 9 -- sh -c 'exit 3'
try 127 1 -- ./no-such-program
try 64
try 64 0 -- true
try 64 --count 3 -- true
