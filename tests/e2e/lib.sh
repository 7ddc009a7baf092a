# shellcheck shell=bash
# The words that stories are told in. A story is a bash script that begins with
#     source "$(dirname "$0")/lib.sh"
# and then says what people type and what they see:
#     new_repo
#     as Ada; at 2025-01-02T03:04:05Z
#     run git task start 003
#     exits 3
#     complains <<'END'
#     error: task '003' is not ready: waiting for 'AuthService.login' (task 002, in progress)
#     END
# Each story has a scratch folder of its own with its own HOME, removed at the end (kept, and named, with
# GITPLAN_KEEP=1). The first claim that does not hold ends it, and so does any other command that fails.
# A command run without an `exits` after it must exit 0. Sanitizer reports fail the story.
#
#   as, as_nobody, at                              who and when (this file)
#   run                                            what is typed (this file)
#   exits, fails, prints…, complains…, json…       what is seen (lib_claims.sh)
#   new_repo, commit_file, …_snapshot, same_…      repositories (lib_repo.sh)
#   spawn, all_exit, wait_until, kill_sweep        several at once, and kills (lib_race.sh)
set -Eeuo pipefail
umask 022

lib_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd -P)
story_name=$(basename "$0" .sh)

# --- the world of a story ------------------------------------------------------------------------

if [[ -z ${GITPLAN_BIN:-} ]]; then
  for GITPLAN_BIN in "$lib_folder"/../../build{/dev,/release,/asan,}; do
    [[ ! -x $GITPLAN_BIN/git-plan ]] || break
  done
fi
if [[ ! -x $GITPLAN_BIN/git-plan ]]; then
  echo "$story_name: no git-plan in '$GITPLAN_BIN': build it, or set GITPLAN_BIN" >&2
  exit 1
fi
GITPLAN_BIN=$(cd "$GITPLAN_BIN" && pwd -P)

# Stories of kills copy their repository hundreds of times: in memory, where there is some.
if [[ $story_name == kill_* && -z ${TMPDIR:-} && -d /dev/shm && -w /dev/shm ]]; then
  TMPDIR=/dev/shm
fi
scratch=$(cd "$(mktemp -d "${TMPDIR:-/tmp}/git-plan-story.XXXXXX")" && pwd -P)
state=$scratch/.story # what the harness itself keeps
mkdir -p "$state/sanitizer" "$scratch/home" "$scratch/tmp"
out=$state/stdout
err=$state/stderr
touch "$out" "$err"

for name in $(compgen -e | grep -E '^(GIT_|XDG_|LC_|LANGUAGE$|NO_COLOR$|CDPATH$|GREP_|TERM$)'); do
  unset "$name"
done
export PATH=$GITPLAN_BIN:$GITPLAN_BIN/tests/tools:$PATH
export HOME=$scratch/home TMPDIR=$scratch/tmp TZ=UTC LC_ALL=C.UTF-8
export GIT_CONFIG_NOSYSTEM=1 GIT_CEILING_DIRECTORIES=$scratch GIT_TERMINAL_PROMPT=0
export EDITOR=false PAGER=cat
# Leaks are looked for in the unit tests: it costs every short command, and cannot be done under ptrace.
export ASAN_OPTIONS=detect_leaks=0:exitcode=86:log_path=$state/sanitizer/report
export UBSAN_OPTIONS=exitcode=86:print_stacktrace=1
cat >"$HOME/.gitconfig" <<'END'
[user]
	name = Story Teller
	email = story@example.com
[init]
	defaultBranch = main
[gc]
	auto = 0
[maintenance]
	auto = false
[advice]
	detachedHead = false
END
cd "$scratch"

# --- failing -------------------------------------------------------------------------------------

# FILE:LINE of the story's line that is being played.
story_line() {
  local i
  [[ -z ${ending:-} ]] || { echo "$story_name: at the end" && return; }
  for ((i = 1; i < ${#BASH_SOURCE[@]}; i++)); do
    if [[ ${BASH_SOURCE[i]} != "$lib_folder"/lib*.sh && ${BASH_SOURCE[i]} != */e2e/lib*.sh ]]; then
      echo "$(basename "${BASH_SOURCE[i]}"):${BASH_LINENO[i - 1]}"
      return
    fi
  done
}

show_file() { # TITLE FILE
  [[ -s $2 ]] || return 0
  echo "--- $1"
  head -n 200 "$2" | cat -v
}

# Ends the story, also from a subshell.
fail() { # MESSAGE…
  trap - ERR
  [[ ! -e $state/failed ]] || exit 1 # told already, by a subshell
  touch "$state/failed"
  {
    echo "FAILED $(story_line): $*"
    if ((${#ran[@]} > 0)); then
      echo "--- run at $ran_at, in $ran_in: exit $status"
      echo "${ran[*]@Q}"
      show_file "its stdout" "$out"
      show_file "its stderr" "$err"
    fi
    show_file "after a kill" "$state/killed"
  } >&2
  exit 1
}

on_error() { # STATUS COMMAND
  fail "exit $1 of: $2"
}
trap 'on_error "$?" "$BASH_COMMAND"' ERR

# AddressSanitizer writes to its log_path; g++'s UndefinedBehaviorSanitizer only knows stderr.
no_sanitizer_report() {
  local reports=("$state"/sanitizer/report*) texts=("$err" "$state"/spawn.*.err "$state"/expect)
  if [[ -e ${reports[0]} ]]; then
    show_file "sanitizer report" "${reports[0]}" >&2
    fail "a sanitizer found something"
  fi
  if grep -Fqs ': runtime error: ' "${texts[@]}"; then
    grep -Fsh ': runtime error: ' "${texts[@]}" >&2 || true
    fail "a sanitizer found something"
  fi
}

# Ids of the processes whose current folder is in the scratch folder, but for the story itself.
scratch_processes() {
  local self=$BASHPID
  (
    cd / # so that these do not count
    { find /proc/[0-9]* -maxdepth 1 -name cwd -lname "$scratch*" 2>/dev/null || true; } |
      sed -e 's,^/proc/,,' -e 's,/cwd$,,' | grep -vx -e "$$" -e "$self" || true
  )
}

at_exit() {
  local exit_status=$?
  trap - EXIT ERR
  set +e
  cd "$scratch"
  ending=yes
  if ((exit_status == 0)); then
    (
      settle
      no_sanitizer_report
      ((claims > 0)) || fail "a story without a claim cannot fail"
    ) || exit_status=1
  fi
  [[ ! -e $state/failed ]] || exit_status=1
  local left
  for left in $(scratch_processes); do
    kill -KILL "$left" 2>/dev/null
  done
  if [[ -n ${GITPLAN_KEEP:-} ]]; then
    echo "kept: $scratch" >&2
  else
    cd /
    rm -rf "$scratch" 2>/dev/null || { chmod -R u+rwX "$scratch" && rm -rf "$scratch"; }
  fi
  exit "$exit_status"
}
trap at_exit EXIT
trap 'exit 143' TERM
trap 'exit 130' INT
trap 'exit 129' HUP

# --- who, when, what -----------------------------------------------------------------------------

# The author and committer from here on.
as() { # NAME
  local words=${1// /.}
  export GIT_AUTHOR_NAME=$1 GIT_COMMITTER_NAME=$1
  export GIT_AUTHOR_EMAIL=${words,,}@example.com GIT_COMMITTER_EMAIL=${words,,}@example.com
}

# Nobody: no identity in the environment nor in the global configuration, and none to be guessed.
as_nobody() {
  unset GIT_AUTHOR_NAME GIT_COMMITTER_NAME GIT_AUTHOR_EMAIL GIT_COMMITTER_EMAIL
  git config --global --remove-section user || true
  git config --global user.useConfigOnly true
}

# The time from here on, for git and for our programs.
at() { # TIME, as date(1) reads it
  local seconds
  seconds=$(date -d "$1" +%s)
  export GIT_AUTHOR_DATE="@$seconds +0000" GIT_COMMITTER_DATE="@$seconds +0000"
  export GIT_PLAN_TEST_DATE=$seconds
}

ran=()
ran_at='' ran_in=''
status=0
settled=yes # whether the exit status of the last `run` has been claimed
claims=0

# A command run without an `exits` after it must have exited 0.
settle() {
  [[ $settled == no ]] || return 0
  settled=yes
  ((status == 0)) || fail "exit $status of the command at $ran_at, where 0 was expected"
  claims=$((claims + 1))
}

# Runs a command and keeps its stdout, stderr and exit status for the claims that follow.
run() { # COMMAND…
  settle
  ran=("$@")
  ran_at=$(story_line)
  ran_in=$PWD
  status=0
  settled=no
  "$@" >"$out" 2>"$err" || status=$?
  no_sanitizer_report
}

source "$lib_folder/lib_claims.sh"
source "$lib_folder/lib_repo.sh"
source "$lib_folder/lib_race.sh"
